"""What a bureau answered, held against the file: declared value, found value, and what we would do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.people.models import CrossCheckChoice, CrossCheckResult, Person, RosterImport
from niangjia.people.rosters.judging import CHANGED
from niangjia.people.rosters.kinds import Column, roster_kinds

TAKE, KEEP, VISIT = CrossCheckChoice.Choice.TAKE, CrossCheckChoice.Choice.KEEP, CrossCheckChoice.Choice.VISIT
# Amounts that differ by no more than a tenth of what was declared are the bureau's to correct.
SMALL_PART = 10


@dataclass(frozen=True)
class Difference:
    """One fact: what the file says, what the bureau says."""

    label: str | Promise
    declared: str
    found: str
    agrees: bool
    is_new: bool
    is_small: bool = False


@dataclass(frozen=True)
class AnswerRow:
    """One row of the answers."""

    number: int
    line: int
    id_number: str
    name: str
    differences: tuple[Difference, ...]
    person: Person | None = None
    choice: str = ""

    @property
    def agrees(self) -> bool:
        """Nothing in it says otherwise than the file."""
        return all(one.agrees or one.is_new for one in self.differences)

    @property
    def suggestion(self) -> str:
        """What we would do with it."""
        if self.agrees or all(one.agrees or one.is_new or one.is_small for one in self.differences):
            return TAKE
        return VISIT

    @property
    def reason(self) -> str | Promise:
        """Why we would."""
        if self.suggestion == VISIT:
            return _("Far apart: go and see")
        return _("Slightly different: take the bureau's")


class Answers:
    """The rows of a result that would change something, in the order of the table."""

    def __init__(self, result: CrossCheckResult) -> None:
        self.result, self.roster = result, result.roster

    @cached_property
    def rows(self) -> list[AnswerRow]:
        """All of them."""
        columns = roster_kinds.get(self.roster.kind).all_columns()
        chosen = dict(self.result.choices.values_list("number", "choice"))
        found = [_row(kept, columns, chosen) for kept in _kept(self.roster)]
        return sorted(found, key=lambda row: row.number)

    @cached_property
    def agreeing(self) -> list[AnswerRow]:
        """Rows that fit the file, or fill a gap in it."""
        return [row for row in self.rows if row.agrees]

    @cached_property
    def differing(self) -> list[AnswerRow]:
        """Rows that say otherwise: each needs somebody's decision."""
        return [row for row in self.rows if not row.agrees]

    @property
    def undecided(self) -> list[AnswerRow]:
        """Of these, those nobody has decided."""
        return [row for row in self.differing if not row.choice]

    @property
    def taken(self) -> int:
        """How many rows would be entered now."""
        return len(self.agreeing) + sum(row.choice == TAKE for row in self.differing)

    @property
    def filled(self) -> int:
        """How many rows fill a gap: what was unknown is known."""
        return sum(any(one.is_new for one in row.differences) for row in self.agreeing)

    def row(self, number: int) -> AnswerRow | None:
        """One differing row."""
        return next((row for row in self.differing if row.number == number), None)


def _kept(roster: RosterImport) -> Iterator[dict[str, Any]]:
    for block in roster.blocks.filter(verdict=CHANGED).order_by("number"):
        yield from json.loads(block.rows)


def _row(kept: Mapping[str, Any], columns: Mapping[str, Column], chosen: Mapping[int, str]) -> AnswerRow:
    values = kept.get("v", {})
    told = tuple(_difference(one, columns[one["column"]]) for one in kept.get("d", ()) if one["column"] in columns)
    return AnswerRow(
        kept["n"],
        kept["l"],
        values.get("id_number", ""),
        values.get("name", ""),
        told,
        choice=chosen.get(kept["n"], ""),
    )


def _difference(kept: Mapping[str, Any], column: Column) -> Difference:
    old, new = kept["old"], kept["new"]

    def text(value: Any) -> str:
        return "" if value is None else str(column.type.show(column.type.load(value)))

    both_numbers = type(old) is int and type(new) is int
    small = both_numbers and abs(new - old) * SMALL_PART <= abs(old)
    return Difference(column.label, text(old), text(new), old == new, old is None, small)
