from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class RecordedFact(models.Model):
    """One thing known of one subject: value, when it was true, when and by whom recorded, with what proof.

    Rows are never changed: a newer row stands over an older one. `value` is canonical JSON
    of the fact's registered type; null says "asked, and the answer is not known".
    A row recorded by mistake is withdrawn, once and for good: from that day on it is not known, and on the days
    before it was. Who reads rows asks `people.recorded`, which leaves it out.
    """

    subject_kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    union_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    true_on = models.DateField()
    proof = models.PositiveSmallIntegerField()
    source_zh = models.CharField(max_length=80)
    source_en = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    statement = models.ForeignKey(
        "people.Statement", null=True, blank=True, on_delete=models.PROTECT, related_name="facts"
    )

    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "code", "id"]),
            models.Index(fields=["code", "id"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(proof__gte=1, proof__lte=5), name="fact_proof_in_range"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("recorded_at")),
                name="fact_withdrawn_after_it_was_recorded",
            ),
        ]


class Statement(models.Model):
    """What a person says of himself or his household, with a photograph where one is asked for."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    subject_kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    union_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    evidence = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()
    # The request's own key: sent twice, it is one statement.
    request_id = models.CharField(max_length=40, unique=True)


class Verification(models.Model):
    """An officer's answer to a statement: confirmed against the paper, or returned with one sentence."""

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", "确认"
        RETURNED = "returned", "退回"

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="verification")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    note = models.CharField(max_length=200, blank=True, default="")
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(verdict="returned") | ~Q(note=""), name="verification_return_says_why"),
            models.CheckConstraint(
                condition=Q(verdict__in=["confirmed", "returned"]), name="verification_verdict_known"
            ),
        ]


class Coverage(models.Model):
    """This register was complete for this union on this date: only then does no row mean no."""

    register = models.CharField(max_length=40)
    union_id = models.BigIntegerField()
    complete_on = models.DateField()
    source = models.CharField(max_length=80)
    # Before it was kept who says so, and when, these are empty; a system act has nobody.
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    evidence = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "union_id", "complete_on"], name="coverage_once"),
        ]
