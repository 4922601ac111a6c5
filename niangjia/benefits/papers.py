"""What is printed of a frozen list: the public notice, and the pay roster page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from niangjia.benefits import lists
from niangjia.benefits.leaving import unnamed
from niangjia.benefits.models import FrozenList, ListRow
from niangjia.benefits.names import RowName, names_of
from niangjia.core import clock
from niangjia.core.money import yuan
from niangjia.federation.scopes import Scope

ROSTER_ROWS = 11  # rows of 9 mm with subtotal, total and signatures on landscape A4


@dataclass(frozen=True)
class RosterRow:
    """One line of the pay roster: numbered, masked, in figures and in capitals."""

    number: int
    name: str
    masked: str
    town: str
    amount_fen: int | None

    @property
    def figure(self) -> str:
        """The amount in yuan, for a column that says so in its head."""
        return "" if self.amount_fen is None else yuan(self.amount_fen)


@dataclass(frozen=True)
class RosterPage:
    """One printed page with its subtotal and the running total up to it, both in fen."""

    number: int
    rows: tuple[RosterRow, ...]
    subtotal_fen: int
    running_fen: int
    is_last: bool

    @property
    def subtotal(self) -> str:
        """The subtotal in yuan."""
        return yuan(self.subtotal_fen)

    @property
    def running(self) -> str:
        """The running total in yuan."""
        return yuan(self.running_fen)


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
    """The lines of the public notice, town by town as the list has them.

    Whoever took back his consent to be named keeps his place without his name.
    """
    found, names = _rows(scope, frozen, numbers=False)
    persons, homes = unnamed({row.household_id for row in found if row.household_id})
    silent = {
        (row.subject_kind, row.subject_id)
        for row in found
        if (row.subject_kind == "person" and row.subject_id in persons)
        or (row.household_id in homes and row.subject_kind == "household")
    }
    keys = [(row.subject_kind, row.subject_id) for row in found]
    hidden = {id(name) for key, name in zip(keys, names, strict=True) if key in silent}
    towns = {town: place for place, town in enumerate(dict.fromkeys(name.town for name in names))}
    ordered = sorted(names, key=lambda name: towns[name.town])
    return [
        NoticeRow(number, "*" if id(name) in hidden else name.noticed, name.town)
        for number, name in enumerate(ordered, start=1)
    ]


def _rows(scope: Scope, frozen: FrozenList, *, numbers: bool) -> tuple[Sequence[ListRow], list[RowName]]:
    rows = lists.rows_of(scope, frozen, live=True)
    names = names_of(rows, today=clock.today(), numbers=numbers, scope=scope)
    return rows, [names[row.subject_kind, row.subject_id] for row in rows]
