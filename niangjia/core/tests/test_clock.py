from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from niangjia.core import clock


def test_today_is_the_local_date_and_not_that_of_greenwich() -> None:
    with clock.frozen(datetime(2026, 8, 2, 16, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 8, 3)
    with clock.frozen(datetime(2026, 8, 2, 15, 59, tzinfo=UTC)):
        assert clock.today() == date(2026, 8, 2)


def test_a_frozen_clock_stands_still_in_every_thread(frozen: datetime) -> None:
    seen: list[datetime] = []
    thread = threading.Thread(target=lambda: seen.append(clock.now()))
    thread.start()
    thread.join()
    assert seen == [frozen]


def test_frozen_blocks_nest_and_end_even_after_an_error() -> None:
    with clock.frozen(date(2026, 1, 1)):
        with clock.frozen(date(2027, 1, 1)):
            assert clock.today() == date(2027, 1, 1)
        with pytest.raises(KeyError), clock.frozen(date(2028, 1, 1)):
            raise KeyError("something went wrong inside")
        assert clock.today() == date(2026, 1, 1)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_all_processes_of_one_stage_share_one_start(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "from niangjia.core import clock; print(clock._demo_started)"
    monkeypatch.setenv(clock.STARTED_VARIABLE, "1785717000.5")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1785717000.5"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError), clock.frozen(datetime(2026, 1, 1)):
        pass


def test_without_a_demo_stage_the_clock_is_the_real_one() -> None:
    assert not clock.is_demo()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_on_the_demo_stage_the_clock_runs_but_never_leaves_its_day(
    demo_stage: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clock.is_demo()
    monkeypatch.setattr("niangjia.core.clock.time.time", lambda: clock._demo_started + 90)
    assert clock.now() == demo_stage + timedelta(seconds=90)
    monkeypatch.setattr("niangjia.core.clock.time.time", lambda: clock._demo_started + 3 * 86_400)
    assert clock.today() == date(2026, 8, 3)
    assert clock.now() == datetime(2026, 8, 3, 23, 59, tzinfo=clock.LOCAL)
    monkeypatch.setattr("niangjia.core.clock.time.time", lambda: clock._demo_started - 500)
    assert clock.now() == demo_stage, "a clock set back must not move the stage before its start"


@pytest.mark.django_db(transaction=True)
def test_all_rows_of_one_transaction_carry_one_time_on_postgresql() -> None:
    with transaction.atomic():
        first = clock.now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.01)" if connection.vendor == "postgresql" else "SELECT 1")
        second = clock.now()
    assert (second == first) if connection.vendor == "postgresql" else (second >= first)
    assert first.tzinfo is not None
