"""Unbroken work in the zone: a derived fact, with its records and the day it changes next.

Changing the employer inside the zone keeps the chain; a gap of at most `GAP_DAYS` days (a weekend
between two jobs) does too. Months are completed months from the chain's first day, clipped to the
month's end.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

GAP_DAYS = 3


@dataclass(frozen=True)
class Spell:
    """One job in the zone: id, first day, last day (None while it goes on)."""

    id: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True)
class Chain:
    """Spells that follow each other without a break."""

    started_on: date
    ended_on: date | None
    months: int
    records: tuple[str, ...]
    next_on: date | None


def chain(spells: Sequence[Spell], on: date) -> Chain | None:
    """The first chain of the year of `on`, or the one still running; None without spells.

    The subsidy asks who came back early this year, so a chain that began in an earlier year counts
    from its own first day and a later, shorter one never replaces the first.
    """
    chains = _chains(spells)
    if not chains:
        return None
    this_year = [c for c in chains if c[0].started_on.year == on.year] or [chains[-1]]
    links = this_year[0]
    first, last = links[0], links[-1]
    end = last.ended_on if last.ended_on is not None and last.ended_on < on else None
    months = completed_months(first.started_on, (end + timedelta(days=1)) if end else on)
    next_on = None if end else plus_months(first.started_on, months + 1)
    return Chain(first.started_on, end, months, tuple(spell.id for spell in links), next_on)


def _chains(spells: Sequence[Spell]) -> list[list[Spell]]:
    chains: list[list[Spell]] = []
    end: date | None = date.min
    for spell in sorted(spells, key=lambda s: s.started_on):
        if chains and (end is None or spell.started_on <= end + timedelta(days=GAP_DAYS + 1)):
            chains[-1].append(spell)
            end = None if end is None or spell.ended_on is None else max(end, spell.ended_on)
        else:
            chains.append([spell])
            end = spell.ended_on
    return chains


def plus_months(day: date, months: int) -> date:
    """The same day some months later, clipped to the end of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def completed_months(start: date, until: date) -> int:
    """Completed months from a first day up to a date, by the same clipping."""
    months = (until.year - start.year) * 12 + until.month - start.month
    return months - 1 if plus_months(start, months) > until else months
