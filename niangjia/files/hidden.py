"""Which lines and columns of an .xlsx are hidden: the reader of cells does not tell, the parts of the package do."""

from __future__ import annotations

import html
import re
import zipfile
from dataclasses import dataclass, field

_TAG = re.compile(rb"<(?:\w+:)?(row|col)\s([^<>]*)>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_WORD = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_YES = (b"1", b"true")
FOLDER, BOOK, RELATIONS = "xl/", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHEETS = "xl/worksheets/"
LONGEST_TAG = 1 << 16
MOST_COLUMNS = 500


@dataclass
class Hidden:
    """Of one sheet, counted from one as table programs do."""

    lines: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


class HiddenScan:
    """Looks for them while a part of the package is unpacked piece by piece."""

    def __init__(self) -> None:
        self.found = Hidden()
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        """Look through the next piece; the last tag of it may go on in the next one."""
        text = self._rest + piece
        at = max(text.rfind(b"<"), len(text) - LONGEST_TAG, 0)
        self._rest = text[at:]
        self._look(text[:at])

    def end(self) -> Hidden:
        """What was found once the part is whole."""
        self._look(self._rest)
        return self.found

    def _look(self, text: bytes) -> None:
        if b"hidden" not in text:
            return
        for tag, said in _TAG.findall(text):
            words = _words(said)
            if words.get(b"hidden") not in _YES:
                continue
            if tag == b"row":
                self.found.lines.add(_number(words.get(b"r", b"")))
            else:
                first, last = _number(words.get(b"min", b"")), _number(words.get(b"max", b""))
                self.found.columns.update(range(max(first, 1), min(last, MOST_COLUMNS) + 1))


def by_sheet(package: zipfile.ZipFile, parts: dict[str, Hidden]) -> dict[str, Hidden]:
    """What was found in the parts, by the name of the sheet that each of them is."""
    try:
        book, relations = package.read(BOOK), package.read(RELATIONS)
    except KeyError:
        return {}
    targets = {one.get(b"Id", b""): one.get(b"Target", b"") for one in map(_words, _RELATION.findall(relations))}
    found = {}
    for sheet in map(_words, _SHEET.findall(book)):
        target = next((targets.get(value, b"") for name, value in sheet.items() if name.endswith(b":id")), b"")
        path = target.decode("utf-8", "replace")
        part = path.removeprefix("/") if path.startswith("/") else FOLDER + path
        if part in parts:
            found[html.unescape(sheet.get(b"name", b"").decode("utf-8", "replace"))] = parts[part]
    return found


def _words(said: bytes) -> dict[bytes, bytes]:
    return {name: one or other for name, one, other in _WORD.findall(said)}


def _number(said: bytes) -> int:
    return int(said) if said.isdigit() and len(said) < 8 else 0
