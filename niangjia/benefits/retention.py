"""A full year at one employer: when it is complete, for one holder's job after the voucher was bound.

Written here and not taken from elsewhere because it is the meaning of a fact; the tests hold an
independent day-by-day oracle against it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

FULL_YEAR_MONTHS = 12


@dataclass(frozen=True)
class Job:
    """One holder's job at the employer the voucher is bound to; dates inclusive."""

    person_id: int
    spell_id: int
    bound_on: date
    started_on: date
    ended_on: date | None


@dataclass(frozen=True)
class Retention:
    """How many distinct holders have a full year on a date, by which jobs, and who is next, when."""

    count: int
    spell_ids: tuple[int, ...]
    next_on: date | None


def full_year_on(job: Job) -> date | None:
    """The day twelve months are complete; None when the job ended before.

    Months count from the first day of work after binding, to the same day of the month a year
    on, clipped to a shorter month: begun on 19 August is complete on 19 August, and a last day
    of work on 18 August is still a full year.
    """
    start = max(job.started_on, job.bound_on)
    complete = _plus_months(start, FULL_YEAR_MONTHS)
    if job.ended_on is not None and job.ended_on + timedelta(days=1) < complete:
        return None
    return complete


def retention(jobs: Iterable[Job], on: date) -> Retention:
    """The state on a date: one who left before counts if the year was full, one person counts once."""
    first: dict[int, tuple[date, int]] = {}
    for job in jobs:
        complete = full_year_on(job)
        if complete is not None and job.bound_on <= on:
            first[job.person_id] = min(first.get(job.person_id, (date.max, 0)), (complete, job.spell_id))
    full = sorted(spell_id for complete, spell_id in first.values() if complete <= on)
    coming = [complete for complete, _spell in first.values() if complete > on]
    return Retention(len(full), tuple(full), min(coming, default=None))


def _plus_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
