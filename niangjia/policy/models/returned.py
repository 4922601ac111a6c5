from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ReturnedRequest(models.Model):
    """A request for confirmation that the second person sent back with one sentence."""

    version = models.ForeignKey("policy.ProgrammeVersion", on_delete=models.PROTECT, related_name="returns")
    note = models.CharField(max_length=300)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="return_says_why")]
