"""The oracle's own calendar and rounding: step by step, and shared with nobody."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import cache


def round_half_up(part: Fraction) -> int:
    low = part.numerator // part.denominator
    return low + 1 if part - low >= Fraction(1, 2) else low


def part_of(total: int, place: int, ratios: list[int]) -> int:
    """Hand out what is left of the whole fen, one at a time, to who is furthest below the exact part."""
    exact = [Fraction(total * ratio, sum(ratios)) for ratio in ratios]
    given = [part.numerator // part.denominator for part in exact]
    while sum(given) < total:
        short = [part - fen for part, fen in zip(exact, given, strict=True)]
        given[short.index(max(short))] += 1
    return given[place - 1]


@cache  # stepping is slow on purpose, and a night asks the same days a million times
def months_later(day: dt.date, count: int) -> dt.date:
    """Step month by month and take the last day that exists."""
    year, month = day.year, day.month
    for _step in range(abs(count)):
        month += 1 if count > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    for number in range(day.day, 0, -1):
        try:
            return dt.date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


@cache
def months(day: dt.date, as_of: dt.date) -> int:
    """Count how often a month can be added without passing the day of reckoning."""
    count = 0
    if day <= as_of:
        while months_later(day, count + 1) <= as_of:
            count += 1
        return count
    while months_later(day, count) > as_of:
        count -= 1
    return count


def birthdays(day: dt.date, as_of: dt.date) -> int:
    """Count birthdays; one of 29 February is kept on 1 March in a common year."""

    def birthday(year: int) -> dt.date:
        try:
            return dt.date(year, day.month, day.day)
        except ValueError:
            return dt.date(year, 3, 1)

    return as_of.year - day.year - (1 if birthday(as_of.year) > as_of else 0)


def days(day: dt.date, as_of: dt.date) -> int:
    return as_of.toordinal() - day.toordinal()
