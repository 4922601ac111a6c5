"""Forgetting rosters: their rows after ninety days, the tables themselves with what was not entered. System act."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from niangjia.core import clock
from niangjia.federation.services import audit
from niangjia.files.services.ownership import forget_files
from niangjia.people.models import RosterBlock, RosterDeed, RosterImport

State = RosterImport.State
KEEP_DAYS = 90  # as the inventory promises; a roster can be taken back as long
KEEP_TABLE_DAYS = 3_652  # ten years: a table that was entered proves what stands in the files of the people
TOO_OLD = "too_old"


@transaction.atomic
def forget_old_rows() -> str:
    """Forget the rows of rosters settled long ago: what was entered stands in the files of the people. System act.

    A roster nobody approved is laid aside first, where everybody sees it: without its rows there is nothing to approve.
    The table of one that was not entered, or was taken back, goes with its rows.
    """
    before = clock.now() - timedelta(days=KEEP_DAYS)
    _lay_aside(before)
    old = Q(state=State.DONE, done_at__lt=before) | Q(state=State.UNDONE, undone_at__lt=before)
    old |= Q(state__in=(State.DROPPED, State.UNREADABLE), handed_in_at__lt=before)
    # Held, so that nobody asks to take one back between the look and the deletion.
    settled = list(RosterImport.objects.select_for_update().filter(old).order_by("pk").values_list("pk", flat=True))
    blocks, _ = RosterBlock.objects.filter(roster_id__in=settled).delete()
    deeds, _ = RosterDeed.objects.filter(roster_id__in=settled).delete()
    return f"{blocks + deeds} blocks of rows and {_forget_tables(settled)} tables forgotten"


def _lay_aside(before: datetime) -> None:
    waiting = RosterImport.objects.filter(state__in=(State.COLUMNS, State.CHECKED), handed_in_at__lt=before)
    for roster in waiting.select_for_update().order_by("pk"):
        RosterImport.objects.filter(pk=roster.pk).update(state=State.DROPPED, fault=TOO_OLD)
        audit.record(
            "people.roster:drop", acting_user=None, object_kind="roster", object_id=roster.pk,
            union_id=roster.union_id, after={"roster": roster.public_id, "fault": TOO_OLD},
        )  # fmt: skip


def _forget_tables(settled: list[int]) -> int:
    of_settled = Q(pk__in=settled, state__in=(State.DROPPED, State.UNREADABLE, State.UNDONE))
    old = Q(state=State.DONE, done_at__lt=clock.now() - timedelta(days=KEEP_TABLE_DAYS))
    rosters = RosterImport.objects.filter(of_settled | old, file__isnull=False).select_for_update(of=("self",))
    found = dict(rosters.order_by("pk").values_list("pk", "file_id"))
    RosterImport.objects.filter(pk__in=found).update(file=None)
    return forget_files([pk for pk in found.values() if pk is not None])
