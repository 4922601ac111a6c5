"""What "once per" means on a day, and which of those periods have days in common."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from niangjia.policy import queries as policy

ONCE = "once"


def period_of(card: policy.VersionCard, day: date) -> str:
    """The year (2026) or the month (2026-08) where the programme says so, else once for ever."""
    if "month" in card.per:
        return f"{day:%Y-%m}"
    return str(day.year) if "year" in card.per else ONCE


def overlap(one: str, other: str) -> bool:
    """Whether two periods have days in common: once covers every day, a year its months."""
    if ONCE in (one, other) or one == other:
        return True
    return one.startswith(f"{other}-") or other.startswith(f"{one}-")


def overlapping(period: str) -> Q:
    """The same as a condition on rows that have a `period`.

    Editions of one programme may count by different periods. What one gave "once" stands against
    every year of the other, and the other way round: whoever has it does not get it again.
    """
    if period == ONCE:
        return Q()
    year = period.partition("-")[0]
    within = Q(period__startswith=f"{year}-") if period == year else Q(period=period)
    return within | Q(period__in=(ONCE, year))
