"""Rosters: handing one in, saying what its columns mean, approving it, laying it aside, taking it back.

Nothing is read or entered here; that is the work of `roster_work`, in the background.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.files.services.store import store_roster
from niangjia.people.models import KnownHeading, RosterImport
from niangjia.people.rosters.headings import plain
from niangjia.people.rosters.kinds import roster_kinds

State = RosterImport.State
OPEN = (State.RECEIVED, State.COLUMNS, State.CHECKED)


class SourceMissing(Refusal):
    """A fact needs its source."""

    sentence = _("Please write which bureau answered, and with which paper: each fact is kept with its source.")


class NothingToEnter(Refusal):
    """No row changes anything."""

    sentence = _("No row of this table would change anything. Nothing is left to enter.")


class NotAtThisStep(Refusal):
    """Somebody was faster, or the page was old."""

    sentence = _("This roster has gone on meanwhile. Nothing was changed; here is how it stands now.")


class TrailForgotten(Refusal):
    """What its rows wrote is no longer known."""

    sentence = _(
        "This roster went in more than 90 days ago, and what its rows changed has been forgotten since. "
        "It cannot be taken back as a whole any more. Please correct the files of the people one by one."
    )


class NoSheetLeft(Refusal):
    """All sheets ticked."""

    sentence = _("All sheets are left out, so nothing would be read. Please keep one of them, or lay the roster aside.")


@transaction.atomic
def receive_roster(
    *, upload: UploadedFile[Any], kind: str, union_id: int, source: str, true_on: date, request_id: str,
    acting_user: User,
) -> RosterImport:  # fmt: skip
    """Keep a roster as it came; it is read and checked soon. Sent twice with one request id, it is one roster."""
    earlier = RosterImport.objects.filter(request_id=request_id, handed_in_by=acting_user).first()
    if earlier is not None:
        return earlier
    declared = roster_kinds.get(kind)
    require(acting_user, declared.right, union_id)
    if declared.needs_source and not source.strip():
        raise SourceMissing(field="source")
    file = store_roster(upload=upload, object_kind="roster", union_id=union_id, acting_user=acting_user)
    try:
        with transaction.atomic():
            roster = RosterImport.objects.create(
                union_id=union_id, kind=kind, file=file, file_name=(upload.name or "")[:120],
                source=source.strip()[:80] or str(declared.title), true_on=true_on, request_id=request_id,
                handed_in_by=acting_user, handed_in_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise NotFoundHere from None  # somebody else's request id is a stranger's
    _tell("receive", roster, acting_user, {"kind": kind, "file": file.digest, "source": source.strip()})
    return roster


@transaction.atomic
def say_columns(
    *, public_id: str, meanings: Mapping[str, str], left_out: Sequence[str] = (), acting_user: User
) -> RosterImport:
    """Say what headings mean (empty leaves one out) and which sheets are none of it; the rows are checked anew.

    What a heading means is remembered for the next table, a sheet is left out of this one.
    """
    roster = _locked(public_id, acting_user)
    columns = roster_kinds.get(roster.kind).all_columns()
    if any(code and code not in columns for code in meanings.values()):
        raise NotFoundHere
    _refuse_no_sheet(roster, left_out)
    for heading, code in meanings.items():
        KnownHeading.objects.update_or_create(
            union_id=roster.union_id, kind=roster.kind, heading=plain(heading), defaults={"column": code}
        )
    _go_on(roster, (State.COLUMNS, State.CHECKED), State.RECEIVED, rows_read=0, fault="", held_until=0,
           layout={"left_out": list(left_out)})  # fmt: skip
    told = {plain(name): code for name, code in meanings.items()}
    _tell("columns", roster, acting_user, {"columns": told, "sheets_left_out": len(left_out)})
    return roster


def _refuse_no_sheet(roster: RosterImport, left_out: Sequence[str]) -> None:
    there = {sheet["sheet"] for sheet in roster.layout.get("sheets", ())} | set(roster.layout.get("left_out", ()))
    if left_out and there <= set(left_out):
        raise NoSheetLeft


@transaction.atomic
def approve_roster(*, public_id: str, acting_user: User) -> RosterImport:
    """Approve what the preview showed; it is entered soon, all of it or nothing."""
    roster = _locked(public_id, acting_user)
    if roster.state == State.CHECKED and not (roster.counts.get("new") or roster.counts.get("changed")):
        raise NothingToEnter
    roster_kinds.get(roster.kind).ready(roster)
    _go_on(roster, (State.CHECKED,), State.APPROVED, approved_by=acting_user, approved_at=clock.now(), fault="")
    _tell("approve", roster, acting_user, {"counts": roster.counts})
    return roster


@transaction.atomic
def drop_roster(*, public_id: str, acting_user: User) -> RosterImport:
    """Lay a roster aside; what was read of it is forgotten, the file stays."""
    roster = _locked(public_id, acting_user)
    _go_on(roster, OPEN, State.DROPPED)
    roster.blocks.all().delete()
    _tell("drop", roster, acting_user, {})
    return roster


@transaction.atomic
def look_before_undo(*, public_id: str, acting_user: User) -> RosterImport:
    """Ask what taking a roster back would do: how many rows go, which stay and why. Nothing is taken back."""
    roster = _locked(public_id, acting_user)
    _refuse_forgotten(roster)
    # Nobody's name stands beside it: nobody takes it back.
    _go_on(roster, (State.DONE,), State.UNDOING, undone_by=None)
    _tell("foresee", roster, acting_user, {})
    return roster


@transaction.atomic
def undo_roster(*, public_id: str, acting_user: User) -> RosterImport:
    """Ask that a roster be taken back; rows that somebody edited since stay as they are, and are listed."""
    roster = _locked(public_id, acting_user)
    _refuse_forgotten(roster)
    _go_on(roster, (State.DONE,), State.UNDOING, undone_by=acting_user, fault="")
    _tell("undo", roster, acting_user, {})
    return roster


def _refuse_forgotten(roster: RosterImport) -> None:
    if roster.state == State.DONE and not roster.deeds.exists():
        raise TrailForgotten


def _locked(public_id: str, acting_user: User) -> RosterImport:
    roster = RosterImport.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if roster is None:
        raise NotFoundHere
    require(acting_user, roster_kinds.get(roster.kind).right, roster.union_id)
    return roster


def _go_on(roster: RosterImport, allowed: tuple[str, ...], state: str, **fields: Any) -> None:
    # One statement on the old state: of two buttons pressed at once one finds it gone.
    if not RosterImport.objects.filter(pk=roster.pk, state__in=allowed).update(state=state, **fields):
        raise NotAtThisStep
    roster.state = state


def _tell(verb: str, roster: RosterImport, acting_user: User, after: Mapping[str, Any]) -> None:
    audit.record(
        f"people.roster:{verb}", acting_user=acting_user, object_kind="roster", object_id=roster.pk,
        union_id=roster.union_id, after={"roster": roster.public_id, **after},
    )  # fmt: skip
