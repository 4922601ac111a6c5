"""Households with nobody in work, each with the day it is to be seen again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from niangjia.core.facts import FactReading, facts, record_sets
from niangjia.federation.scopes import Scope
from niangjia.people.household_rows import in_file_ids
from niangjia.people.queries import SubjectCard, subject_cards
from niangjia.visits import queries

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


def no_work_in(scope: Scope, today: date, *, in_file: bool) -> NoWork:
    """The households in scope with nobody in work, the longest unseen first; only those in file when asked."""
    ids = list(in_file_ids(scope)) if in_file else record_sets.get("household").ids(list(scope.union_ids()))
    readings = facts.get(FACT).read(ids, today)
    mine = {pk: readings[pk] for pk in ids if pk in readings}
    wanted = {pk: reading for pk, reading in mine.items() if reading.value is True}
    cards = subject_cards("household", list(wanted), today=today)
    seen: dict[int, date] = {}
    for visit in queries.visits_of(list(wanted)):
        seen.setdefault(visit.household_id, visit.visited_on)
    rules = queries.rules_for({card.union_id for card in cards.values()}, today)
    lines = []
    for pk, reading in wanted.items():
        union_id = cards[pk].union_id
        last = seen.get(pk)
        # Nobody has been there yet: due at once.
        due = today if last is None else last + timedelta(days=rules[union_id].return_days)
        lines.append(NoWorkLine(cards[pk], reading, last, due))
    return NoWork(sorted(lines, key=lambda line: (line.due_on, line.card.id)), len(ids) - len(mine), len(ids))
