"""Opening the tables that refuse changes: for emptying a test database and for tests that tamper, nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

_CHECK_NOW, _CHECK_LATER = "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"


@contextlib.contextmanager
def guards_lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Every trigger of every room is off inside the block, and stands again after it."""
    if connection.vendor == "postgresql":
        tables = _rows(
            connection, "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
        )
        # A table with checks still waiting for the end of the transaction cannot be altered.
        off = [_CHECK_NOW, *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables), _CHECK_LATER]
        on = [_CHECK_NOW, *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables), _CHECK_LATER]
    else:
        off = [
            f"DROP TRIGGER {name}"
            for name in _rows(connection, "SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ]
        on = _rows(connection, "SELECT sql FROM sqlite_master WHERE type = 'trigger'")
    _run(connection, off)
    try:
        yield
    finally:
        _run(connection, on)


def _rows(connection: BaseDatabaseWrapper, query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [str(row[0]) for row in cursor.fetchall()]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
