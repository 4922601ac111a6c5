"""What is printed of a frozen list: the public notice, and the pay roster page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from niangjia.benefits import lists
from niangjia.benefits.models import FrozenList, ListRow
from niangjia.benefits.names import RowName, names_of
from niangjia.core import clock
from niangjia.federation.scopes import Scope

ROSTER_ROWS = 12  # rows of 9 mm with subtotal, total and signatures on landscape A4
NOTICE_ROWS = 30


@dataclass(frozen=True)
class RosterRow:
    """One line of the pay roster: numbered, masked, in figures and in capitals."""

    number: int
    name: str
    masked: str
    town: str
    amount_fen: int | None


@dataclass(frozen=True)
class RosterPage:
    """One printed page with its subtotal and the running total up to it, both in fen."""

    number: int
    rows: tuple[RosterRow, ...]
    subtotal_fen: int
    running_fen: int
    is_last: bool


@dataclass(frozen=True)
class NoticeRow:
    """One line of the notice: no reason, no number, no child; only a masked name and the town."""

    number: int
    name: str
    town: str


@dataclass(frozen=True)
class Printed:
    """Who printed a paper, when: it stands at the foot of each page and across it."""

    by: str
    at: datetime


def roster(scope: Scope, frozen: FrozenList) -> list[RosterPage]:
    """The pay roster of a list in scope, cut into pages."""
    rows, names = _rows(scope, frozen, numbers=True)
    found = [
        RosterRow(position, name.outside, name.outside_number, name.town, row.amount_fen)
        for position, (row, name) in enumerate(zip(rows, names, strict=True), start=1)
    ]
    pages: list[RosterPage] = []
    running = 0
    for start in range(0, len(found), ROSTER_ROWS):
        part = tuple(found[start : start + ROSTER_ROWS])
        subtotal = sum(row.amount_fen or 0 for row in part)
        running += subtotal
        pages.append(RosterPage(len(pages) + 1, part, subtotal, running, start + ROSTER_ROWS >= len(found)))
    return pages


def notice_rows(scope: Scope, frozen: FrozenList) -> list[NoticeRow]:
    """The lines of the public notice, by town and then in the order of the list."""
    rows, names = _rows(scope, frozen, numbers=False)
    pairs = sorted(zip(rows, names, strict=True), key=lambda pair: (pair[1].town, pair[0].position))
    return [NoticeRow(number, name.noticed, name.town) for number, (_row, name) in enumerate(pairs, start=1)]


def _rows(scope: Scope, frozen: FrozenList, *, numbers: bool) -> tuple[Sequence[ListRow], list[RowName]]:
    rows = lists.rows_of(scope, frozen, live=True)
    names = names_of(rows, today=clock.today(), numbers=numbers)
    return rows, [names[row.subject_kind, row.subject_id] for row in rows]
