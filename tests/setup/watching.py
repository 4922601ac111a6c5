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
from pathlib import Path
from threading import get_ident
from types import FrameType
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import Atomic

AUDIT = "federation_auditrow"
# Tables that no act is told of by itself, and why.
NOT_TOLD = {
    "federation_auditseal": "the chain over the rows themselves",
    "federation_feedmark": "how far a reader of the chain has read",
}  # fmt: skip
_LOG_IN, _COMING = "on the way to a log-in, which is told when it opens", "a file that comes; who takes it tells of it"
_MACHINE = "how far the machine is; handing in, approving, each row entered and taking back are told"
# What the house writes without a row of its own, function by function, and why.
TOLD_OTHERWISE = {
    "accounts/services/users.py:create_user": "who opens the account tells of it, in one transaction with this",
    "accounts/services/codes.py:ask_code": _LOG_IN,
    "accounts/services/codes.py:try_code": _LOG_IN,
    "accounts/services/codes.py:_add_one": _LOG_IN,
    "accounts/services/codes.py:_count_row": _LOG_IN,
    "accounts/services/codes.py:forget_old": _LOG_IN,
    "accounts/services/passwords.py:_use_up_one": _LOG_IN,
    "accounts/services/passwords.py:log_in_with_password": _LOG_IN,
    "accounts/services/passwords.py:forget_old": _LOG_IN,
    "accounts/sessions.py:open_session": _LOG_IN,
    "cases/services/contacts.py:_use_up_a_try": "how often an address asked; gone within days",
    "cases/services/contacts.py:forget_tries": "how often an address asked; gone within days",
    "core/duties.py:_claim": "the journal of duties: what a duty does to the registry it tells itself",
    "core/duties.py:_finish": "the journal of duties: what a duty does to the registry it tells itself",
    "federation/services/chain_walks.py:_go_on": "how far a walk along the chain is; asking for it is told",
    "federation/services/tree.py:rebuild_closure": "made of the places in the tree, each of which was told",
    "files/services/uploads.py:begin_upload": _COMING,
    "files/services/uploads.py:take_part": _COMING,
    "files/services/uploads.py:forget_parts": _COMING,
    "policy/services/keeping.py:write": "what the rules make of facts that were told; played again from its row",
    "people/services/roster_undo.py:list_kept": "what a taking back would leave; asking for that is told",
    "people/services/roster_work.py:_check_rows": _MACHINE,
    "people/services/roster_work.py:_finish": _MACHINE,
    "people/services/roster_work.py:_go_on": _MACHINE,
    "people/services/roster_work.py:_layouts": _MACHINE,
    "people/services/roster_work.py:_send_back": _MACHINE,
    "people/services/roster_work.py:_take": _MACHINE,
    "people/services/roster_work.py:_write": _MACHINE,
    "people/services/roster_work.py:check": _MACHINE,
    "people/services/roster_work.py:enter": _MACHINE,
    "people/services/roster_work.py:work_rosters": _MACHINE,
    "people/services/erasure.py:finish_erasures": "that one could not be ended yet; a deletion that ends is told",
    "people/services/roster_forgetting.py:forget_old_rows": "rows as they were read; their term of keeping ended",
}  # fmt: skip
_WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
_HOUSE = f"{Path(__file__).resolve().parents[2] / 'niangjia'}/"
# Nor what writes for whoever calls it: a service then, or a test that tries it.
_NOT_THE_HOUSE = ("/tests/", "/site/demo/", "/migrations/", "/models/", "/core/fields", "/core/newrows")


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
        self._thread = get_ident()  # another thread has a connection of its own, which nobody watches
        self._levels: list[_Level] = []
        self._counted: list[bool] = []

    def entered(self, frame: FrameType | None) -> None:
        """An `atomic` begins."""
        if get_ident() != self._thread:
            return
        counts = _opened_by_the_house(frame)
        self._counted.append(counts)
        if counts:
            self._levels.append(_Level())

    def untold(self) -> list[Unaudited]:
        """What was found, without what has its reason."""
        return sorted(one for one in self.found if one.where not in TOLD_OTHERWISE)

    def left(self, kept: bool) -> None:
        """It ends: kept, or rolled back."""
        if get_ident() != self._thread or not self._counted or not self._counted.pop():
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
        # An update that met no row has changed nothing; of rows put in, SQLite tells the number late.
        if match and (match.group(0).lstrip()[:6].upper() == "INSERT" or context["cursor"].rowcount != 0):
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
    return file.startswith(_HOUSE) and not any(part in file for part in _NOT_THE_HOUSE)


def _opened_by_the_house(frame: FrameType | None) -> bool:
    if frame is not None and frame.f_code.co_filename.endswith("contextlib.py"):
        module = str(getattr(frame.f_locals.get("func"), "__module__", ""))
        return module.startswith("niangjia.") and ".tests" not in module and ".demo" not in module
    return frame is not None and _is_house(frame.f_code.co_filename)


def _writer(frame: FrameType | None) -> str:
    """The function of the house that wrote: the innermost, or the service it works for; empty for a test's own write.

    A test that calls a model, or the inside of a service, writes itself: nobody else can come by that way.
    """
    names: list[tuple[str, str]] = []
    while frame is not None:
        file = frame.f_code.co_filename
        if _is_house(file):
            names.append((file.removeprefix(_HOUSE), frame.f_code.co_name))
        elif "/tests/" in file:
            break
        frame = frame.f_back
    if not names or names[-1][1].startswith("_"):
        return ""
    file, name = next((one for one in names if "/services/" in f"/{one[0]}"), names[0])
    return f"{file}:{name}"


def _tables_of_the_house() -> set[str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models if model.__module__.startswith("niangjia.")} - NOT_TOLD.keys()


@contextmanager
def watching() -> Iterator[WriteWatch]:
    """Watch every write of this thread's connection."""
    watch, enter, leave = WriteWatch(_tables_of_the_house()), Atomic.__enter__, Atomic.__exit__

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
