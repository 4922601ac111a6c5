from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class Approval(models.Model):
    """One person asks, another decides; what is decided on is named by kind, id and digest."""

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", "与文件一致"
        RETURNED = "returned", "退回"
        WITHDRAWN = "withdrawn", "撤回"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="approval_by_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="approval_decided_whole",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, verdict="")
                | Q(decided_by__isnull=False, decided_at__isnull=False, verdict__in=["confirmed", "returned"])
                # Taken back by who asked: nobody decided.
                | Q(decided_by__isnull=True, decided_at__isnull=False, verdict="withdrawn"),
            ),
            models.UniqueConstraint(
                fields=["kind", "object_id"], condition=Q(decided_at__isnull=True), name="approval_one_open"
            ),
        ]
