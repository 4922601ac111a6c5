from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from niangjia.core.fields import SealedTextField
from niangjia.core.ids import new_public_id


class RosterImport(models.Model):
    """One roster handed in: the file as it came, what was found in it, and what became of it.

    `received` and `approved` and `undoing` wait for the worker, the others for an officer, or for nobody.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "待核对"
        COLUMNS = "columns", "认列"
        CHECKED = "checked", "待确认"
        APPROVED = "approved", "待录入"
        DONE = "done", "已录入"
        UNREADABLE = "unreadable", "读不了"
        DROPPED = "dropped", "已搁置"
        UNDOING = "undoing", "撤回中"
        UNDONE = "undone", "已撤回"

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    # None once it is forgotten: what nobody entered goes soon, what was entered after ten years.
    file = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # As the sender called it: for recognising it on a page, never a path.
    file_name = SealedTextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    # What the officer said about the whole file: where it comes from, the day it was true.
    source = models.CharField(max_length=80, blank=True, default="")
    true_on = models.DateField()
    # Sheets with their headings, and which column each heading was taken for.
    layout = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    fault = models.CharField(max_length=30, blank=True, default="")
    rows_read = models.PositiveIntegerField(default=0)
    # Until when a worker holds it, in seconds of the machine's clock (a demo stage's clock stands still).
    held_until = models.BigIntegerField(default=0)
    request_id = models.CharField(max_length=40, unique=True)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    # The audit trail's end when the rows were in: what was done to them later stands behind it.
    audit_mark = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["union", "-id"]), models.Index(fields=["state"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "done", "undoing", "undone"]) | Q(approved_by__isnull=False),
                name="roster_approved_by_somebody",
            ),
        ]


class RosterBlock(models.Model):
    """At most `ROWS_PER_BLOCK` rows of one verdict, in their order: what one page of the preview shows.

    The rows are JSON, sealed as a whole: cells of a roster are identity numbers and telephones.
    """

    roster = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="blocks")
    verdict = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    rows = SealedTextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roster", "verdict", "number"], name="roster_block_once"),
        ]


class RosterDeed(models.Model):
    """What the rows of one stretch wrote, each with what stood there before: how an import is taken back."""

    roster = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="deeds")
    number = models.PositiveIntegerField()
    rows = SealedTextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roster", "number"], name="roster_deed_once"),
        ]


class KnownHeading(models.Model):
    """A heading as a union's tables have it, and the column an officer said it is; empty leaves it out."""

    union = models.ForeignKey("federation.Union", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    heading = models.CharField(max_length=80)
    column = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["union", "kind", "heading"], name="heading_known_once"),
        ]
