"""Working days: Monday to Friday, except as the yearly notice of public holidays says (`holidays.yaml`)."""

from __future__ import annotations

from datetime import date, timedelta

from niangjia.core.holidays import SATURDAY, exception_on


def is_workday(day: date) -> bool:
    """Monday to Friday, but no public holiday; or a day of a weekend that makes up for one.

    In a year whose notice is not known, Monday to Friday.
    """
    told = exception_on(day)
    return day.weekday() < SATURDAY if told is None else told


def workdays_after(start: date, days: int) -> date:
    """The last of so many working days after a day, which is not counted itself.

    So a period is reckoned (《中华人民共和国民法典》 article 201): from Monday 3 August five working
    days last until Monday 10 August. None at all means the day itself.
    """
    if days < 0:
        raise ValueError(days)
    day, left = start, days
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)
    return day


def workdays_late(due_on: date, today: date) -> int:
    """How many working days have begun since the last day of a period; none until it is over.

    Due on a Friday and looked at on Sunday, nothing is late yet: nobody could have acted since.
    """
    day, late = due_on, 0
    while day < today:
        day += timedelta(days=1)
        late += is_workday(day)
    return late
