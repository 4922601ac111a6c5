"""PostgreSQL as Django knows it; only whether a kept connection still stands is seen without asking the server.

Django asks SELECT 1 before the first statement of each page, which was one of seven walks to the server and back.
And a statement that is put together once (`core.prepared`) is read and planned by the server once for a connection.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """What is said of a statement to whoever listens."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> Any:
        """The statement with its values; of one that is kept psycopg does not say it itself."""
        if isinstance(cursor, base.ServerBindingCursor):
            return self.compose_sql(sql, params) if params else sql
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        """As Django's, but what is sent with its values beside it (`kept_rows` alone) is kept from the first time."""
        return super().get_connection_params() | {"prepare_threshold": 0}

    def is_usable(self) -> bool:
        """Whether the connection stands: a server that ended it, or has anything to say, made the socket readable."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return bool(super().is_usable()) if waiting.poll(0) else True

    def kept_rows(self, sql: str, params: Sequence[Any] | None) -> list[tuple[Any, ...]]:
        """The rows of a statement that comes again; without parameters (None) its plan is made once for all."""
        self.ensure_connection()
        this: Any = self  # what Django's own cursors are made with, which its types do not tell
        server_side: Any = base.ServerBindingCursor
        with this._prepare_cursor(server_side(self.connection)) as cursor:
            cursor.execute(sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def written_out(self, sql: str, params: Sequence[Any]) -> str:
        """A statement with its values in it."""
        return str(self.ops.compose_sql(sql, params))
