from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.ids import new_public_id


class Standard(models.Model):
    """What a union holds its files to from a day on: grades, papers, questions, leaving, calls back.

    One edition is one row and never changes; `body` is canonical JSON that `visits.standards` reads.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    document_number = models.CharField(max_length=60)
    body = models.TextField()
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    adopted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["union", "valid_from"], name="standard_once_a_day"),
            models.CheckConstraint(condition=~Q(document_number=""), name="standard_has_document"),
        ]
