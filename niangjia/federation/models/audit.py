from __future__ import annotations

from django.conf import settings
from django.db import models


class AuditRow(models.Model):
    """What was done or looked at, by whom, to what: written in the act's own transaction, never changed."""

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    union_id = models.BigIntegerField(null=True, blank=True)
    # Canonical JSON. Personal values stand in it sealed with the person's own key, so that
    # forgetting the key forgets the values and keeps the chain.
    before = models.TextField(blank=True, default="")
    after = models.TextField(blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id", "id"]),
            models.Index(fields=["actor", "id"]),
        ]


class AuditSeal(models.Model):
    """One link of the chain: gives a row its place (`chain_no`) and binds it to all rows before.

    Rows are sealed after commit, in one order, by one task: that order is the change feed.
    """

    chain_no = models.BigIntegerField(primary_key=True)
    row = models.OneToOneField(AuditRow, on_delete=models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64)


class AuditWaiting(models.Model):
    """A row that waits for its place in the chain: the database itself adds it with the row and takes it with the seal.

    Rows are committed in another order than they are numbered, so that no number says up to where all are sealed.
    """

    row_id = models.BigIntegerField(primary_key=True)


class ChainWalk(models.Model):
    """One walk along the chain that somebody asked for by page: how far it is, and what it found."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    noted = models.CharField(max_length=90, blank=True, default="")  # a head noted earlier, place:digest
    until = models.BigIntegerField()  # the last place when it began
    place = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True, blank=True)
    broken_at = models.BigIntegerField(null=True, blank=True)
    broken_how = models.CharField(max_length=10, blank=True, default="")

    @property
    def head_note(self) -> str:
        """Where the walk stands, as a head is noted outside."""
        return f"{self.place}:{self.digest}"


class FeedMark(models.Model):
    """How far one reader of the change feed has read."""

    reader = models.CharField(max_length=40, primary_key=True)
    chain_no = models.BigIntegerField(default=0)
