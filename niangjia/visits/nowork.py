"""Households with nobody in work, each with the day it is to be seen again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from niangjia.core.facts import FactReading, facts, record_sets
from niangjia.federation.scopes import Scope
from niangjia.people.queries import SubjectCard, subject_cards
from niangjia.visits import queries
from niangjia.visits.standards import Rules

FACT = "household.nobody_in_work"


@dataclass(frozen=True)
class NoWorkLine:
    """One such household: since when, when it may change, when it was last seen and is due again."""

    card: SubjectCard
    reading: FactReading
    seen_on: date | None
    due_on: date


@dataclass(frozen=True)
class NoWork:
    """All of them in scope, and how many households the records say nothing certain about."""

    lines: list[NoWorkLine]
    unknown: int
    households: int


def no_work_in(scope: Scope, today: date) -> NoWork:
    """The households in scope with nobody in work, the longest unseen first."""
    ids = record_sets.get("household").ids(list(scope.union_ids()))
    readings = facts.get(FACT).read(ids, today)
    mine = {pk: readings[pk] for pk in ids if pk in readings}
    wanted = {pk: reading for pk, reading in mine.items() if reading.value is True}
    cards = subject_cards("household", list(wanted), today=today)
    seen: dict[int, date] = {}
    for visit in queries.visits_of(list(wanted)):
        seen.setdefault(visit.household_id, visit.visited_on)
    rules: dict[int, Rules] = {}
    lines = []
    for pk, reading in wanted.items():
        union_id = cards[pk].union_id
        if union_id not in rules:
            rules[union_id] = queries.standard_for(union_id, today)[1]
        last = seen.get(pk)
        # Nobody has been there yet: due at once.
        due = today if last is None else last + timedelta(days=rules[union_id].return_days)
        lines.append(NoWorkLine(cards[pk], reading, last, due))
    return NoWork(sorted(lines, key=lambda line: (line.due_on, line.card.id)), len(ids) - len(mine), len(ids))
