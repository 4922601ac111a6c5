"""Reading that cannot write: the database itself refuses it, whatever a query was talked into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def only_reading() -> Iterator[None]:
    """Within it every statement that writes is refused; what is around it may write again afterwards."""
    if connection.vendor == "postgresql":
        # Inside another transaction this is a savepoint, and what it set ends with it.
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            yield
        return
    connection.ensure_connection()
    # Past Django's cursor: after a refused statement that one runs nothing more, and this must be taken back.
    link = connection.connection
    link.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        link.execute("PRAGMA query_only = OFF")
