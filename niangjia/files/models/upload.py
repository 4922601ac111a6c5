from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class Upload(models.Model):
    """A file on its way in parts: so much of it is here, and goes on from there after a broken connection."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The sender's own key: begun twice, it is one upload.
    key = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="upload_once"),
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="upload_not_over_its_size"),
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_not_empty"),
        ]
