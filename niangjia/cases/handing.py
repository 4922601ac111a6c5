"""What the page for handing a task down begins with: empty, an earlier task, or one that is asked of us."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from niangjia.accounts.models import User
from niangjia.cases import queries
from niangjia.cases.forms import IN_WORDS
from niangjia.cases.models import Assignment, DueReturn
from niangjia.cases.permissions import HAND_DOWN
from niangjia.cases.services import assignments
from niangjia.core import clock
from niangjia.core.workdays import is_workday, workdays_after
from niangjia.federation.queries import own_union
from niangjia.federation.services.tree import standing_below
from niangjia.people.rosters.kinds import roster_kinds

DAYS = 5
NOT_ASKED = {"bureau"}  # what another bureau answers is asked of the bureau


@dataclass(frozen=True)
class Plan:
    """For whom, to whom, and what is filled in beforehand."""

    union: Any
    hierarchy: str
    below: dict[str, Any]  # public id -> union
    initial: dict[str, Any]
    part_of: DueReturn | None
    repeats: Assignment | None
    other: str  # the other tree, where it has unions too

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The unions that can be asked."""
        return [(public_id, union.name) for public_id, union in self.below.items()]


def plan(user: User, asked: Mapping[str, str]) -> Plan:
    """Read what the address says: `tree`, `again` (an earlier task) or `part_of` (what we owe ourselves)."""
    union = own_union(user, HAND_DOWN)
    hierarchy = "industry" if asked.get("tree") == "industry" else "place"
    other = "place" if hierarchy == "industry" else "industry"
    below = {one.public_id: one for one in standing_below(union.pk, hierarchy)}
    repeats = queries.assignment_in(user, asked["again"]) if asked.get("again") else None
    part_of = queries.due_return_in(user, asked["part_of"]) if asked.get("part_of") else None
    initial: dict[str, Any] = {"hierarchy": hierarchy, "due_on": workdays_after(clock.today(), DAYS)}
    if part_of is not None:
        initial |= _words(part_of.assignment) | {"due_on": max(clock.today(), part_of.due_on)}
    if repeats is not None:
        union = repeats.union
        asked_before = {row.union.public_id for row in queries.returns_of(repeats)}
        chosen = [] if asked_before == below.keys() else sorted(asked_before & below.keys())
        initial |= _words(repeats) | {"due_on": next_month(repeats.due_on), "chosen": chosen}
    return Plan(union, hierarchy, below, initial, part_of, repeats, other if standing_below(union.pk, other) else "")


def _words(task: Assignment) -> dict[str, Any]:
    return {
        "title": task.title, "request": task.request, "roster_kind": task.roster_kind or IN_WORDS,
        "nil_allowed": task.nil_allowed
    }  # fmt: skip


def next_month(day: date) -> date:
    """The same day of the next month that is not over, or the next working day after it."""
    while True:
        year, month = divmod(day.year * 12 + day.month, 12)
        day = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
        if day >= clock.today():
            return day if is_workday(day) else workdays_after(day, 1)


def kinds() -> list[tuple[str, Any]]:
    """The kinds of roster a union can be asked for."""
    return [(kind.code, kind.title) for kind in roster_kinds.all() if kind.code not in NOT_ASKED]


def hand_down(user: User, plan: Plan, values: Mapping[str, Any]) -> Assignment:
    """As the form was filled in."""
    return assignments.hand_down(
        union_id=plan.union.pk, title=values["title"], request=values["request"], due_on=values["due_on"],
        request_id=values["request_id"], acting_user=user, hierarchy=plan.hierarchy,
        to_unions=[plan.below[public_id].pk for public_id in values["chosen"]], roster_kind=values["roster_kind"],
        nil_allowed=values["nil_allowed"], attachment=values["attachment"], part_of=plan.part_of,
        repeats=plan.repeats,
    )  # fmt: skip
