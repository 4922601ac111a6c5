from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import OperationalError

from niangjia.site.management.commands import ticker

pytestmark = pytest.mark.django_db


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(ticker, "close_old_connections", lambda: None)
    monkeypatch.setattr("niangjia.federation.services.audit.advance_feed", lambda: done.append("feed"))
    monkeypatch.setattr("niangjia.core.duties.run_due", lambda: done.append("duties"))
    return done


def test_each_tick_advances_the_feed_and_runs_what_is_due(turns: list[str]) -> None:
    assert ticker.tick() == ticker.TICK_SECONDS
    assert turns == ["feed", "duties"]


@pytest.mark.parametrize("error", [OperationalError("database is locked"), RuntimeError("a reader broke")])
def test_a_failing_feed_is_waited_for_and_never_ends_the_ticker(
    turns: list[str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("niangjia.federation.services.audit.advance_feed", fail)
    assert ticker.tick() == ticker.PATIENCE_SECONDS
    assert turns == ["duties"], "the duties have their turn all the same"


def test_once_means_once(turns: list[str]) -> None:
    call_command("ticker", once=True)
    assert turns == ["feed", "duties"]
