"""Spreadsheets in: a workbook is read by a child process under limits, and arrives as plain cells.

The child may read so many rows and unpack so many bytes, in so much memory and time; whatever
happens to it, this process gets lines of cells or a sentence (`SheetRefused`).
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core.errors import Refusal
from niangjia.files.children import ChildTooSlow, run_child
from niangjia.files.models import StoredFile
from niangjia.files.services.contents import plain_copy
from niangjia.files.services.store import XLS

# A cell: text, a number, yes or no, or {"day": "2026-08-03"}; an empty one is "".
Cell = Any


@dataclass(frozen=True)
class SheetLimits:
    """What a workbook may cost: rows and cells, bytes once unpacked, bytes of memory, seconds.

    200,000 rows of eleven columns take 320 MB and five seconds of a processor, also where three of the columns are
    merged over every two rows.
    """

    rows: int = 200_000
    cells: int = 6_000_000
    unpacked: int = 400 * 1024 * 1024
    memory: int = 512 * 1024 * 1024
    seconds: float = 30.0


LIMITS = SheetLimits()


@dataclass(frozen=True)
class SheetRow:
    """One row that is not empty: its sheet (no name in a text table), its line there, its cells."""

    sheet: str
    line: int
    cells: tuple[Cell, ...]


class SheetRefused(Refusal):
    """The workbook cannot be read; `code` says which way, to be kept and told again."""

    def __init__(self, code: str) -> None:
        super().__init__(FAULTS[code])
        self.code = code


FAULTS: dict[str, str | Promise] = {
    "broken": _(
        "The file is damaged, or is no workbook in spite of its name. Nothing was entered. "
        "Open it in your table program, save it as .xlsx, and send it again."
    ),
    "locked": _(
        "The workbook is locked with a password. Nothing was entered. "
        "Take the password off, save it, and send it again."
    ),
    "too_large": _(
        "The workbook unpacks to far more than a roster holds. Nothing was entered. "
        "Copy the rows into a new workbook and send that."
    ),
    "too_many_rows": _(
        "The table has more than 200,000 rows. Nothing was entered. "
        "Delete the empty rows at its end, or send it in parts."
    ),
    "too_many_columns": _(
        "The table has far more columns than a roster needs. Nothing was entered. "
        "Copy the columns that are needed into a new workbook and send that."
    ),
    "too_slow": _(
        "Reading the workbook took too long and was stopped. Nothing was entered. "
        "Copy the rows into a new workbook and send that."
    ),
    "no_sheet": _(
        "The workbook has no visible sheet with rows. Nothing was entered. "
        "Unhide the sheet, or choose another file."
    ),
    "no_table": _(
        "This is no table: neither a workbook nor text in UTF-8 or GBK. Nothing was entered. "
        "Please choose another file."
    ),
}  # fmt: skip


@contextlib.contextmanager
def sheet_rows(file: StoredFile, limits: SheetLimits = LIMITS) -> Iterator[SheetRows]:
    """The rows of a stored workbook, to be gone through as often as needed; raises `SheetRefused` before the first.

    Hidden sheets are left out: what nobody saw, nobody approved. Hidden lines and columns of the others are read,
    and `hidden` says so.
    """
    with tempfile.TemporaryDirectory(prefix="niangjia-sheet-") as folder:
        out = Path(folder) / "cells"
        with plain_copy(file.digest, Path(folder)) as path:
            _run_child(path, file.media_type, out, limits)
        _refuse_fault(out)
        yield SheetRows(out, file.media_type)


def _run_child(path: Path, media_type: str, out: Path, limits: SheetLimits) -> None:
    words = [str(path), media_type, str(out), str(limits.rows), str(limits.cells), str(limits.unpacked)]
    try:
        ended = run_child("niangjia.files.sheet_child", words, memory=limits.memory, seconds=limits.seconds)
    except ChildTooSlow:
        raise SheetRefused("too_slow") from None
    # Ended by the limit on memory, or by a fault of the reader that Python does not see.
    if ended != 0:
        raise SheetRefused("too_large" if ended < 0 else "broken")


def _refuse_fault(out: Path) -> None:
    with out.open("rb") as file:
        file.seek(max(0, out.stat().st_size - 200))
        last = file.read().decode("utf-8", errors="replace").rstrip("\n").rpartition("\n")[2]
    end = json.loads(last) if last.startswith("{") else {}
    if "end" not in end:
        raise SheetRefused(end.get("fault", "broken"))


class SheetRows:
    """What the child wrote down."""

    def __init__(self, out: Path, media_type: str) -> None:
        self._out, self._media_type = out, media_type

    def __iter__(self) -> Iterator[SheetRow]:
        sheet = ""
        for line in self._lines(with_rows=True):
            if isinstance(line, list):
                yield SheetRow(sheet, line[0], tuple(line[1]))
            else:
                sheet = line.get("sheet", sheet)

    def hidden(self) -> dict[str, Any]:
        """What is hidden in the table, to be kept and told: `sheets` were not read, `read` was read all the same.

        Of an .xls no reader of ours knows its hidden lines and columns: there `untold` is true.
        """
        sheet, sheets, read = "", [], []
        for line in self._lines(with_rows=False):
            sheet = line.get("sheet", sheet)
            if "hidden" in line:
                sheets.append(line["hidden"])
            if "hidden_lines" in line:
                columns = [column_letters(one) for one in line["hidden_columns"]]
                read.append({"sheet": sheet, "lines": line["hidden_lines"], "first": line["first"], "columns": columns})
        return {"sheets": sheets, "read": read, "untold": self._media_type == XLS}

    def _lines(self, *, with_rows: bool) -> Iterator[Any]:
        with self._out.open(encoding="utf-8") as file:
            for text in file:
                if with_rows or text.startswith("{"):
                    yield json.loads(text)


def column_letters(number: int) -> str:
    """A column as table programs call it: A for the first, AA after Z."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
