"""A kept connection is tried without a statement, and one that the server ended is noticed."""

from __future__ import annotations

import time
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql import base as django_base

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
