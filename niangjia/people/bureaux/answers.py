"""What a bureau answered, held against the file: declared value, found value, and what we would do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core.facts import facts
from niangjia.people.models import CrossCheckChoice, CrossCheckResult, Person, RosterImport
from niangjia.people.rosters import judging
from niangjia.people.rosters.kinds import Column, roster_kinds
from niangjia.people.rosters.parts.person import id_key

TAKE, KEEP, VISIT = CrossCheckChoice.Choice.TAKE, CrossCheckChoice.Choice.KEEP, CrossCheckChoice.Choice.VISIT
# What came back about somebody: a difference, a gap filled, the same, or nothing that may be entered.
DIFFERS, FILLED, SAME, REFUSED = "differs", "filled", "same", "refused"
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
    declared_on: date | None = None
    is_outdated: bool = False  # ours was too old to count anyway

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody should go and see."""
        return not (self.agrees or self.is_new or self.is_small or self.is_outdated)


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
        return VISIT if any(one.is_doubtful for one in self.differences) else TAKE

    @property
    def reason(self) -> str | Promise:
        """Why we would."""
        if self.suggestion == VISIT:
            return _("Far apart: go and see")
        if any(one.is_outdated for one in self.differences):
            return _("Ours is out of date: take the bureau's")
        return _("Slightly different: take the bureau's")


@dataclass(frozen=True)
class Told:
    """What a table says about one person, without its values."""

    verdict: str
    choice: str = ""


class Answers:
    """The rows of a result that would change something, in the order of the table."""

    def __init__(self, result: CrossCheckResult) -> None:
        self.result, self.roster = result, result.roster

    @cached_property
    def rows(self) -> list[AnswerRow]:
        """All of them."""
        columns = roster_kinds.get(self.roster.kind).all_columns()
        chosen = dict(self.result.choices.values_list("number", "choice"))
        found = [_row(kept, columns, chosen, self.roster.true_on) for kept in _kept(self.roster)]
        return sorted(found, key=lambda row: row.number)

    @cached_property
    def agreeing(self) -> list[AnswerRow]:
        """Rows that fit the file, or fill a gap in it."""
        return [row for row in self.rows if row.agrees]

    @cached_property
    def differing(self) -> list[AnswerRow]:
        """Rows that say otherwise: each needs somebody's decision."""
        return [row for row in self.rows if not row.agrees]

    @cached_property
    def told(self) -> dict[str, Told]:
        """What it says about each person, by the key of the identity number; nothing once its rows were forgotten."""
        found = {
            id_key(kept["v"]["id_number"]): Told(verdict)
            for judged, verdict in ((judging.REFUSED, REFUSED), (judging.SAME, SAME))
            for kept in _kept(self.roster, judged)
            if kept.get("v", {}).get("id_number")
        }
        for row in self.rows:
            fills = any(one.is_new for one in row.differences)
            verdict = DIFFERS if not row.agrees else FILLED if fills else SAME
            found[id_key(row.id_number)] = Told(verdict, row.choice)
        return found

    @property
    def undecided(self) -> list[AnswerRow]:
        """Of these, those nobody has decided."""
        return [row for row in self.differing if not row.choice]

    @property
    def taken(self) -> int:
        """How many rows would be entered now."""
        return len(self.agreeing) + sum(row.choice == TAKE for row in self.differing)

    def row(self, number: int) -> AnswerRow | None:
        """One differing row."""
        return next((row for row in self.differing if row.number == number), None)


def _kept(roster: RosterImport, verdict: str = judging.CHANGED) -> Iterator[dict[str, Any]]:
    for block in roster.blocks.filter(verdict=verdict).order_by("number"):
        yield from json.loads(block.rows)


def _row(kept: Mapping[str, Any], columns: Mapping[str, Column], chosen: Mapping[int, str], true_on: date) -> AnswerRow:
    values = kept.get("v", {})
    told = tuple(
        _difference(one, columns[one["column"]], true_on) for one in kept.get("d", ()) if one["column"] in columns
    )
    return AnswerRow(
        kept["n"],
        kept["l"],
        values.get("id_number", ""),
        values.get("name", ""),
        told,
        choice=chosen.get(kept["n"], ""),
    )


def _difference(kept: Mapping[str, Any], column: Column, true_on: date) -> Difference:
    old, new = kept["old"], kept["new"]

    def text(value: Any) -> str:
        return "" if value is None else str(column.type.show(column.type.load(value)))

    both_numbers = type(old) is int and type(new) is int
    small = both_numbers and abs(new - old) * SMALL_PART <= abs(old)
    on = date.fromisoformat(kept["on"]) if "on" in kept else None
    days = facts.get(column.code.partition(":")[2]).stale_after_days
    outdated = on is not None and days is not None and on + timedelta(days=days) < true_on
    return Difference(column.label, text(old), text(new), old == new, old is None, small, on, outdated)
