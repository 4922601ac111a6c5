"""A kept connection is tried without a statement, one that the server ended is noticed, and statements are kept."""

from __future__ import annotations

import time
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.backends.postgresql import base as django_base
from django.db.models import CharField
from django.test.utils import CaptureQueriesContext

from niangjia.core.prepared import Asked, Prepared

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What goes to the server from now on."""
    found: list[str] = []
    execute = psycopg.Cursor.execute

    def noted(self: Any, query: Any, *given: Any, **named: Any) -> Any:
        found.append(str(query))
        return execute(self, query, *given, **named)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)
    return found


def test_a_standing_connection_is_tried_without_a_statement(asked: list[str]) -> None:
    connection.ensure_connection()
    asked.clear()

    assert connection.is_usable()
    assert asked == []
    assert django_base.DatabaseWrapper.is_usable(connection)  # control: as Django does it
    assert asked == ["SELECT 1"]


def test_a_connection_the_server_ended_is_no_longer_usable() -> None:
    connection.ensure_connection()
    ended = connection.connection.info.backend_pid
    told = connection.get_connection_params()
    with psycopg.connect(**{**told, "cursor_factory": psycopg.Cursor, "context": None}, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [ended])
    for _ in range(100):
        if not connection.is_usable():
            break
        time.sleep(0.05)

    assert not connection.is_usable()

    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    assert connection.is_usable()


def test_no_connection_is_not_usable() -> None:
    connection.close()

    assert not connection.is_usable()


def kept() -> dict[str, int]:
    """What the server keeps for this connection: each statement with how many values it waits for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, cardinality(parameter_types) FROM pg_prepared_statements")
        return dict(cursor.fetchall())


def test_a_statement_that_is_put_together_once_is_kept_by_the_server_with_its_plan() -> None:
    by_key = Prepared(lambda: Session.objects.filter(session_key=Asked("key", CharField())))
    of_one = Prepared(lambda: Session.objects.filter(session_key="100% 's"))
    Session.objects.create(session_key="100% 's", session_data="it's", expire_date="2026-08-03T00:00:00Z")
    before = kept()

    for _ in range(2):
        assert [one.session_data for one in by_key(key="100% 's")] == ["it's"]
        assert [one.session_data for one in of_one()] == ["it's"]

    new = {statement: waits for statement, waits in kept().items() if statement not in before}
    assert sorted(new.values()) == [0, 1]
    assert list(Session.objects.filter(session_key="other")) == []  # control: as Django asks it
    assert len(kept()) == len(before) + 2


def test_whoever_listens_is_told_a_kept_statement_with_its_values() -> None:
    by_key = Prepared(lambda: Session.objects.filter(session_key=Asked("key", CharField())))
    of_one = Prepared(lambda: Session.objects.filter(session_key="oak"))
    with CaptureQueriesContext(connection) as told:
        by_key(key="elm")
        of_one()

    assert ["'elm'" in one["sql"] for one in told] == [True, False]
    assert ["'oak'" in one["sql"] for one in told] == [False, True]


def test_it_is_kept_through_a_transaction_that_is_taken_back_and_lost_with_its_connection() -> None:
    by_key = Prepared(lambda: Session.objects.filter(session_key=Asked("key", CharField())))
    with transaction.atomic():
        Session.objects.create(session_key="new", session_data="x", expire_date="2026-08-03T00:00:00Z")
        assert len(by_key(key="new")) == 1
        transaction.set_rollback(True)
    assert by_key(key="new") == []

    connection.close()
    assert by_key(key="new") == []
