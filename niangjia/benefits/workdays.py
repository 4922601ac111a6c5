"""Working days of a public notice: Monday to Friday; public holidays and make-up days are not known yet."""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5


def is_workday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < _SATURDAY


def last_day_of_notice(starts_on: date, days: int) -> date:
    """The last of so many working days after the day a notice went up.

    The day it goes up is not counted (《中华人民共和国民法典》 article 201): up on Monday 3 August for
    five working days means until Monday 10 August. None at all means the day itself.
    """
    if days < 0:
        raise ValueError(days)
    day, left = starts_on, days
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)
    return day
