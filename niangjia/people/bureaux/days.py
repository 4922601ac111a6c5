"""Working days between now and when a bureau should have answered: Monday to Friday."""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5


def after_workdays(start: date, days: int) -> date:
    """The day so many working days after one; the first day is not counted."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    return day


def workdays_over(due: date, today: date) -> int:
    """How many working days have passed since a day; none on the day itself or before it."""
    weeks, rest = divmod((today - due).days, 7)
    if weeks < 0:
        return 0
    return weeks * 5 + sum((due + timedelta(days=at)).weekday() < _SATURDAY for at in range(1, rest + 1))
