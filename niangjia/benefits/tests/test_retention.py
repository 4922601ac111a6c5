"""The derived fact "holders with a full year", against an oracle that walks day by day."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache

import pytest
from hypothesis import given, strategies as st

from niangjia.benefits.retention import Job, full_year_on, retention

START = date(2024, 1, 25)


def _same_day_next_year(day: date) -> date:
    """Independent of the code under test: by looking at the calendar of next year's month."""
    days = calendar.monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, days))


@lru_cache(maxsize=4_096)
def _oracle_day(job: Job) -> date:
    """Walk every day of the year that is asked for; the far future when a day of work is missing."""
    first = job.started_on
    while first < job.bound_on:
        first += timedelta(days=1)
    day = first
    while day < _same_day_next_year(first):
        if job.ended_on is not None and day > job.ended_on:
            return date.max
        day += timedelta(days=1)
    return day


def _oracle(jobs: list[Job], on: date) -> int:
    known = [job for job in jobs if job.bound_on <= on]
    return len({job.person_id for job in known if _oracle_day(job) <= on})


def _oracle_next(jobs: list[Job], on: date) -> date | None:
    """The first later day on which somebody new counts, with what is known today of vouchers and jobs."""
    known = [job for job in jobs if job.bound_on <= on]
    for ahead in range(1, 800):
        day = on + timedelta(days=ahead)
        if _oracle(known, day) > _oracle(known, on):
            return day
    return None


days = st.integers(0, 500).map(lambda n: START + timedelta(days=n))
jobs = st.lists(
    st.builds(
        lambda person, spell, bound, started, lasted: Job(
            person, spell, bound, started, None if lasted is None else started + timedelta(days=lasted)
        ),
        st.integers(1, 4), st.integers(1, 10_000), days, days, st.none() | st.integers(300, 420),
    ),
    max_size=6,
)  # fmt: skip


@given(jobs, st.integers(200, 900).map(lambda n: START + timedelta(days=n)))
def test_count_and_next_day_agree_with_walking_every_day(found: list[Job], on: date) -> None:
    state = retention(found, on)
    assert state.count == _oracle(found, on)
    assert state.next_on == _oracle_next(found, on)
    assert len(state.spell_ids) == state.count


@pytest.mark.parametrize(
    ("ended_on", "counts"),
    [(None, True), (date(2026, 8, 18), True), (date(2026, 8, 17), False), (date(2026, 7, 18), False)],
)
def test_last_day_of_work_decides_at_the_boundary(ended_on: date | None, counts: bool) -> None:
    job = Job(1, 10, date(2025, 8, 19), date(2025, 8, 19), ended_on)
    assert retention([job], date(2026, 8, 19)).count == int(counts)


def test_day_before_anniversary_is_not_yet() -> None:
    job = Job(1, 10, date(2025, 8, 19), date(2025, 8, 19), None)
    assert retention([job], date(2026, 8, 18)).next_on == date(2026, 8, 19)
    assert retention([job], date(2026, 8, 18)).count == 0


def test_month_ends_are_clipped() -> None:
    assert full_year_on(Job(1, 1, date(2024, 2, 29), date(2024, 2, 29), None)) == date(2025, 2, 28)
    assert full_year_on(Job(1, 1, date(2023, 2, 28), date(2023, 2, 28), None)) == date(2024, 2, 28)


def test_months_before_binding_do_not_count() -> None:
    job = Job(1, 1, date(2025, 10, 1), date(2025, 1, 1), None)
    assert full_year_on(job) == date(2026, 10, 1)


def test_one_person_with_two_jobs_counts_once() -> None:
    two = [
        Job(1, 1, date(2024, 1, 1), date(2024, 1, 1), date(2025, 6, 1)),
        Job(1, 2, date(2024, 1, 1), date(2025, 7, 1), None),
    ]
    state = retention(two, date(2026, 8, 3))
    assert (state.count, state.spell_ids) == (1, (1,))


def test_holders_need_not_overlap() -> None:
    one_after_another = [
        Job(n, n, date(2019 + n, 1, 1), date(2019 + n, 1, 1), date(2019 + n, 12, 31)) for n in range(1, 6)
    ]
    assert retention(one_after_another, date(2026, 8, 3)).count == 5
