from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.ids import new_public_id


class TreeChange(models.Model):
    """A change of the tree that somebody proposed: a second person confirms it, then it is done, from its day on."""

    class Kind(models.TextChoices):
        FOUND = "found", "新设"
        MOVE = "move", "改隶"
        MERGE = "merge", "并入"
        SPLIT = "split", "分设"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    hierarchy = models.CharField(max_length=10, default="place")
    # The unit that moves, is merged or is split; for a new one, the unit it is founded under.
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    # Where it moves to, or what it becomes part of.
    target = models.ForeignKey("federation.Union", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    document = models.CharField(max_length=60)
    details = models.TextField(blank=True, default="")  # canonical JSON: the new unit, and the units it takes along
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="tree_change_is_whole",
                condition=Q(kind__in=["move", "merge"], target__isnull=False)
                | (Q(kind__in=["found", "split"], target__isnull=True) & ~Q(details="")),
            ),
            models.CheckConstraint(condition=~Q(target=F("union")), name="tree_change_not_to_itself"),
            models.CheckConstraint(condition=~Q(document=""), name="tree_change_has_a_document"),
        ]
