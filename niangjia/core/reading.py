"""Reading that cannot write: the database itself refuses it, whatever a query was talked into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

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
        with _refused_by_the_database():
            yield
    finally:
        _reading.reset(before)


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
