from __future__ import annotations

from django.conf import settings
from django.db import models

from niangjia.core.ids import new_public_id


class AnswerDay(models.Model):
    """The day by which the union answers those who meet a rule; the newest counts, the earlier ones stay on record."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    version = models.ForeignKey("policy.ProgrammeVersion", on_delete=models.PROTECT, related_name="+")
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
