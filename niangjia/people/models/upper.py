from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class UpperRecord(models.Model):
    """A household as it stands in an upper system: seen in its export, or marked as typed in by an officer."""

    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="upper_records")
    system = models.CharField(max_length=20)
    seen_on = models.DateField(null=True, blank=True)
    differs = models.JSONField(default=list)  # codes of the fields that say something else there, never their values
    # What stood here when the export was read, and when the household was marked: a keyed mark for each field, never
    # its value. A field whose mark is another today has changed here since; without marks nobody can say.
    seen_marks = models.JSONField(default=dict)
    marked_on = models.DateField(null=True, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    marked_marks = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household", "system"], name="upper_record_once"),
            models.CheckConstraint(
                condition=Q(seen_on__isnull=False) | Q(marked_on__isnull=False), name="upper_record_of_a_day"
            ),
            models.CheckConstraint(
                condition=Q(marked_on__isnull=True, marked_by__isnull=True)
                | Q(marked_on__isnull=False, marked_by__isnull=False),
                name="upper_record_marked_by_somebody",
            ),
        ]
