"""The verdict on each row of a roster: new, changed, the same, refused with a reason, or no row of data at all.

Nothing is written here. A stretch of rows is judged with a fixed number of queries, the same way before
the officer sees it and again in the transaction that writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol, TypeVar, runtime_checkable

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from niangjia.core.errors import Refusal
from niangjia.people.models import Employer, Household, Person
from niangjia.people.oneself import NOTHING, OwnFiles
from niangjia.people.rosters.cells import Value, both, refusal_in_both
from niangjia.people.rosters.elsewhere import Elsewhere
from niangjia.people.rosters.kinds import Column, RosterKind

NEW, CHANGED, SAME, REFUSED, LEFT_OUT = "new", "changed", "same", "refused", "left_out"
VERDICTS = (REFUSED, CHANGED, NEW, SAME, LEFT_OUT)
_FOOTERS = (
    "合计", "总计", "小计", "共计", "填表", "制表", "审核", "说明", "备注", "注:", "注：", "负责人", "total", "note",
)  # fmt: skip


class First(NamedTuple):
    """Where a row stands that goes in, and whether it brought an identity number."""

    sheet: str
    line: int
    has_number: bool


class FirstRows:
    """Which row of the table was the first about something: small, for a table may have 200,000 rows."""

    def __init__(self) -> None:
        self._first: dict[bytes, First] = {}

    def find(self, thing: str) -> First | None:
        """The row that goes in, or none."""
        return self._first.get(_short(thing))

    def note(self, row: Row, *things: str) -> None:
        """Remember this row for each of these, unless another was first; an empty one is nothing."""
        here = First(row.sheet, row.line, "id_number" in row.values)
        for thing in filter(None, things):
            self._first.setdefault(_short(thing), here)


def _short(thing: str) -> bytes:
    return blake2b(thing.encode(), digest_size=16).digest()


_LINE = gettext_lazy("in line %(line)s")
_SHEET_AND_LINE = gettext_lazy("in sheet “%(sheet)s”, line %(line)s")


@dataclass
class Row:
    """One row on its way: what it says, what is wrong with it, and what it would change."""

    number: int
    sheet: str
    line: int
    values: dict[str, Value] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)  # column, zh, en
    differences: list[dict[str, Any]] = field(default_factory=list)  # column, old, new: as kept
    since: dict[str, Any] | None = None  # what it showed before somebody changed what is stored
    is_new: bool = False
    leaves_out: bool = False
    union_id: int = 0
    person: Person | None = None
    employer: Employer | None = None
    household: Household | None = None
    plans: dict[str, Any] = field(default_factory=dict)  # by part: what it will write

    @property
    def verdict(self) -> str:
        """What becomes of it."""
        if self.leaves_out:
            return LEFT_OUT
        if self.problems:
            return REFUSED
        return NEW if self.is_new else CHANGED if self.differences else SAME

    def refuse(self, column: str, sentence: str | Promise, **words: object) -> None:
        """Note what is wrong, in both languages."""
        self.problems.append({"column": column, **both(lambda: str(sentence) % words if words else sentence)})

    def refuse_second(self, column: str, sentence: str | Promise, first: First) -> None:
        """Refuse it for a row above it, and say where that one stands."""
        place = {"sheet": first.sheet, "line": first.line}
        where = _LINE if first.sheet == self.sheet else _SHEET_AND_LINE
        self.problems.append({"column": column, **both(lambda: str(sentence) % {"where": str(where) % place})})


class Part(Protocol):
    """One kind of record a row may write."""

    def load(self, rows: Sequence[Row]) -> None:
        """Read what is stored about these rows, in bulk."""

    def plan(self, row: Row) -> None:
        """Say what the row would change, or what is wrong with it."""

    def write(self, rows: Sequence[Row], pen: Any) -> None:
        """Write what was planned, in bulk."""


@runtime_checkable
class InOrder(Protocol):
    """A part for which rows of one table speak against each other: only rows that go in count against later ones."""

    def compare(self, row: Row) -> None:
        """Hold a row against those above it that go in."""

    def note(self, row: Row) -> None:
        """Remember a row that goes in, for those below it."""


class RowReader:
    """Turns cells into typed values, by the columns of a sheet."""

    def __init__(self, kind: RosterKind, mapping: dict[int, str], headings: Sequence[str]) -> None:
        columns = kind.all_columns()
        self._columns = [(place, columns[code]) for place, code in sorted(mapping.items())]
        self._headings = [heading for heading in headings if heading]
        self._required = [column for column in columns.values() if column.required]

    def read(self, row: Row, cells: Sequence[Any]) -> None:
        """Fill the row's values; each cell that cannot be read is a problem of its column."""
        if self._is_no_data(cells):
            row.leaves_out = True
            return
        for place, column in self._columns:
            cell = cells[place] if place < len(cells) else ""
            if column.type.is_empty(cell):
                continue
            self._read_cell(row, column, cell)
        told = row.values.keys() | {problem["column"] for problem in row.problems}
        for column in self._required:
            if column.code not in told:
                row.problems.append({"column": column.code, **_empty()})

    def _read_cell(self, row: Row, column: Column, cell: Any) -> None:
        try:
            row.values[column.code] = column.type.parse(cell)
        except Refusal:
            row.problems.append({"column": column.code, **refusal_in_both(column.type.parse, cell)})

    def _is_no_data(self, cells: Sequence[Any]) -> bool:
        """A line of totals or notes, or the headings once more on the next printed page."""
        texts = [str(cell).strip() for cell in cells if isinstance(cell, str) and cell.strip()]
        if not texts:
            return True
        first = texts[0].replace(" ", "").casefold()
        if first.startswith(_FOOTERS) and not self._has_required(cells):
            return True
        return len(texts) > 1 and texts == self._headings[: len(texts)]

    def _has_required(self, cells: Sequence[Any]) -> bool:
        wanted = [(place, column.type) for place, column in self._columns if column.required]
        return all(place < len(cells) and not kind.is_empty(cells[place]) for place, kind in wanted) and bool(wanted)


@cache
def _empty() -> dict[str, str]:
    return both(lambda: _("This cell is empty, and the column must be filled in. Please fill it in."))


M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Frame:
    """What holds for the whole roster: whose it is, where it may reach, the day, and the words of its source."""

    kind: RosterKind
    union_id: int
    reach: frozenset[int]  # unions the officer writes for, below the roster's own
    unions: dict[str, tuple[int, ...]]  # by name and by code: several may have one name
    union_names: dict[int, str]
    above: dict[int, str]  # of those that share a name: the name of the union above
    true_on: date
    source: str
    today: date
    own: OwnFiles = NOTHING  # of the officer himself and his household
    roster_id: int = 0
    elsewhere: Elsewhere | None = None  # at the check: what was approved is entered
    enters: bool = False  # a preview holds nobody up

    def hold(self, rows: QuerySet[M], *with_them: str) -> QuerySet[M]:
        """These records, locked while the roster is entered: who edits one meanwhile waits, and writes after it."""
        return rows.select_for_update(of=("self", *with_them)).order_by("pk") if self.enters else rows


class Judge:
    """Judges stretches of rows of one roster, in their order; keeps what earlier rows said."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._in_order = [part for part in parts if isinstance(part, InOrder)]

    def judge(self, rows: Sequence[Row]) -> None:
        """Give every row its verdict."""
        # Parts see refused rows too: who stands below the row of a head belongs to nobody above it.
        data = [row for row in rows if not row.leaves_out]
        for part in self._parts:
            part.load(data)
            for row in data:
                if not row.problems:
                    part.plan(row)
        # Last, and in the order of the table: a row that is refused for another reason stands in nobody's way.
        for row in data:
            self._hold_against_others(row)

    def _hold_against_others(self, row: Row) -> None:
        for part in self._in_order:
            if not row.problems:
                part.compare(row)
        for part in self._in_order:
            if not row.problems:
                part.note(row)

    def write(self, rows: Iterable[Row], pen: Any) -> None:
        """Write rows that were just judged and changed something."""
        chosen = [row for row in rows if row.verdict in (NEW, CHANGED)]
        for part in self._parts:
            part.write(chosen, pen)
