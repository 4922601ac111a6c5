"""Reads one workbook or text table and writes its cells down as lines of JSON: the child of `sheets`.

Run as `python -m niangjia.files.sheet_child FILE TYPE OUT ROWS CELLS BYTES`, under limits the parent has
set. It knows no database and no keys: whatever a hostile file does, it does to this process. What is hidden
in a table is told too: `{"hidden": name}` for a sheet, which is not read, and for lines and columns, which are. The
last line written is `{"end": true}`; a file that cannot be read gives `{"fault": code}` instead.
"""

from __future__ import annotations

import csv
import datetime
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import python_calamine

from niangjia.files.hidden import SHEETS, Hidden, HiddenScan, by_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
CSV = "text/csv"
MOST_COLUMNS = 500
LONGEST_CELL = 2_000
_CONTROLS = frozenset(chr(code) for code in range(32)) - {"\t", "\n", "\r"}


class Unreadable(Exception):
    """The file cannot be read; the code says why."""


def main(argv: list[str]) -> int:
    """Read, write down, and say how it ended."""
    path, media_type, out, rows, cells, unpacked = argv
    limits = Limits(int(rows), int(cells), int(unpacked))
    with open(out, "w", encoding="utf-8") as file:
        try:
            for line in _lines(Path(path), media_type, limits):
                _write(file, line)
            end: Any = {"end": True}
        except Unreadable as fault:
            end = {"fault": str(fault)}
        except MemoryError:
            end = {"fault": "too_large"}
        except BaseException as error:  # a panic of the reader is no Exception
            end = {"fault": "broken", "kind": type(error).__name__}
        _write(file, end)
    return 0


class Limits:
    """How much of a file is read: rows and cells of all sheets together, bytes once unpacked."""

    def __init__(self, rows: int, cells: int, unpacked: int) -> None:
        self.rows, self.cells, self.unpacked = rows, cells, unpacked

    def count(self, width: int) -> None:
        """Take one row off what is left."""
        self.rows -= 1
        self.cells -= width
        if self.rows < 0:
            raise Unreadable("too_many_rows")
        if width > MOST_COLUMNS or self.cells < 0:
            raise Unreadable("too_many_columns")


def _write(file: TextIO, line: Any) -> None:
    file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _lines(path: Path, media_type: str, limits: Limits) -> Iterator[Any]:
    if media_type == CSV:
        yield from _text_table(path, limits)
        return
    unseen = _unpack(path, limits.unpacked) if media_type == XLSX else {}
    try:
        book = python_calamine.load_workbook(str(path))
    except python_calamine.PasswordError:
        raise Unreadable("locked") from None
    except python_calamine.CalamineError as error:
        raise Unreadable("locked" if "assword" in str(error) else "broken") from None
    seen = False
    for sheet in book.sheets_metadata:
        if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
            yield {"hidden": sheet.name}
            continue
        seen = True
        yield from _sheet(book.get_sheet_by_name(sheet.name), limits, unseen.get(sheet.name, Hidden()))
    if not seen:
        raise Unreadable("no_sheet")


def _unpack(path: Path, most: int) -> dict[str, Hidden]:
    """What is hidden in each sheet; refuse a package that says it unpacks to too much, and one that lies about it."""
    hidden = {}
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            if len(parts) > 2_000 or sum(part.file_size for part in parts) > most:
                raise Unreadable("too_large")
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable("locked")
            # The list at the end of the file is the sender's word; what is read is counted.
            left = most
            for part in parts:
                scan = HiddenScan() if part.filename.startswith(SHEETS) else None
                with package.open(part) as stream:
                    while chunk := stream.read(1 << 20):
                        left -= len(chunk)
                        if left < 0:
                            raise Unreadable("too_large")
                        if scan is not None:
                            scan.feed(chunk)
                if scan is not None:
                    hidden[part.filename] = scan.end()
            return by_sheet(package, hidden)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        raise Unreadable("broken") from None


def _sheet(sheet: Any, limits: Limits, hidden: Hidden) -> Iterator[Any]:
    yield {"sheet": sheet.name}
    if sheet.start is None:
        return
    left = sheet.start[1]
    if sheet.total_height > limits.rows:
        raise Unreadable("too_many_rows")
    merged, seen = _Merged(sheet.merged_cell_ranges or ()), _HiddenRead(hidden)
    for line, row in enumerate(sheet.iter_rows()):
        cells = [""] * left + [_plain(cell) for cell in row]
        # A line with nothing of its own is no row: each row of the table may be merged over two lines.
        is_row = _width(cells) > 0
        merged.fill(line, cells)
        limits.count(_width(cells))
        if is_row:
            seen.note(line + 1, cells)
            yield [line + 1, cells[: _width(cells)]]
    if seen.lines or seen.columns:
        yield {"hidden_lines": seen.lines, "first": seen.first, "hidden_columns": sorted(seen.columns)}


class _HiddenRead:
    """Of what is hidden in a sheet, what holds something and was read."""

    def __init__(self, hidden: Hidden) -> None:
        self._hidden = hidden
        self.lines, self.first = 0, 0
        self.columns: set[int] = set()

    def note(self, line: int, cells: list[Any]) -> None:
        """Note one row that was read."""
        if line in self._hidden.lines:
            self.lines, self.first = self.lines + 1, self.first or line
        self.columns.update(one for one in self._hidden.columns if one <= len(cells) and cells[one - 1] != "")


def _width(cells: list[Any]) -> int:
    width = len(cells)
    while width and cells[width - 1] == "":
        width -= 1
    return width


class _Merged:
    """The merged ranges of a sheet, met line by line: each lends what its first cell holds to the empty ones in it.

    Only ranges are kept, never their cells: a town merged over all its people costs no more than a heading.
    """

    def __init__(self, ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self._waiting = sorted(ranges, reverse=True)
        self._open: dict[int, tuple[int, Any]] = {}  # column -> the last line it is merged to, and with what

    def fill(self, line: int, cells: list[Any]) -> None:
        """Fill the next line."""
        while self._waiting and self._waiting[-1][0][0] <= line:
            (_top, first), (bottom, last) = self._waiting.pop()
            if first < len(cells) and cells[first] != "":
                columns = range(first, min(last + 1, len(cells)))
                self._open.update(dict.fromkeys(columns, (bottom, cells[first])))
        for column, (bottom, value) in list(self._open.items()):
            if bottom < line:
                del self._open[column]
            elif cells[column] == "":
                cells[column] = value


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return _clean(cell)
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, float):
        # Integers are floats in a workbook; beyond 15 digits the table program has rounded them.
        return int(cell) if cell.is_integer() and abs(cell) < 1e18 else cell
    if isinstance(cell, datetime.datetime):
        return {"day": cell.date().isoformat()}
    if isinstance(cell, datetime.date):
        return {"day": cell.isoformat()}
    return cell if isinstance(cell, int) else str(cell)


def _clean(text: str) -> str:
    return "".join(" " if sign in _CONTROLS else sign for sign in text.strip()[:LONGEST_CELL])


def _text_table(path: Path, limits: Limits) -> Iterator[Any]:
    text = _decoded(path.read_bytes())
    yield {"sheet": ""}
    csv.field_size_limit(1 << 20)
    try:
        for row in (reader := csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text))):
            limits.count(len(row))
            cells = [_clean(cell) for cell in row]
            if _width(cells):
                yield [reader.line_num, cells[: _width(cells)]]
    except csv.Error:
        raise Unreadable("broken") from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable("no_table")


def _delimiter(text: str) -> str:
    head = text[:4_000]
    return max(",\t;", key=head.count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
