from __future__ import annotations

from django.db import models
from django.db.models import Q

from niangjia.core.ids import new_public_id


class Sweep(models.Model):
    """One pass of a version over the registry, whole or for changed subjects only."""

    class Trigger(models.TextChoices):
        PUBLISH = "publish", "发布"
        NIGHTLY = "nightly", "每晚"
        FEED = "feed", "信息变动"
        HAND = "hand", "手动"

    version = models.ForeignKey("policy.ProgrammeVersion", on_delete=models.PROTECT, related_name="sweeps")
    today = models.DateField()
    trigger = models.CharField(max_length=8, choices=Trigger.choices)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # Subjects by outcome, persons, households and fen of the yes; and decisions written.
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["version", "id"])]


class Decision(models.Model):
    """What one version said about one subject, and on which facts: added, never changed.

    `body` is canonical JSON; each value of a fact stands in it sealed with the subject's own key,
    so that forgetting the key forgets the value and keeps the row.
    """

    class Outcome(models.TextChoices):
        YES = "yes", "符合"
        NO = "no", "不符合"
        UNKNOWN = "unknown", "待定"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    version = models.ForeignKey("policy.ProgrammeVersion", on_delete=models.PROTECT, related_name="decisions")
    subject_kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    union_id = models.BigIntegerField()
    decided_at = models.DateTimeField()
    as_of = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    # Unknown as proved, yes on what was stated (待核实).
    if_confirmed = models.BooleanField(default=False)
    # No, by one changeable step (差一点).
    near_miss = models.BooleanField(default=False)
    amount_fen = models.BigIntegerField(null=True, blank=True)
    # The key of "once per …" under which the entitlement is counted.
    per_key = models.CharField(max_length=80)
    # How many facts would have to be asked for, and the first of them.
    missing = models.PositiveSmallIntegerField(default=0)
    ask = models.CharField(max_length=80, blank=True, default="")
    body = models.TextField()
    digest = models.CharField(max_length=64)
    # Digest of what was decided and on what, without the day: equal means nothing has changed.
    fingerprint = models.CharField(max_length=64)
    semantics = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["version", "subject_kind", "subject_id", "id"])]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["yes", "no", "unknown"]), name="decision_outcome_known"),
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gte=0), name="decision_amount_not_negative"
            ),
        ]


class Standing(models.Model):
    """The decision that counts now, for every subject that is or was something other than a plain no."""

    class Tab(models.TextChoices):
        YES = "yes", "符合未办"
        ONE_MISSING = "one_missing", "差一项"
        CONFIRM = "confirm", "待核实"
        NEAR = "near", "差一点"
        NO_LONGER = "no_longer", "不再符合"
        MORE_MISSING = "more_missing", "差几项"
        NO = "no", "暂不符合"

    version = models.ForeignKey("policy.ProgrammeVersion", on_delete=models.PROTECT, related_name="standings")
    subject_kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    union_id = models.BigIntegerField()
    household_id = models.BigIntegerField(null=True, blank=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Decision.Outcome.choices)
    tab = models.CharField(max_length=12, choices=Tab.choices)
    ask = models.CharField(max_length=80, blank=True, default="")
    amount_fen = models.BigIntegerField(null=True, blank=True)
    per_key = models.CharField(max_length=80)
    # Nobody of this household was ever served by any programme (从未领过).
    first_time = models.BooleanField(default=True)
    # Was a yes at some time under this version: a later no is "no longer", not a plain one.
    was_yes = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    # The day on which the answer may change by itself (a birthday, a month completed, a proof gone stale).
    next_change_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["version", "tab", "union_id"]),
            models.Index(fields=["version", "tab", "ask"]),
            models.Index(fields=["subject_kind", "subject_id"]),
            models.Index(fields=["version", "next_change_on"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["version", "subject_kind", "subject_id"], name="standing_once"),
        ]
