"""A recorder of writes: every unit of work that changes a table without writing an audit row is found.

It stands under whatever runs in this process. A unit is the outermost `atomic` that the house's own code opens;
tests write what they like. What was rolled back counts as never written, for the act as for its audit row.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import Atomic

AUDIT = "federation_auditrow"
_WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
_HOUSE, _NOT_THE_HOUSE = "/niangjia/", ("/tests/", "/site/demo/", "/migrations/", "/models/", "/core/fields")


@dataclass(frozen=True, order=True)
class Unaudited:
    """A table that was changed, by which function of the house, and no audit row beside it."""

    where: str
    table: str


@dataclass
class _Level:
    writes: set[Unaudited] = field(default_factory=set)
    is_audited: bool = False


class WriteWatch:
    """What was written in each unit of work that is open, and what was found so far."""

    def __init__(self, watched: set[str]) -> None:
        self.watched = watched
        self.found: set[Unaudited] = set()
        self.units = 0  # that wrote something and told of it
        self._levels: list[_Level] = []
        self._counted: list[bool] = []

    def entered(self, frame: FrameType | None) -> None:
        """An `atomic` begins."""
        counts = _opened_by_the_house(frame)
        self._counted.append(counts)
        if counts:
            self._levels.append(_Level())

    def left(self, kept: bool) -> None:
        """It ends: kept, or rolled back."""
        if not self._counted or not self._counted.pop():
            return
        level = self._levels.pop()
        if not kept:
            return
        if self._levels:
            above = self._levels[-1]
            above.writes |= level.writes
            above.is_audited |= level.is_audited
        elif level.is_audited:
            self.units += 1
        else:
            self.found |= level.writes

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """A statement of the connection."""
        result = execute(sql, params, many, context)
        match = _WRITE.match(sql)
        if match:
            self._wrote(match.group(1).lower())
        return result

    def _wrote(self, table: str) -> None:
        if table == AUDIT:
            if self._levels:
                self._levels[-1].is_audited = True
            return
        where = _writer(sys._getframe(3)) if table in self.watched else ""
        if not where:
            return
        if self._levels:
            self._levels[-1].writes.add(Unaudited(where, table))
        else:
            self.found.add(Unaudited(where, table))


def _is_house(file: str) -> bool:
    return _HOUSE in file and not any(part in file for part in _NOT_THE_HOUSE)


def _opened_by_the_house(frame: FrameType | None) -> bool:
    if frame is not None and frame.f_code.co_filename.endswith("contextlib.py"):
        module = str(getattr(frame.f_locals.get("func"), "__module__", ""))
        return module.startswith("niangjia.") and ".tests" not in module and ".demo" not in module
    return frame is not None and _is_house(frame.f_code.co_filename)


def _writer(frame: FrameType | None) -> str:
    """The function of the house that wrote: the innermost, or the service it works for; empty for a test's own write.

    A test that calls a model itself has no function of the house between itself and the database.
    """
    innermost = ""
    while frame is not None:
        file = frame.f_code.co_filename
        if _is_house(file):
            name = f"{file.split(_HOUSE)[-1]}:{frame.f_code.co_name}"
            innermost = innermost or name
            if "/services/" in file:
                return name
        elif _HOUSE in file and "/tests/" in file:
            break
        frame = frame.f_back
    return innermost


@contextmanager
def watching(watched: set[str]) -> Iterator[WriteWatch]:
    """Watch every write of this thread's connection."""
    watch, enter, leave = WriteWatch(watched), Atomic.__enter__, Atomic.__exit__

    def entering(self: Atomic) -> None:
        enter(self)
        watch.entered(sys._getframe(1))

    def leaving(self: Atomic, kind: Any, value: Any, trace: Any) -> Any:
        found: BaseDatabaseWrapper = connection
        kept = kind is None and not found.needs_rollback
        try:
            return leave(self, kind, value, trace)
        finally:
            watch.left(kept)

    Atomic.__enter__, Atomic.__exit__ = entering, leaving  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(watch.statement):
            yield watch
    finally:
        Atomic.__enter__, Atomic.__exit__ = enter, leave  # type: ignore[method-assign]
