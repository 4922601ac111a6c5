from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


class HomeVisit(models.Model):
    """Somebody of the union was at a household's table: why, when, what was found of its hardship."""

    class Purpose(models.TextChoices):
        SURVEY = "survey", "入户调查"
        RECHECK = "recheck", "回头看"
        REVIEW = "review", "退出前复核"
        RETURN = "return", "定期回访"

    class Verdict(models.TextChoices):
        OPEN = "open", "没有下结论"
        STILL = "still", "仍然困难"
        BETTER = "better", "已经好转"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    visited_on = models.DateField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices, default=Verdict.OPEN)
    # Since when it has been better: leaving the file takes more than one good month.
    better_since = models.DateField(null=True, blank=True)
    note = SealedTextField(blank=True, default="")
    # Where it was recorded, when the officer pressed for it: degrees north, degrees east, metres around.
    place = SealedTextField(blank=True, default="")
    standard = models.ForeignKey(
        "visits.Standard", null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    request_id = models.CharField(max_length=40, unique=True)

    class Meta:
        indexes = [models.Index(fields=["household", "visited_on"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict="better") | Q(better_since__isnull=False), name="visit_better_says_since"
            ),
            models.CheckConstraint(
                condition=Q(better_since__isnull=True) | Q(better_since__lte=models.F("visited_on")),
                name="visit_better_before_it",
            ),
        ]


class VisitAnswer(models.Model):
    """An answer given at the table: the fact that was recorded from it."""

    visit = models.ForeignKey(HomeVisit, on_delete=models.PROTECT, related_name="answers")
    subject_kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    fact = models.OneToOneField("people.RecordedFact", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "subject_kind", "subject_id", "code"], name="visit_answer_once"),
        ]


class VisitPhoto(models.Model):
    """A photograph taken at the visit: private, each look at it is written down."""

    visit = models.ForeignKey(HomeVisit, on_delete=models.PROTECT, related_name="photos")
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")


class Forgetting(models.Model):
    """What is being forgotten in this moment, so that the database lets go of it: empty between two acts."""

    kind = models.CharField(max_length=10)  # person | household
    number = models.BigIntegerField()
