"""A table as it leaves the house: rooms below the one that writes files fill it in, and ask for its bytes here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from niangjia.core.registries import Registry


@dataclass(frozen=True)
class Watermark:
    """Who took it, when, for what, under which number: on every page of it, and in the properties of the file."""

    serial: str
    who: str
    when: datetime
    purpose: str
    line: str  # all of it as one line in the reader's language


@dataclass(frozen=True)
class Head:
    """One column: its heading, and whether its whole numbers are fen."""

    label: str
    is_fen: bool = False


@dataclass(frozen=True)
class Table:
    """Headings and rows of plain values: texts, whole numbers, dates."""

    title: str
    note: str
    heads: tuple[Head, ...]
    rows: Sequence[Sequence[str | int | date | None]]
    watermark: Watermark | None = None
    total_label: str = ""  # with it, columns of fen are added up at the foot

    def total_fen(self, column: int) -> int:
        """The sum of one column."""
        return sum(value for row in self.rows if isinstance(value := row[column], int))


# Form of a file (`xlsx`) -> its bytes.
table_writers: Registry[Callable[[Table], bytes]] = Registry("table writers")


def written(form: str, table: Table) -> bytes:
    """The bytes of a table in one form."""
    writer: Any = table_writers.get(form)
    content: bytes = writer(table)
    return content
