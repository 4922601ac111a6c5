from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


class Departure(models.Model):
    """A household left its file of difficulty (脱困) upon this visit: none leaves without one that is fresh.

    Days and months stand here as numbers, beside what was asked of them, so that the database can hold them apart.
    """

    file = models.OneToOneField("people.HardshipFile", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+")
    visit = models.OneToOneField("visits.HomeVisit", on_delete=models.PROTECT, related_name="+")
    exited_on = models.DateField()
    visit_age_days = models.PositiveIntegerField()
    most_age_days = models.PositiveIntegerField()
    better_months = models.PositiveIntegerField()
    least_months = models.PositiveIntegerField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(visit_age_days__lte=F("most_age_days")), name="departure_check_is_fresh"
            ),
            models.CheckConstraint(
                condition=Q(better_months__gte=F("least_months")), name="departure_not_by_a_good_month"
            ),
        ]


class FollowUp(models.Model):
    """A call back after leaving the file: due on a day, done once, with what came of it."""

    class Result(models.TextChoices):
        STEADY = "steady", "稳定"
        HELP = "help", "需要帮一把"
        BACK = "back", "又困难了"
        AWAY = "away", "没联系上"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+")
    departure = models.ForeignKey(Departure, on_delete=models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    result = models.CharField(max_length=8, choices=Result.choices, blank=True, default="")
    note = SealedTextField(blank=True, default="")
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["departure", "months"], name="follow_up_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, result="") | (Q(done_on__isnull=False) & ~Q(result="")),
                name="follow_up_done_with_a_result",
            ),
        ]


class CallTakenBack(models.Model):
    """A call back that was noted by mistake: what it said, and who took it back when and why. The call is due again."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="taken_back")
    done_on = models.DateField()
    result = models.CharField(max_length=8, choices=FollowUp.Result.choices)
    note = SealedTextField(blank=True, default="")
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="call_taken_back_says_why")]


class Grading(models.Model):
    """The grade of a file was decided: under which edition of the standard, upon which visit."""

    file = models.ForeignKey("people.HardshipFile", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey("visits.HomeVisit", on_delete=models.PROTECT, related_name="+")
    standard = models.ForeignKey("visits.Standard", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=8)
    decided_on = models.DateField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(grade__in=["deep", "relative", "sudden"]), name="grading_grade_known")
        ]
