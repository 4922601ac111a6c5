from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


class SuspectedPair(models.Model):
    """Two files that may be of one person (疑似同一人), and what an officer said when they are not.

    It goes with either file: it says nothing of its own about anybody.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    # The older file first, so that a pair is one row whichever way round it is found.
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    # By which likenesses it was found: codes of `likeness.SIGNS`, with commas between.
    signs = models.CharField(max_length=120)
    found_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True, default="")
    told_apart_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    told_apart_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "other"], name="pair_once"),
            models.CheckConstraint(condition=Q(person__lt=F("other")), name="pair_older_first"),
            models.CheckConstraint(
                condition=Q(told_apart_at__isnull=True, told_apart_by__isnull=True, reason="")
                | (Q(told_apart_at__isnull=False, told_apart_by__isnull=False) & ~Q(reason="")),
                name="pair_told_apart_whole",
            ),
        ]
        indexes = [models.Index(fields=["told_apart_at", "id"])]


class PersonMerge(models.Model):
    """Two files made one: what left, what moved, and everything it takes to part them again exactly."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    survivor = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    absorbed_id = models.BigIntegerField()
    # The address of the file that left leads to the one that stayed.
    absorbed_public_id = models.CharField(max_length=20, db_index=True)
    # The rows as they stood, and each pointer that moved: JSON.
    kept = SealedTextField()
    reason = models.CharField(max_length=200)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed_id"], condition=Q(undone_at__isnull=True), name="merge_once_while_it_stands"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_says_why"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undo_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason="")),
                name="merge_undone_whole",
            ),
        ]
