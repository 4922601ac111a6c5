from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.ids import new_public_id


class Hold(models.Model):
    """Somebody who meets the rule waits (暂缓), with a reason that an officer wrote; lifted, not deleted."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    version = models.ForeignKey("policy.ProgrammeVersion", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "subject_kind", "subject_id"],
                condition=Q(lifted_at__isnull=True),
                name="hold_one_open",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_says_why"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hold_lifted_whole",
            ),
        ]
