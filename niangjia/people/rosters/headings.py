"""Finding the headings of a sheet and what each means: titles above, two rows of headings, any order.

A heading is first what an officer of this union once said it is, then what the kind knows. The same
heading means the same in every sheet of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from niangjia.people.rosters.cells import as_text, is_empty
from niangjia.people.rosters.kinds import Column, RosterKind

SEARCHED_LINES = 30
LONGEST_HEADING = 80
FEWEST_KNOWN = 2
_DROPPED = str.maketrans("", "", " \u3000\t:：*＊()（）[]【】、,，./\"'“”")
Cells = Sequence[Any]


@dataclass
class SheetLayout:
    """One sheet: the lines its headings stand on (0 for none found), and the headings by place."""

    sheet: str
    line: int = 0
    depth: int = 1
    headings: list[str] = field(default_factory=list)
    known: int = 0


def plain(heading: str) -> str:
    """A heading without the blanks and signs that differ from table to table."""
    return heading.translate(_DROPPED).casefold()[:LONGEST_HEADING]


class Headings:
    """What headings mean for one kind and one union."""

    def __init__(self, kind: RosterKind, remembered: Mapping[str, str]) -> None:
        self._columns = kind.all_columns()
        self._known = {plain(name): column.code for column in self._columns.values() for name in _names(column)}
        # What an officer said once stands above what the kind knows; a column that went is forgotten.
        self._known |= {name: code for name, code in remembered.items() if code == "" or code in self._columns}

    def meaning(self, heading: str) -> str:
        """The code of the column, or empty."""
        return self._known.get(plain(heading), "")

    def mapping(self, headings: Sequence[str]) -> dict[int, str]:
        """Place to column; of two headings with one meaning the first counts."""
        found: dict[int, str] = {}
        for place, heading in enumerate(headings):
            code = self.meaning(heading)
            if code and code not in found.values():
                found[place] = code
        return found

    def missing(self, codes: Iterable[str]) -> list[Column]:
        """Required columns that are not among these."""
        there = set(codes)
        return [column for column in self._columns.values() if column.required and column.code not in there]

    def find(self, sheet: str, lines: Sequence[tuple[int, Cells]]) -> SheetLayout:
        """The layout of a sheet from its first lines: where most headings are known, else where they may stand."""
        best = SheetLayout(sheet)
        for at, (number, cells) in enumerate(lines):
            following = lines[at + 1] if at + 1 < len(lines) else None
            for headings, depth in _readings(cells, following, number):
                known = len(self.mapping(headings))
                # One row suffices where the row below tells nothing more.
                if known > best.known:
                    best = SheetLayout(sheet, number, depth, headings, known)
        return best if best.known >= FEWEST_KNOWN else _likely(sheet, lines)


def _names(column: Column) -> tuple[str, ...]:
    return (*column.headings, str(column.label))


def _readings(cells: Cells, following: tuple[int, Cells] | None, number: int) -> Iterable[tuple[list[str], int]]:
    top = _texts(cells)
    yield top, 1
    if following is None or following[0] != number + 1:
        return
    bottom = _texts(following[1])
    if not any(len(text) <= LONGEST_HEADING and text for text in bottom):
        return
    width = max(len(top), len(bottom))
    top, bottom = top + [""] * (width - len(top)), bottom + [""] * (width - len(bottom))
    yield [_joined(upper, lower) for upper, lower in zip(top, bottom, strict=True)], 2


def _joined(upper: str, lower: str) -> str:
    # A group above its parts (联系方式: 手机, 住址) gives way to the part; a cell merged downwards is itself.
    return upper if not lower or lower == upper or any(sign.isdigit() for sign in lower) else lower


def _texts(cells: Cells) -> list[str]:
    return ["" if is_empty(cell) or not isinstance(cell, str) else as_text(cell)[:LONGEST_HEADING] for cell in cells]


def _likely(sheet: str, lines: Sequence[tuple[int, Cells]]) -> SheetLayout:
    """Where headings may stand though none is known: the first line of several short texts without digits."""
    for number, cells in lines:
        texts = _texts(cells)
        told = [text for text in texts if text and len(text) <= 20 and not any(sign.isdigit() for sign in text)]
        if len(told) >= FEWEST_KNOWN and len(set(told)) == len(told) and len(told) * 2 >= len(cells):
            return SheetLayout(sheet, number, 1, texts, 0)
    return SheetLayout(sheet)
