from __future__ import annotations

from django.conf import settings
from django.db import models

from niangjia.core.ids import new_public_id


class StoredFile(models.Model):
    """One upload; its content lies sealed under the digest of its plain bytes, and is written once."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    purpose = models.CharField(max_length=40)
    # What the file belongs to: the room that keeps it decides who may open it.
    object_kind = models.CharField(max_length=30)
    union_id = models.BigIntegerField(null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["digest"])]
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="file_not_empty")]
