from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from niangjia.core import clock, duties
from niangjia.core.models import DutyRun
from niangjia.core.registries import Registry

pytestmark = pytest.mark.django_db


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, minute, tzinfo=clock.LOCAL)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """A nightly duty at two o'clock; the list says when it ran."""
    monkeypatch.setattr(duties, "duties", Registry[duties.Duty]("duties"))
    times: list[datetime] = []
    duties.register_duty("nightly", "0 2 * * *", lambda: times.append(clock.now()))
    with clock.frozen(at(1, 12)):
        duties.run_due()
    return times


def test_a_new_duty_waits_for_its_next_time(ran: list[datetime]) -> None:
    assert ran == []
    assert DutyRun.objects.get().outcome == duties.NOT_YET


def test_a_duty_runs_once_when_it_is_due_however_often_the_ticker_asks(ran: list[datetime]) -> None:
    for minute in (0, 0, 1, 59):
        with clock.frozen(at(2, 2, minute)):
            duties.run_due()
    assert ran == [at(2, 2)]


def test_it_is_not_due_a_moment_before_its_time(ran: list[datetime]) -> None:
    with clock.frozen(at(2, 2) - timedelta(microseconds=1)):
        assert duties.run_due() == []
    with clock.frozen(at(2, 2)):
        assert duties.run_due() == ["nightly"]


def test_what_was_missed_while_the_machine_was_off_is_made_up_for_once(ran: list[datetime]) -> None:
    with clock.frozen(at(9, 14)):
        assert duties.run_due() == ["nightly"]
        assert duties.run_due() == []
    assert ran == [at(9, 14)]


def test_times_are_local(ran: list[datetime]) -> None:
    assert duties.last_due(duties.duties.get("nightly"), at(3, 9)) == at(3, 2)


def test_of_two_tickers_one_runs_the_duty(ran: list[datetime]) -> None:
    assert duties._claim("nightly", at(2, 2)) is not None
    assert duties._claim("nightly", at(2, 2)) is None
    with clock.frozen(at(2, 3)):
        assert duties.run_due() == []


def test_a_duty_that_fails_is_noted_and_the_others_run(ran: list[datetime]) -> None:
    def breaks() -> None:
        raise RuntimeError("disk is full")

    duties.register_duty("broken", "0 3 * * *", breaks)
    duties.register_duty("later", "0 3 * * *", lambda: "3 rows")
    with clock.frozen(at(2, 1)):
        duties.run_due()
    with clock.frozen(at(2, 3)):
        assert duties.run_due() == ["nightly", "broken", "later"]
    outcomes = dict(DutyRun.objects.filter(due_at=at(2, 3)).values_list("name", "outcome"))
    assert outcomes == {"broken": "failed: RuntimeError", "later": "3 rows"}


def test_since_when_a_duty_fails_is_known_until_it_goes_well_again(ran: list[datetime]) -> None:
    well = [True]
    duties.register_duty("frail", "* * * * *", lambda: f"{1 // well[0]}")
    for minute, goes in enumerate((True, True, False, False)):
        well[0] = goes
        with clock.frozen(at(2, 4, minute)):
            duties.run_due()
    assert duties.failing_since("frail") == at(2, 4, 2)
    assert duties.failing_since("nightly") is None
    well[0] = True
    with clock.frozen(at(2, 5)):
        duties.run_due()
    assert duties.failing_since("frail") is None


def test_a_cron_text_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="soon"):
        duties.register_duty("wrong", "soon", lambda: None)
