"""Reading that cannot write: the database itself refuses it, whatever a query was talked into.

On PostgreSQL a list is read in a read-only transaction, which refuses INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY
into a table, sequences, row locks, every change of a table or right, and the same inside functions and DO blocks; it
cannot be turned back into a writing one from within. A second statement behind a semicolon could end it, so that is
refused here.

What remains possible to somebody who talks a query into calling functions: to wait (for ten seconds, then the page
says so), to take advisory locks until the transaction ends, to notify, to change settings of the session, to end other
sessions of the same role (their page fails, nothing is lost), and before PostgreSQL 16 to write large objects, which
no table of ours points at. None of it changes a row.

A role of its own for lists was weighed and left out. Entered with SET LOCAL ROLE it is left by RESET ROLE as a
transaction is by COMMIT: it would take away the ending of other sessions and nothing else, and ask whoever runs a
server for one more role. Only a second connection with a log-in of its own could not be left; it would read beside the
transaction of the request, and take twice the connections. That no statement ever holds what a reader typed is the
first lock (no SQL by hand: `tests/architecture`); this is the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import ProgrammingError, connection, transaction

_reading: ContextVar[bool] = ContextVar("only reading", default=False)


@contextmanager
def only_reading() -> Iterator[None]:
    """Within it every statement that writes is refused; what is around it may write again afterwards.

    One within another is the same: a page that reads three times opens one transaction, not three.
    """
    if _reading.get():
        yield
        return
    before = _reading.set(True)
    try:
        with _refused_by_the_database(), connection.execute_wrapper(_one_statement):
            yield
    finally:
        _reading.reset(before)


def _one_statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    # What readers typed travels beside the statement: a semicolon in it was put there by a mistake of ours.
    if ";" in sql:
        raise ProgrammingError("More than one statement where one is read.")
    return execute(sql, params, many, context)


@contextmanager
def _refused_by_the_database() -> Iterator[None]:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        if connection.in_atomic_block:
            with _savepoint():
                yield
            return
        # Said before it begins, it costs no statement of its own.
        link = connection.connection
        link.read_only = True
        try:
            with transaction.atomic():
                yield
        finally:
            if not link.closed:
                link.read_only = None
        return
    # Past Django's cursor: after a refused statement that one runs nothing more, and this must be taken back.
    link = connection.connection
    link.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        link.execute("PRAGMA query_only = OFF")


@contextmanager
def _savepoint() -> Iterator[None]:
    """Within another transaction: what is set here ends with the savepoint."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield
