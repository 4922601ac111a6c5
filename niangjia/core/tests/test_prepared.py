"""Statements put together once: they bring the rows of each asking, and never those of the one before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField, F, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from niangjia.core.prepared import Asked, Prepared, PreparedBy

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 8, 3, tzinfo=UTC)


@pytest.fixture
def sessions(db: None) -> None:
    """Three, each ending a day after the one before."""
    Session.objects.bulk_create(
        Session(session_key=f"k{at}", session_data=f"data {at}", expire_date=DAY + timedelta(days=at))
        for at in range(3)
    )


def build() -> QuerySet[Session]:
    """Sessions of one key that have not ended, with a column beside the model's own."""
    rows = Session.objects.filter(session_key=Asked("key", CharField()), expire_date__gt=Asked("on", DateTimeField()))
    return rows.annotate(ends=F("expire_date"))


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements Django puts together from now on."""
    found: list[str] = []
    as_sql = SQLCompiler.as_sql

    def noted(self: SQLCompiler, *given: Any, **named: Any) -> Any:
        found.append(self.query.model.__name__ if self.query.model else "")
        return as_sql(self, *given, **named)

    monkeypatch.setattr(SQLCompiler, "as_sql", noted)
    return found


def test_each_asking_brings_its_own_values_and_the_statement_is_put_together_once(
    sessions: None, compiled: list[str]
) -> None:
    asked = Prepared(build)

    first = asked(key="k1", on=DAY)
    once = len(compiled)

    assert [(one.session_data, one.ends) for one in first] == [("data 1", DAY + timedelta(days=1))]
    assert [one.session_key for one in asked(key="k2", on=DAY)] == ["k2"]
    assert asked(key="k2", on=DAY + timedelta(days=2)) == []
    assert len(compiled) == once > 0
    assert list(build_of("k2"))
    assert len(compiled) > once


def build_of(key: str) -> QuerySet[Session]:
    """The same in the usual way."""
    return Session.objects.filter(session_key=key, expire_date__gt=DAY)


def test_rows_are_read_anew_each_time(sessions: None) -> None:
    asked = Prepared(build)
    before = asked(key="k1", on=DAY)

    Session.objects.filter(session_key="k1").update(session_data="changed")

    assert asked(key="k1", on=DAY)[0].session_data == "changed"
    assert before[0].session_data == "data 1"
    Session.objects.all().delete()
    assert asked(key="k1", on=DAY) == []


def test_a_missing_value_is_an_error_and_no_value_of_somebody_else(sessions: None) -> None:
    asked = Prepared(build)
    asked(key="k1", on=DAY)

    with pytest.raises(KeyError):
        asked(on=DAY)


def test_what_can_mean_no_row_is_none(sessions: None) -> None:
    assert Prepared(lambda: Session.objects.filter(session_key__in=[]))() == []


def test_by_key_the_oldest_is_dropped_and_asked_again_it_is_the_same(sessions: None) -> None:
    built: list[str] = []
    shelf = PreparedBy(2)

    def rows(key: str) -> list[str]:
        def build() -> QuerySet[Session]:
            built.append(key)
            return build_of(key)

        return [one.session_key for one in shelf(key, build)]

    assert [rows(key) for key in ("k1", "k2", "k1")] == [["k1"], ["k2"], ["k1"]]
    assert built == ["k1", "k2"]
    assert rows("k0") == []  # ended
    assert rows("k2") == ["k2"]
    assert built == ["k1", "k2", "k0", "k2"]
    assert rows("k0") == []
    assert len(built) == 4
