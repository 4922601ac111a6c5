"""The work behind a roster: reading and checking it, entering it, taking it back. System act.

Each step is done by whoever finds it waiting, and survives a restart: checking begins again from the
file, entering and taking back are one transaction each.
"""

from __future__ import annotations

import heapq
import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import IntegrityError, OperationalError, transaction

from niangjia.core import clock
from niangjia.federation.services import audit
from niangjia.files.sheets import SheetRefused, SheetRow, SheetRows, sheet_rows
from niangjia.people.models import KnownHeading, RosterBlock, RosterDeed, RosterImport
from niangjia.people.oneself import own_files
from niangjia.people.rosters import elsewhere
from niangjia.people.rosters.elsewhere import Elsewhere
from niangjia.people.rosters.frame import frame_of, in_chunks
from niangjia.people.rosters.headings import SEARCHED_LINES, Headings, SheetLayout
from niangjia.people.rosters.judging import CHANGED, NEW, VERDICTS, Frame, Judge, Row, RowReader
from niangjia.people.rosters.kept import kept_row, row_from
from niangjia.people.rosters.kinds import RosterKind, roster_kinds
from niangjia.people.rosters.parts import judge_of
from niangjia.people.rosters.seen import SEEN, SINCE, Seen, still_says
from niangjia.people.rosters.underway import underway
from niangjia.people.services.pairs import note_pairs
from niangjia.people.services.roster_pen import Pen
from niangjia.people.services.roster_undo import ChangedSinceLook, Outlook, list_kept, look_ahead, take_back

logger = logging.getLogger(__name__)
State = RosterImport.State
WAITING = (State.RECEIVED, State.APPROVED, State.UNDOING)
ROWS_PER_BLOCK = 50
CHUNK = 500
HOLD_SECONDS = 60  # longer than reading a file may take
PATIENCE_SECONDS = 5
# Where a roster stands again when a step of it broke.
_BACK = {State.RECEIVED: State.UNREADABLE, State.APPROVED: State.CHECKED, State.UNDOING: State.DONE}
RIGHT_GONE, NO_HEADINGS, CHANGED_SINCE, BROKEN = "right_gone", "no_headings", "changed_since", "work_failed"
LOOK_AGAIN = "look_again"

TOLD = "people.roster:elsewhere"


class _ChangedSince(Exception):
    """The registry is no longer what the preview was judged against."""


class _NoLongerOurs(Exception):
    """The roster was laid aside, or another worker took it over."""


def work_rosters() -> int:
    """Do everything that waits, oldest first; returns how many steps were done. System act."""
    done = 0
    while (roster := _take()) is not None:
        try:
            {State.RECEIVED: check, State.APPROVED: enter, State.UNDOING: undo}[State(roster.state)](roster)
        except _NoLongerOurs:
            continue
        except OperationalError:
            logger.warning("The database was busy or away; the roster waits for its next turn.")
            RosterImport.objects.filter(pk=roster.pk).update(held_until=int(time.time()) + PATIENCE_SECONDS)
        except Exception:
            logger.exception("A roster could not be worked on; nothing was changed.")
            back = _BACK[State(roster.state)]
            RosterImport.objects.filter(pk=roster.pk, state=roster.state).update(state=back, fault=BROKEN, held_until=0)
        done += 1
    return done


def _take() -> RosterImport | None:
    """Hold the oldest roster that waits and that nobody holds."""
    now = int(time.time())
    for pk in RosterImport.objects.filter(state__in=WAITING, held_until__lt=now).order_by("pk").values_list("pk"):
        taken = RosterImport.objects.filter(pk=pk[0], state__in=WAITING, held_until__lt=now)
        if taken.update(held_until=now + HOLD_SECONDS):
            return RosterImport.objects.select_related("file", "handed_in_by", "approved_by").get(pk=pk[0])
    return None


def check(roster: RosterImport) -> None:
    """Read the file and give every row its verdict; nothing of it is entered. System act."""
    frame = frame_of(roster, roster.handed_in_by)
    if frame is None:
        _finish(roster, State.UNREADABLE, fault=RIGHT_GONE)
        return
    if roster.file is None:  # forgotten: it waited for nobody
        raise _NoLongerOurs
    told = audit.objects_today(TOLD, roster.handed_in_by)
    # Sent back to be checked anew, it must not come back for ever with a row that who approves it cannot enter.
    own = frame.own if roster.approved_by is None else frame.own | own_files(roster.approved_by)
    frame = replace(frame, own=own, elsewhere=Elsewhere(told, elsewhere.MOST_TOLD_A_DAY))
    # What was approved stays until the new check has been held against it, also when that begins twice.
    seen = SEEN.values() if roster.fault == CHANGED_SINCE else ()
    roster.blocks.exclude(verdict__in=seen).delete()
    try:
        with sheet_rows(roster.file) as rows:
            layouts = _layouts(roster, frame.kind, rows)
            if layouts is not None:
                _check_rows(roster, frame, rows, layouts)
    except SheetRefused as refusal:
        _finish(roster, State.UNREADABLE, fault=refusal.code)


def _layouts(roster: RosterImport, kind: RosterKind, rows: SheetRows) -> dict[str, SheetLayout] | None:
    """The layout of each sheet that will be read; None when an officer must first say what the columns are."""
    known = KnownHeading.objects.filter(union_id=roster.union_id, kind=roster.kind).values_list("heading", "column")
    headings = Headings(kind, dict(known))
    first: dict[str, list[tuple[int, Sequence[Any]]]] = {}
    for row in rows:
        lines = first.setdefault(row.sheet, [])
        if len(lines) < SEARCHED_LINES:
            lines.append((row.line, row.cells))
    found = [headings.find(sheet, lines) for sheet, lines in first.items()]
    left_out = roster.layout.get("left_out", [])
    found = [layout for layout in found if layout.line and layout.sheet not in left_out]
    told = [_told(layout, headings) for layout in found]
    kept = {"sheets": told, "left_out": left_out, "hidden": rows.hidden()}
    RosterImport.objects.filter(pk=roster.pk).update(layout=kept)
    if not found:
        _finish(roster, State.UNREADABLE, fault=NO_HEADINGS)
        return None
    # A sheet of explanations beside the roster is no reason to ask.
    complete = [layout for layout, say in zip(found, told, strict=True) if not say["missing"]]
    doubtful = [layout for layout in found if layout.known and layout not in complete]
    if not complete or doubtful:
        _finish(roster, State.COLUMNS)
        return None
    return {layout.sheet: layout for layout in complete}


def _told(layout: SheetLayout, headings: Headings) -> dict[str, Any]:
    mapping = headings.mapping(layout.headings)
    return {
        "sheet": layout.sheet, "line": layout.line, "depth": layout.depth, "headings": layout.headings,
        "columns": {str(place): code for place, code in mapping.items()}, "known": layout.known,
        "missing": [column.code for column in headings.missing(mapping.values())],
    }  # fmt: skip


def _check_rows(roster: RosterImport, frame: Frame, rows: Iterable[SheetRow], layouts: dict[str, SheetLayout]) -> None:
    known = KnownHeading.objects.filter(union_id=roster.union_id, kind=roster.kind).values_list("heading", "column")
    headings = Headings(frame.kind, dict(known))
    readers = {
        sheet: RowReader(frame.kind, headings.mapping(layout.headings), layout.headings)
        for sheet, layout in layouts.items()
    }
    judge, blocks, counts, seen = judge_of(frame), _Blocks(roster), Counter(dict.fromkeys(VERDICTS, 0)), Seen(roster)
    by_union: Counter[int] = Counter()
    read = 0
    for chunk in in_chunks(_data_rows(rows, layouts), CHUNK):
        judged = []
        for number, line in enumerate(chunk, start=read + 1):
            row = Row(number, line.sheet, line.line)
            readers[line.sheet].read(row, line.cells)
            judged.append(row)
        judge.judge(judged)
        read += len(judged)
        with transaction.atomic():
            for row in judged:
                seen.compare(row)
                counts[row.verdict] += 1
                if row.since:
                    counts[SINCE] += 1
                by_union[row.union_id] += row.verdict == NEW
                blocks.add(row)
            _note_told(roster, frame)
            _go_on(roster, rows_read=read)
    blocks.close()
    roster.blocks.filter(verdict__in=SEEN.values()).delete()
    _note_withheld(roster, frame)
    told = {frame.union_names[pk]: many for pk, many in sorted(by_union.items()) if many}
    _finish(roster, State.CHECKED, counts={**counts, "read": read, "new_by_union": told}, rows_read=read)


def _note_told(roster: RosterImport, frame: Frame) -> None:
    """Each person of whom a table learned that he is registered elsewhere can see who asked."""
    if frame.elsewhere is None:
        return
    told = [
        audit.NewRow("person", pk, roster.union_id, {}, {"roster": roster.public_id, "line": line})
        for pk, line in frame.elsewhere.fresh
    ]
    audit.record_many(TOLD, acting_user=roster.handed_in_by, rows=told)
    frame.elsewhere.fresh.clear()


def _note_withheld(roster: RosterImport, frame: Frame) -> None:
    if frame.elsewhere is not None and frame.elsewhere.withheld:
        with transaction.atomic():
            audit.record(
                "people.roster:withhold", acting_user=roster.handed_in_by, object_kind="roster", object_id=roster.pk,
                union_id=roster.union_id, after={"roster": roster.public_id, "rows": frame.elsewhere.withheld},
            )  # fmt: skip


def _data_rows(rows: Iterable[SheetRow], layouts: dict[str, SheetLayout]) -> Iterator[SheetRow]:
    for row in rows:
        layout = layouts.get(row.sheet)
        if layout is not None and row.line >= layout.line + layout.depth:
            yield row


class _Blocks:
    """Collects rows by verdict and writes a block whenever one is full."""

    def __init__(self, roster: RosterImport) -> None:
        self._roster = roster
        self._open: dict[str, list[dict[str, Any]]] = {}
        self._numbers: dict[str, int] = {}

    def add(self, row: Row) -> None:
        # What somebody changed since the last look stands in a list of its own, too.
        for verdict in (row.verdict, SINCE) if row.since else (row.verdict,):
            rows = self._open.setdefault(verdict, [])
            rows.append(kept_row(row))
            if len(rows) == ROWS_PER_BLOCK:
                self._write(verdict)

    def close(self) -> None:
        for verdict in list(self._open):
            self._write(verdict)

    def _write(self, verdict: str) -> None:
        rows = self._open.pop(verdict)
        number = self._numbers[verdict] = self._numbers.get(verdict, 0) + 1
        text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        RosterBlock.objects.create(roster=self._roster, verdict=verdict, number=number, rows=text)


def _go_on(roster: RosterImport, **fields: Any) -> None:
    """Tell how far it is, and go on holding it."""
    mine = RosterImport.objects.filter(pk=roster.pk, state=roster.state)
    if not mine.update(held_until=int(time.time()) + HOLD_SECONDS, **fields):
        raise _NoLongerOurs


def _finish(roster: RosterImport, state: str, **fields: Any) -> None:
    _go_on(roster)
    RosterImport.objects.filter(pk=roster.pk, state=roster.state).update(state=state, **{**fields, "held_until": 0})


def enter(roster: RosterImport) -> None:
    """Enter what was approved, all of it or nothing; judged once more, for the registry goes on. System act."""
    try:
        with transaction.atomic():
            # The lock is the claim: a second worker waits here and then finds it done.
            locked = RosterImport.objects.select_for_update(of=("self",)).filter(pk=roster.pk, state=State.APPROVED)
            if not locked.exists() or roster.approved_by is None:
                raise _NoLongerOurs
            frame = frame_of(roster, roster.approved_by)
            # An entry without a row would end as if all of them were in.
            if frame is None or not roster.blocks.filter(verdict__in=(NEW, CHANGED)).exists():
                raise _ChangedSince
            frame, pen = replace(frame, enters=True), Pen(roster.public_id, roster.approved_by)
            with underway(roster.public_id, _rows_in(roster)) as go_on:
                _write_rows(roster, judge_of(frame), pen, frame, go_on)
    except (_ChangedSince, IntegrityError):
        _send_back(roster)


def _rows_in(roster: RosterImport) -> int:
    """How many rows an approved roster enters, or has entered."""
    found = roster.counts.get(NEW, 0) + roster.counts.get(CHANGED, 0)
    return int(found) - len(roster_kinds.get(roster.kind).left_out(roster))


@transaction.atomic
def _send_back(roster: RosterImport) -> None:
    """Have it checked anew, and keep what was approved beside it: the rows that changed since will say so."""
    sent = RosterImport.objects.filter(pk=roster.pk, state=State.APPROVED).update(
        state=State.RECEIVED, fault=CHANGED_SINCE, rows_read=0, held_until=0
    )
    if sent:
        roster.blocks.exclude(verdict__in=list(SEEN)).delete()
        for verdict, seen in SEEN.items():
            roster.blocks.filter(verdict=verdict).update(verdict=seen)


def _write_rows(roster: RosterImport, judge: Judge, pen: Pen, frame: Frame, go_on: Callable[[int], None]) -> None:
    fresh: list[int] = []
    for number, chunk in enumerate(in_chunks(_approved_rows(roster, frame.kind), CHUNK), start=1):
        rows = [one.row for one in chunk]
        judge.judge(rows)
        if not all(still_says(*one) for one in chunk):
            raise _ChangedSince
        judge.write(rows, pen)
        fresh += [row.person.pk for row in rows if row.is_new and row.person]
        text = json.dumps(pen.flush(), ensure_ascii=False, separators=(",", ":"))
        RosterDeed.objects.create(roster=roster, number=number, rows=text)
        go_on(len(rows))
    note_pairs(fresh)
    last = audit.record(
        "people.roster:finish", acting_user=roster.approved_by, object_kind="roster", object_id=roster.pk,
        union_id=roster.union_id, after={"roster": roster.public_id, "counts": roster.counts},
    )  # fmt: skip
    RosterImport.objects.filter(pk=roster.pk).update(
        state=State.DONE, done_at=clock.now(), held_until=0, audit_mark=last.pk
    )


class _Approved(NamedTuple):
    """A row to be judged anew, with what the officer saw of it."""

    row: Row
    verdict: str
    differences: list[dict[str, Any]]


def _approved_rows(roster: RosterImport, kind: RosterKind) -> Iterator[_Approved]:
    """The rows that change something, in the order of the file."""
    columns, left_out = kind.all_columns(), kind.left_out(roster)

    def of(verdict: str) -> Iterator[_Approved]:
        for block in roster.blocks.filter(verdict=verdict).order_by("number").iterator(20):
            for kept in json.loads(block.rows):
                if kept["n"] not in left_out:
                    yield _Approved(row_from(kept, columns), verdict, kept.get("d", []))

    return heapq.merge(of(NEW), of(CHANGED), key=lambda found: found.row.number)


def undo(roster: RosterImport) -> None:
    """Take back what the roster wrote, except what was edited since; or only look what that would be. System act."""
    if roster.undone_by is None:
        with underway(roster.public_id, _rows_in(roster)) as go_on:
            outlook = look_ahead(roster=roster, go_on=lambda rows: (_go_on(roster), go_on(rows)))
        _show(roster, outlook, fault="")
        return
    try:
        with transaction.atomic():
            locked = RosterImport.objects.select_for_update(of=("self",)).filter(pk=roster.pk, state=State.UNDOING)
            if not locked.exists():
                raise _NoLongerOurs
            with underway(roster.public_id, _rows_in(roster)) as go_on:
                take_back(roster=roster, go_on=go_on)
    except ChangedSinceLook as found:
        _show(roster, found.outlook, fault=LOOK_AGAIN)


@transaction.atomic
def _show(roster: RosterImport, outlook: Outlook, *, fault: str) -> None:
    """Let whoever wants to take it back see what goes and what stays; nothing of it is done."""
    _go_on(roster)
    list_kept(roster, outlook.kept)
    told = {"would_go": outlook.gone, "would_stay": len(outlook.kept), "looked_at": clock.now().isoformat()}
    _finish(roster, State.DONE, counts={**roster.counts, **told}, fault=fault, undone_by=None)
