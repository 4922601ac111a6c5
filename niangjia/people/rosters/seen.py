"""What an officer approved, held beside what is stored now: which rows somebody changed in between, and how."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Mapping
from typing import Any

from niangjia.people.models import RosterImport
from niangjia.people.rosters.judging import CHANGED, NEW, Row

# Under these verdicts the blocks of an approved roster lie until its rows were compared with a new check.
SEEN = {NEW: "seen_new", CHANGED: "seen_chg"}
SINCE = "since"


def still_says(row: Row, verdict: str, differences: list[dict[str, Any]]) -> bool:
    """Whether a row judged anew is what was shown: its verdict, and from what to what it changes each column."""
    return row.verdict == verdict and row.differences == differences


class Seen:
    """The rows as they were approved; asked for each row of a new check, in the order of the file."""

    def __init__(self, roster: RosterImport) -> None:
        self._rows = heapq.merge(*(_of(roster, verdict) for verdict in SEEN), key=lambda found: found[0])
        self._next = next(self._rows, None)
        self._any = self._next is not None

    def compare(self, row: Row) -> None:
        """Note on the row what it showed before, where it shows something else now."""
        if not self._any:
            return
        while self._next is not None and self._next[0] < row.number:
            self._next = next(self._rows, None)
        if self._next is None or self._next[0] != row.number:
            # What was not to go in, and goes in now, changes what nobody has looked at.
            if row.verdict in SEEN:
                row.since = {"was": ""}
            return
        _, verdict, shown = self._next
        if not still_says(row, verdict, shown):
            stored = [(told["column"], told["old"]) for told in row.differences]
            gone = [told for told in shown if (told["column"], told["old"]) not in stored]
            row.since = {"was": verdict, "d": [{"column": told["column"], "old": told["old"]} for told in gone]}


def _of(roster: RosterImport, verdict: str) -> Iterator[tuple[int, str, list[Mapping[str, Any]]]]:
    # One block after the other: a reading left open would keep SQLite from writing what is checked meanwhile.
    blocks = roster.blocks.filter(verdict=SEEN[verdict])
    for pk in list(blocks.order_by("number").values_list("pk", flat=True)):
        for kept in json.loads(blocks.get(pk=pk).rows):
            yield kept["n"], verdict, kept.get("d", [])
