from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class Snapshot(models.Model):
    """One folder of pseudonymous facts that was written for work outside the database: why, by whom, until when.

    Its key is nowhere in the installation: whoever took it has the file.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    area = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    dies_at = models.DateTimeField()
    place = models.CharField(max_length=400)
    # Of the manifest, which names the digest of every file.
    digest = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    rows = models.JSONField(default=dict)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["removed_at", "dies_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="snapshot_says_why"),
            models.CheckConstraint(condition=Q(dies_at__gt=F("taken_at")), name="snapshot_dies"),
        ]
