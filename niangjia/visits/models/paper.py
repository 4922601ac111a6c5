from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.ids import new_public_id


class Paper(models.Model):
    """A paper of a household as it was handed in; a newer one of its kind stands over it, none is changed."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    dated_on = models.DateField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    # Sent twice, it is one paper.
    request_id = models.CharField(max_length=40, unique=True)

    class Meta:
        indexes = [models.Index(fields=["household", "kind"])]
        constraints = [models.CheckConstraint(condition=~Q(kind=""), name="paper_has_kind")]
