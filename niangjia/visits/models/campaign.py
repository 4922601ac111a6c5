from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class Campaign(models.Model):
    """A re-check (回头看) of all files of an area: its list is fixed when it begins."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    document_number = models.CharField(max_length=60)
    starts_on = models.DateField()
    due_on = models.DateField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("starts_on")), name="campaign_dates_in_order"),
            models.CheckConstraint(condition=~Q(title=""), name="campaign_has_title"),
        ]


class CampaignFile(models.Model):
    """One file of a campaign's list; it is done with the visit that looked at it again."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="files")
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("people.HardshipFile", on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(
        "visits.HomeVisit", null=True, blank=True, on_delete=models.PROTECT, related_name="campaign_files"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "file"], name="campaign_file_once")]
