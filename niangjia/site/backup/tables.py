"""The rows of every table as text, the same on SQLite and on PostgreSQL, and back into tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, BigAutoField, CharField, JSONField, TextField

READ_ROWS = 2_000
# Who was logged in logs in again: an old log-in must not come back to life with an archive.
LEFT_OUT = {"django_session"}


@dataclass(frozen=True)
class Table:
    """One table as it was read: its columns, and which of them need care."""

    name: str
    key: str
    columns: tuple[str, ...]
    json: tuple[str, ...] = ()  # one database keeps the text, the other the meaning
    numbered: bool = False  # the database gives the keys
    text_key: bool = False

    def described(self) -> dict[str, Any]:
        """For the archive's list of contents."""
        return asdict(self)


def described_table(said: dict[str, Any]) -> Table:
    """The other way round."""
    return Table(
        said["name"], said["key"], tuple(said["columns"]), tuple(said["json"]), said["numbered"], said["text_key"]
    )


def all_tables() -> list[Table]:
    """Every table of the installation whose rows are kept."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if not meta.managed or meta.proxy or meta.db_table in LEFT_OUT or meta.pk is None:
            continue
        fields = meta.concrete_fields
        found.append(
            Table(
                name=meta.db_table,
                key=meta.pk.column,
                columns=tuple(field.column for field in fields),
                json=tuple(field.column for field in fields if isinstance(field, JSONField)),
                numbered=isinstance(meta.pk, AutoField | BigAutoField),
                text_key=isinstance(meta.pk, CharField | TextField),
            )
        )
    return sorted(found, key=lambda table: table.name)


def lines_of(reading: BaseDatabaseWrapper, table: Table) -> Iterator[bytes]:
    """One line of JSON per row, in the order of the key: one text for one content, on either database."""
    quote = reading.ops.quote_name
    columns = ", ".join(quote(column) for column in table.columns)
    # Bytes, not a language's alphabet, order a key that is text.
    order = quote(table.key) + (' COLLATE "C"' if table.text_key and reading.vendor == "postgresql" else "")
    care = [column in table.json for column in table.columns]
    with reading.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {quote(table.name)} ORDER BY {order}")  # noqa: S608  names of ours
        while rows := cursor.fetchmany(READ_ROWS):
            for row in rows:
                yield _line([_plain(value, json_text=at) for value, at in zip(row, care, strict=True)])


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any, *, json_text: bool) -> Any:
    if json_text and value is not None:
        loaded = json.loads(value) if isinstance(value, str) else value
        return json.dumps(loaded, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, int | str):
        return value
    raise TypeError(f"{type(value).__name__} has no place in an archive yet")


class Tally:
    """Counts lines and digests them, so that what was read, kept and restored can be compared."""

    def __init__(self) -> None:
        self.rows, self._digest = 0, hashlib.sha256()

    def add(self, line: bytes) -> None:
        """One more row."""
        self.rows += 1
        self._digest.update(line)

    def told(self) -> dict[str, Any]:
        """Number of rows, and digest."""
        return {"rows": self.rows, "digest": self._digest.hexdigest()}


def tally_of(reading: BaseDatabaseWrapper, table: Table) -> dict[str, Any]:
    """Rows and digest of a table as it stands."""
    tally = Tally()
    for line in lines_of(reading, table):
        tally.add(line)
    return tally.told()


def next_number(reading: BaseDatabaseWrapper, table: Table) -> int:
    """The last key the database gave: it is not given again, even where its row is gone."""
    if not table.numbered:
        return 0
    with reading.cursor() as cursor:
        if reading.vendor == "postgresql":
            cursor.execute(
                "SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass), 0)",
                [f'"{table.name}"', table.key],
            )
        else:
            cursor.execute("SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0)", [table.name])
        return int(cursor.fetchone()[0])


def empty(tables: Iterable[Table]) -> None:
    """Take out what migrations put into new tables: the archive brings its own."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {quote(table.name)}")  # noqa: S608  names of ours


def put_rows(table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows as they were kept; dates and yes/no are read from their text by the database."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(column) for column in table.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(table.columns))
            cursor.executemany(f"INSERT INTO {quote(table.name)} ({columns}) VALUES ({places})", rows)  # noqa: S608


def set_next_number(table: Table, last: int) -> None:
    """Let the database go on counting after the last key it gave."""
    if not table.numbered or not last:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{table.name}"', table.key, last])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last])
