"""Working days, from both sides of a weekend."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.core.workdays import workdays_after, workdays_late

FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = (date(2026, 7, 31), *(date(2026, 8, day) for day in (1, 2, 3, 4)))


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [(MONDAY, 5, date(2026, 8, 10)), (FRIDAY, 1, MONDAY), (SATURDAY, 1, MONDAY), (MONDAY, 0, MONDAY)],
)
def test_a_period_counts_working_days_only(start: date, days: int, last: date) -> None:
    assert workdays_after(start, days) == last


@pytest.mark.parametrize(
    ("due_on", "today", "late"),
    [(FRIDAY, FRIDAY, 0), (FRIDAY, SUNDAY, 0), (FRIDAY, MONDAY, 1), (MONDAY, FRIDAY, 0), (FRIDAY, TUESDAY, 2)],
)
def test_lateness_counts_working_days_only(due_on: date, today: date, late: int) -> None:
    assert workdays_late(due_on, today) == late


def test_a_period_of_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError):
        workdays_after(MONDAY, -1)


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # a week of holidays
        (date(2026, 10, 9), 2, date(2026, 10, 12)),  # Saturday the 10th makes up for one of them
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),  # no notice yet: plain weekdays
    ],
)
def test_holidays_are_no_working_days_and_some_weekends_are(start: date, days: int, last: date) -> None:
    assert workdays_after(start, days) == last


def test_late_over_a_holiday_nobody_is_late() -> None:
    assert workdays_late(date(2026, 9, 30), date(2026, 10, 7)) == 0
    assert workdays_late(date(2026, 9, 30), date(2026, 10, 10)) == 3
