from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class CrossCheck(models.Model):
    """A batch for another bureau (比对): which facts it is asked about whom, when it was sent, when it is due.

    It is drafted, then sent; whether it is back or settled is told by the tables of its results. One that no bureau
    answers is closed by somebody who says why.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    bureau = models.CharField(max_length=20)
    subject = models.CharField(max_length=10)  # household | person: what each row is about
    facts = models.JSONField(default=list)  # keys of registered facts, all of that subject
    title = models.CharField(max_length=120)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    letter = models.CharField(max_length=60, blank=True, default="")
    # Of the file as it first left; the same rows give the same file.
    file_digest = models.CharField(max_length=64, blank=True, default="")
    dropped_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_why = models.CharField(max_length=200, blank=True, default="")
    request_id = models.CharField(max_length=40, unique=True)

    class Meta:
        indexes = [models.Index(fields=["union", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True, due_on__isnull=True, sent_by__isnull=True)
                | Q(sent_on__isnull=False, due_on__isnull=False, due_on__gte=F("sent_on"), sent_by__isnull=False),
                name="cross_check_sent_whole",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True) | Q(sent_on__isnull=True), name="cross_check_sent_stays"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closed_why="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False, sent_on__isnull=False) & ~Q(closed_why="")),
                name="cross_check_closed_whole",
            ),
            models.CheckConstraint(condition=Q(subject__in=["household", "person"]), name="cross_check_subject_known"),
        ]


class CrossCheckSubject(models.Model):
    """Somebody the bureau is to be asked about; `sent` says that the number went into the file."""

    check_batch = models.ForeignKey(CrossCheck, on_delete=models.CASCADE, related_name="subjects")
    # Whose number stands in the row: the person, or the head of the household.
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="cross_checks")
    household = models.ForeignKey(
        "people.Household", null=True, blank=True, on_delete=models.PROTECT, related_name="cross_checks"
    )
    sent = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_batch", "person"], name="cross_check_person_once"),
        ]


class CrossCheckResult(models.Model):
    """A table that came back, as the roster it was read as."""

    check_batch = models.ForeignKey(CrossCheck, on_delete=models.PROTECT, related_name="results")
    roster = models.OneToOneField("people.RosterImport", on_delete=models.PROTECT, related_name="cross_check")


class CrossCheckChoice(models.Model):
    """What an officer decided about a row of the results that says otherwise than the file."""

    class Choice(models.TextChoices):
        TAKE = "take", "采用比对值"
        KEEP = "keep", "暂不采用"
        VISIT = "visit", "转入户"

    result = models.ForeignKey(CrossCheckResult, on_delete=models.CASCADE, related_name="choices")
    number = models.PositiveIntegerField()  # of the row in the table
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=5, choices=Choice.choices)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["result", "number"], name="cross_check_choice_once"),
            models.CheckConstraint(condition=Q(choice__in=["take", "keep", "visit"]), name="cross_check_choice_known"),
        ]
