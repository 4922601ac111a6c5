"""Months and years, with written rules for month ends and for 29 February.

*Adding months* keeps the day of the month and falls back to the last day of a shorter month:
31 January and one month is 28 February (29 in a leap year).

*Months since* is the largest number of months that can be added without passing the day of
reckoning: from 31 January to 28 February one month is complete.

*Years since* counts birthdays. The legal age is reached on the birthday; a birthday of 29 February
counts on 1 March in common years, because no younger day may give a right that the law ties to
an age. It therefore differs from months since divided by twelve, on that one day.

Every back end gives these same answers.
"""

from __future__ import annotations

import calendar
import datetime as dt

from niangjia.engines.rules.errors import RuleOverflow

INT64_MAX = 2**63 - 1
INT64_MIN = -(2**63)
PPM = 1_000_000


def plus_months(day: dt.date, months: int) -> dt.date:
    """Return the day so many months later, clipped to the end of the month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise RuleOverflow(f"plus_months({day}, {months})")
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def plus_days(day: dt.date, days: int) -> dt.date:
    """Return the day so many days later."""
    try:
        return day + dt.timedelta(days=days)
    except OverflowError as error:
        raise RuleOverflow(f"plus_days({day}, {days})") from error


def months_since(day: dt.date, as_of: dt.date) -> int:
    """Return the completed months from a day to the day of reckoning; negative before it."""
    last = calendar.monthrange(as_of.year, as_of.month)[1]
    months = (as_of.year - day.year) * 12 + as_of.month - day.month
    return months - 1 if as_of.day < min(day.day, last) else months


def years_since(day: dt.date, as_of: dt.date) -> int:
    """Return the birthdays reached from a day to the day of reckoning; negative before it."""
    before = (as_of.month, as_of.day) < (day.month, day.day)
    return as_of.year - day.year - int(before)


def days_since(day: dt.date, as_of: dt.date) -> int:
    """Return the days from a day to the day of reckoning; negative before it."""
    return (as_of - day).days


def share(fen: int, ppm: int) -> int:
    """Return so many millionths of an amount, rounded half up once (towards plus infinity)."""
    return whole((fen * ppm + PPM // 2) // PPM)


def whole(value: int) -> int:
    """Return the number, or raise when it leaves the signed 64-bit range."""
    if INT64_MIN <= value <= INT64_MAX:
        return value
    raise RuleOverflow(str(value))
