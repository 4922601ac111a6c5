"""Putting a text into every parameter a list declares, or a page reads, and seeing what it does to the queries."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import DataError, connection, transaction

from niangjia.core.errors import NotFoundHere, Refusal, RightMissing
from niangjia.core.reading import only_reading
from niangjia.core.spellings import plain
from niangjia.federation.listing.asked import COUNT, PAGE, SORT, Asked, read
from niangjia.federation.listing.house import union_choices
from niangjia.federation.listing.kinds import Condition, ListKind, list_kinds
from niangjia.federation.listing.pages import ListPage
from niangjia.federation.scopes import Scope, rights_of, scope_of
from tests.permissions.planted import Planted

SLOW_SECONDS = 2.0
TIMEOUT_MS = 10_000
ABOUT = "about"
TURNS = 2
# What an honest reader gives: each shape of a query that one of these brings about is a known one.
HARMLESS = (
    "不在这里", "桐", "abc", "abc def", "1", "0", "77", "13800000102", "99012319800304102X", "2026-08-03", "2026-08",
    "9901", "槐乙花 13800000102", "a" * 61, "zzzzzzzzzzzzzz",
    "桐(乙)", "桐" * 15 + "(乙)", "１２", "（１２）", "１２" + "桐" * 13 + "(乙)", "a'b", "a,b; c", "1 2 3", "1, 2",
)  # fmt: skip
# Whoever of the county holds the right of a list reads it.
READERS = ("county_officer at county", "deputy_chair at county", "auditor at county", "assessor at county")
_OURS = re.compile(r"\s*(?:SAVEPOINT|RELEASE|ROLLBACK|SET |PRAGMA)", re.I)
_MANY = re.compile(r"%s(?:, %s)+")
_NUMBER = re.compile(r"\b(LIMIT|OFFSET) \d+")


@contextmanager
def noting_shapes(shapes: set[str]) -> Iterator[None]:
    """Collect what every statement looks like meanwhile: its text without the values it is given."""

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not _OURS.match(sql):
            shapes.add(_NUMBER.sub(r"\1 n", _MANY.sub("%s", sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield


class Honest:
    """The shapes that honest readers bring about: the next of them asks only where all before do not explain."""

    def __init__(self, asked: Iterator[frozenset[str]]) -> None:
        self._asked = asked
        self._known: set[str] = set()

    def without(self, shapes: frozenset[str]) -> frozenset[str]:
        """Those of these shapes that no honest reader brings about."""
        while (strange := shapes - self._known) and (more := next(self._asked, None)) is not None:
            self._known |= more
        return strange


@dataclass(frozen=True)
class Seen:
    """What one question brought: the rows in words, in order, and the shapes of its statements."""

    rows: tuple[str, ...]
    shapes: frozenset[str]
    fault: str = ""
    seconds: float = 0.0


class _Asks(BaseException):
    """A statement is about to be sent; past every `except Exception` on the way."""


def _trip(*_told: Any) -> Any:
    raise _Asks


@dataclass
class ListDoors:
    """One list as one reader opens it, and the texts he may put behind its question mark."""

    kind: ListKind
    scope: Scope
    about: str
    beside: Mapping[str, str] = field(default_factory=dict)  # what else is asked, where nothing stands in it else
    _honest: dict[str, Honest] = field(default_factory=dict)
    _shown: dict[tuple[Any, ...], Seen] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Every parameter: conditions, order, page, count, and what the list is about."""
        return [*(one.code for one in self.kind.conditions), SORT, PAGE, COUNT, ABOUT]

    def ask(self, name: str, text: str) -> Seen:
        """One text in one parameter: understood as the page understands it, then shown as the page shows it.

        What is understood alike is shown once: a list is read from what was understood alone.
        """
        shapes: set[str] = set()
        sent, about = (self.beside, text[:20]) if name == ABOUT else ({**self.beside, name: text}, self.about)
        began = time.monotonic()
        try:
            asked = self._understood(sent, shapes)
        except Exception as broken:  # whatever it is: the page would answer 500
            return Seen((), frozenset(shapes), f"breaks with {type(broken).__name__}: {broken}")
        seconds = time.monotonic() - began
        given = tuple((one.condition.code, one.value) for one in asked.given)
        key = (given, asked.sort, asked.backwards, asked.page, asked.whole, about)
        if key not in self._shown:
            self._shown[key] = self._show(asked, about)
        shown = self._shown[key]
        return replace(shown, shapes=shown.shapes | shapes, seconds=max(seconds, shown.seconds))

    def _understood(self, sent: Mapping[str, Any], shapes: set[str]) -> Asked:
        """What the page understands; only where that asks the database something stands a savepoint around it."""
        with suppress(_Asks), connection.execute_wrapper(_trip):
            return read(self.kind, self.scope, sent, self._keep)
        with transaction.atomic(), only_reading(), noting_shapes(shapes):
            return read(self.kind, self.scope, sent, self._keep)

    def _keep(self, name: str, read: Callable[[], Any], *, if_true: bool = False) -> Any:
        """As a session keeps what stands around the rows; the unions on offer were two fifths of all statements."""
        if name not in self._kept:
            self._kept[name] = read()
        return self._kept[name]

    def _show(self, asked: Asked, about: str) -> Seen:
        """The rows, and their count; taken once more where it took long, for the machine may have been busy."""
        quickest: Seen | None = None
        for _turn in range(TURNS):
            shapes: set[str] = set()
            rows, fault, began = (), "", time.monotonic()
            try:
                with transaction.atomic(), only_reading(), noting_shapes(shapes):
                    page = ListPage(self.kind, self.scope, asked, about)
                    rows = tuple(f"{line.url} {list(map(str, line.values.values()))}" for line in page.lines)
                    if page.total.number < len(rows):
                        fault = "counts fewer than it shows"
            except (NotFoundHere, RightMissing, Refusal):
                rows = ()
            except DataError as broken:
                # The letter NUL comes no further than the door: see `LettersMiddleware` and its tests.
                fault = "" if "NUL" in str(broken) and "\0" in about else f"breaks with DataError: {broken}"
            except Exception as broken:
                fault = f"breaks with {type(broken).__name__}: {broken}"
            seen = Seen(rows, frozenset(shapes), fault, time.monotonic() - began)
            quickest = seen if quickest is None or seen.seconds < quickest.seconds else quickest
            if quickest.seconds < SLOW_SECONDS:
                break
        assert quickest is not None
        return quickest

    @cached_property
    def plain(self) -> Seen:
        """The list as it stands when nothing is asked."""
        return self.ask(COUNT, "")

    def condition(self, name: str) -> Condition | None:
        """The condition of this name."""
        return next((one for one in self.kind.conditions if one.code == name), None)

    def honest(self, name: str) -> Honest:
        """What honest readers bring about with this parameter."""
        if name not in self._honest:
            self._honest[name] = Honest(self.ask(name, text).shapes for text in self._honest_texts(name))
        return self._honest[name]

    def _honest_texts(self, name: str) -> Iterator[str]:
        yield from (*HARMLESS, self.about)
        found = self.condition(name)
        if found is not None and found.choices is not None:
            yield from (text for text, _words in found.choices(self.scope))
        if name == SORT:
            yield from (f"{sign}{one.code}" for one in self.kind.columns for sign in ("", "-"))

    def strike(self, name: str, text: str) -> Iterator[str]:
        """What a hostile text does that it must not."""
        before = self.plain  # first: whoever opens a list reads what is kept of it; no text is blamed for that
        seen = self.ask(name, text)
        if seen.fault:
            yield seen.fault
        if seen.seconds > SLOW_SECONDS:
            yield f"takes {seen.seconds:.1f} s"
        if strange := self.honest(name).without(seen.shapes - before.shapes):
            yield f"asks the database something else: {sorted(strange)[0][:200]}"
        if wrong := self._wrong(name, text, seen):
            yield f"finds {wrong}"

    def _wrong(self, name: str, text: str, seen: Seen) -> str:
        """Rows that a text which matches nothing does not find."""
        found = self.condition(name)
        if found is None:
            if name == ABOUT:
                is_other = seen.rows and seen.rows not in (self.ask(ABOUT, "").rows, self.plain.rows)
                return f"{len(seen.rows)} rows of another list" if is_other else ""
            if name == PAGE and seen.rows != self.plain.rows:
                return "another page" if seen.rows and not text.strip().isascii() else ""
            return "" if seen.rows == self.plain.rows else "other rows, or another order"
        typed = plain(text).strip()
        if found.form == "number" and found.choices is None and typed.isascii() and typed.isdigit():
            number = str(int(typed))
            return "" if seen.rows == self.ask(name, number).rows else "other rows than its number"
        foreign = [row for row in seen.rows if text.strip().casefold() not in row.casefold()]
        return f"{len(foreign)} rows in which it does not stand" if foreign and text.strip() else ""


def list_doors(planted: Planted) -> Iterator[ListDoors]:
    """Every list of the house, opened by whoever may, so that most stands in it: about what of his, asked for what."""
    users = [planted.callers[name].user for name in READERS if name in planted.callers]
    ids = {text for code in ("town-a", "county") for text in planted.units[code].ids.values() if len(text) == 14}
    about = ["", *sorted(ids)]
    for kind in list_kinds.all():
        scope = next(scope_of(user, kind.right) for user in users if kind.right in rights_of(user))
        kind = _with_choices_read_once(kind, scope)
        first = ListDoors(kind, scope, "")
        yield first if first.plain.rows else _fullest(kind, scope, about)


def _with_choices_read_once(kind: ListKind, scope: Scope) -> ListKind:
    """The same list: what it offers to choose from depends on the reader, never on what he types."""
    kept = {
        one.code: list(one.choices(scope))
        for one in kind.conditions
        if one.choices is not None and one.choices is not union_choices
    }
    return replace(
        kind,
        conditions=tuple(
            replace(one, choices=lambda _scope, code=one.code: kept[code]) if one.code in kept else one
            for one in kind.conditions
        ),
    )


def _fullest(kind: ListKind, scope: Scope, about: list[str]) -> ListDoors:
    tried = [ListDoors(kind, scope, text) for text in about]
    best = max(tried, key=lambda one: len(one.plain.rows))
    if best.plain.rows:
        return best
    chosen = (
        ListDoors(kind, scope, text, {one.code: choice})
        for one in kind.conditions
        if one.choices is not None
        for choice, _words in one.choices(scope)
        for text in about
    )
    return next((one for one in chosen if one.plain.rows), best)
