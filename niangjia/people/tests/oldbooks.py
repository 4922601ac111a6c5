"""Workbooks of old programs (.xls) for tests, record by record as they are in BIFF8: no library of ours writes them.

Text stands in the table of shared strings, whole numbers as RK and longer ones as NUMBER, dates as numbers with a
format of dates: as the table programs of towns have written them since 1997.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from niangjia.people.tests.malformed import compound_file, record

# Kinds of records, and the two cell formats every book here has: the first plain, the second a date.
BOF, EOF, BOUNDSHEET, SST, CONTINUE, XF = 0x0809, 0x000A, 0x0085, 0x00FC, 0x003C, 0x00E0
NUMBER, LABELSST, RK, BLANK, MERGED = 0x0203, 0x00FD, 0x027E, 0x0201, 0x00E5
PLAIN, DAY = 0, 1
DATE_FORMAT = 14
FIRST_DAY = date(1899, 12, 30)
MOST_IN_A_RECORD, MOST_RK = 8_224, 1 << 29
Range = tuple[int, int, int, int]  # first line, first column, last line, last column


def old_workbook(
    *sheets: Iterable[Sequence[Any]],
    names: Sequence[str] = (),
    hidden: Iterable[int] = (),
    merged: Iterable[Range] = (),
) -> bytes:
    """An .xls with these sheets; some of them hidden, some cells of the first one merged."""
    texts: dict[str, int] = {}
    bodies = [_sheet(rows, texts, list(merged) if at == 0 else []) for at, rows in enumerate(sheets)]
    head = record(BOF, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    head += b"".join(record(XF, struct.pack("<HH16x", 0, kind)) for kind in (0, DATE_FORMAT))
    called = [names[at] if at < len(names) else f"Sheet{at + 1}" for at in range(len(bodies))]
    tail = _shared(texts) + record(EOF, b"")
    # Each sheet is found by its place in the stream, which the records before it make longer.
    at = len(head) + sum(len(_bound(0, 0, name)) for name in called) + len(tail)
    bounds = b""
    for number, (name, body) in enumerate(zip(called, bodies, strict=True)):
        bounds += _bound(at, int(number in set(hidden)), name)
        at += len(body)
    return compound_file({"Workbook": head + bounds + tail + b"".join(bodies)})


def _bound(place: int, hidden: int, name: str) -> bytes:
    letters = name.encode("utf-16-le")
    return record(BOUNDSHEET, struct.pack("<IBBBB", place, hidden, 0, len(name), 1) + letters)


def _shared(texts: dict[str, int]) -> bytes:
    """The texts of all sheets, going on in further records where one is full."""
    parts = [struct.pack("<II", len(texts), len(texts))]
    for text in texts:
        one = struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
        if len(parts[-1]) + len(one) > MOST_IN_A_RECORD:
            parts.append(b"")
        parts[-1] += one
    return b"".join(record(CONTINUE if at else SST, part) for at, part in enumerate(parts))


def _sheet(rows: Iterable[Sequence[Any]], texts: dict[str, int], merged: Sequence[Range]) -> bytes:
    body = record(BOF, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for line, row in enumerate(rows):
        body += b"".join(_cell(line, column, value, texts) for column, value in enumerate(row))
    ranges = [struct.pack("<4H", top, bottom, first, last) for top, first, bottom, last in merged]
    if ranges:
        body += record(MERGED, struct.pack("<H", len(ranges)) + b"".join(ranges))
    return body + record(EOF, b"")


def _cell(line: int, column: int, value: Any, texts: dict[str, int]) -> bytes:
    if isinstance(value, date):
        return record(NUMBER, struct.pack("<HHHd", line, column, DAY, (value - FIRST_DAY).days))
    if isinstance(value, int) and abs(value) < MOST_RK:
        return record(RK, struct.pack("<HHHi", line, column, PLAIN, value << 2 | 2))
    if isinstance(value, int | float):
        return record(NUMBER, struct.pack("<HHHd", line, column, PLAIN, value))
    if not value:
        return record(BLANK, struct.pack("<HHH", line, column, PLAIN))
    return record(LABELSST, struct.pack("<HHHI", line, column, PLAIN, texts.setdefault(value, len(texts))))
