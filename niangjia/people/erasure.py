"""What a deletion would take away and what must stay, as the inventory's terms say: rooms register their part.

The plan is what the officer sees, what the second person confirms, and what is carried out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from niangjia.core.registries import Registry


@dataclass(frozen=True)
class Stay:
    """Something that may not go yet: why, and until when (None: no day is known, such as an open file)."""

    why: str | Promise
    until: date | None


@dataclass(frozen=True)
class Part:
    """One room's part: how many rows go, how many stay and why, and the act itself.

    `holds` says what keeps the person's name and number readable; `goes` and `stays` count rows;
    `carry_out(person id, keep)` deletes or strips them, `keep` telling whether anything holds. `tells` is
    what whoever decides should know of those who stay behind.
    """

    code: str
    title: str | Promise
    goes: Callable[[int], int]
    stays: Callable[[int], int]
    carry_out: Callable[[int, bool], None]
    holds: Callable[[int], list[Stay]]
    tells: Callable[[int], str | Promise] | None = None


# What stands where a name or a sentence stood.
NOBODY = "已删除"

parts: Registry[Part] = Registry("parts of a deletion")


@dataclass(frozen=True)
class PlannedPart:
    """One line of the plan."""

    code: str
    title: str | Promise
    goes: int
    stays: int
    holds: tuple[Stay, ...]
    tells: str | Promise = ""


@dataclass(frozen=True)
class Plan:
    """The whole plan for one person."""

    person_id: int
    lines: tuple[PlannedPart, ...]

    @property
    def holds(self) -> tuple[Stay, ...]:
        """Everything that keeps name and number."""
        return tuple(stay for line in self.lines for stay in line.holds)

    @property
    def keeps_name(self) -> bool:
        """Whether the name must stay readable."""
        return bool(self.holds)

    @property
    def until(self) -> date | None:
        """The last day anything must stay; None when nothing must, or none is known."""
        days = [stay.until for stay in self.holds]
        return None if not days or None in days else max(day for day in days if day)

    def digest(self) -> str:
        """What the second person confirms: another plan is another digest."""
        told = [[line.code, line.goes, line.stays, [str(stay.until) for stay in line.holds]] for line in self.lines]
        return hashlib.sha256(json.dumps([self.person_id, told]).encode()).hexdigest()


def plan_of(person_id: int) -> Plan:
    """What would go and what would stay today."""
    return Plan(person_id, tuple(_planned(part, person_id) for part in parts.all()))


def _planned(part: Part, person_id: int) -> PlannedPart:
    goes, stays, holds = part.goes(person_id), part.stays(person_id), tuple(part.holds(person_id))
    return PlannedPart(part.code, part.title, goes, stays, holds, part.tells(person_id) if part.tells else "")


def carry_out(plan: Plan) -> None:
    """Do what was planned, part by part, within the caller's transaction; names last, for parts may need them."""
    for part in sorted_parts():
        part.carry_out(plan.person_id, plan.keeps_name)


def sorted_parts() -> Iterable[Part]:
    """What the rooms above keep points at what this room keeps, so theirs goes first; the person's own row last."""
    return sorted(parts.all(), key=lambda part: (part.code.startswith("people."), part.code == "people.person"))
