from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id

MOST_IN_A_TASK = 100
MOST_IN_A_DAY = 300


class LookTask(models.Model):
    """One reason for a whole task: so many households, so long; each look is written down with it."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=100)
    most = models.PositiveSmallIntegerField()
    used = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(closed_at__isnull=True), name="look_task_one_open"),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=MOST_IN_A_TASK), name="look_task_most"),
            models.CheckConstraint(condition=Q(used__lte=F("most")), name="look_task_not_over"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("opened_at")), name="look_task_ends_after_start"),
            models.CheckConstraint(condition=~Q(reason=""), name="look_task_says_why"),
        ]


class LookTaskSubject(models.Model):
    """Who was looked at within a task: looking again at the same household uses up nothing."""

    task = models.ForeignKey(LookTask, on_delete=models.PROTECT, related_name="subjects")
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "subject_kind", "subject_id"], name="look_task_subject_once"),
        ]


class LookDay(models.Model):
    """How many sealed values one user opened on one day: nobody copies the county."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    used = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="look_day_once"),
            models.CheckConstraint(condition=Q(used__lte=MOST_IN_A_DAY), name="look_day_not_over"),
        ]
