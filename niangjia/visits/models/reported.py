from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ReportedFigure(models.Model):
    """A figure somebody published or reported: never without its unit, its own cut-off date and its source."""

    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=60)
    value = models.BigIntegerField()
    unit = models.CharField(max_length=10)
    as_of = models.CharField(max_length=30)  # as its source says: a year, a day
    cut_off_on = models.DateField()
    source = models.CharField(max_length=120)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["union", "label", "cut_off_on"], name="reported_once_a_day"),
            models.CheckConstraint(condition=~Q(unit="") & ~Q(source="") & ~Q(label=""), name="reported_says_what"),
            models.CheckConstraint(condition=Q(value__gte=0), name="reported_not_negative"),
        ]
