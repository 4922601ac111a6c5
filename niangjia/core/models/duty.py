from __future__ import annotations

from django.db import models


class DutyRun(models.Model):
    """One run of a periodic duty; the row is written before the run, so that only one ticker runs it."""

    name = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "due_at"], name="duty_run_once"),
        ]
