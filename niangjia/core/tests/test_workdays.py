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
