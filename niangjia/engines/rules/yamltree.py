"""YAML read into a tree that remembers lines and columns, in a small and unsurprising subset.

Only maps, lists, text, whole numbers, dates, true, false and empty exist; `no`, `on` and `012` are
text, as written. Anchors and tags are refused, so that a file means what it shows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from niangjia.engines.rules.errors import Problem, problem

LIMIT = 200_000
DEPTH = 20
WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*(_[0-9]+)*)\Z")
FRACTION = re.compile(r"[-+]?[0-9]*\.[0-9]+\Z|[-+]?[0-9]+\.\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\Z")

Scalar = bool | int | float | str | dt.date | None


@dataclass(frozen=True)
class Tree:
    """One node of a file: a scalar, a map of trees or a list of trees, with its place (from 1)."""

    value: Scalar | dict[str, Tree] | list[Tree]
    line: int
    column: int
    start: int = 0
    end: int = 0
    # How far the text begins after the mark: 1 inside quotes, and None for folded blocks, where
    # an offset into the text says nothing about the column.
    inset: int | None = 0
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def place_of(self, key: str) -> tuple[int, int]:
        """Return the line and column where a key of this map is written."""
        return self.keys.get(key, (self.line, self.column))

    def child(self, key: str) -> Tree | None:
        """Return the content of a key of this map, or nothing."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def plain(self) -> object:
        """Return the content as ordinary Python values."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value


class _Stop(Exception):
    """Reading cannot go on after this problem."""

    def __init__(self, found: Problem) -> None:
        self.found = found
        super().__init__(found.code)


# The parser in C where it is installed: the same events, ten times as fast.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(file: str, text: str, problems: list[Problem]) -> Tree | None:
    """Return the tree of a file, or nothing after adding what is wrong to `problems`."""
    if len(text) > LIMIT:
        problems.append(problem("file-too-large", file, 0, 0, {"limit": str(LIMIT)}))
        return None
    try:
        return _Composer(file, problems, yaml.parse(text, Loader=LOADER)).document()
    except _Stop as stop:
        problems.append(stop.found)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        words = {"detail": str(error.problem or error.context or "")}
        problems.append(problem("yaml-syntax", file, line, column, words))
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        words = {"detail": str(getattr(error, "reason", "") or error).split("\n")[0]}
        problems.append(problem("yaml-syntax", file, line, 1, words))
    except UnicodeError as error:
        line = text.count("\n", 0, getattr(error, "start", 0)) + 1
        problems.append(problem("yaml-syntax", file, line, 1, {"detail": str(error)}))
    return None


@dataclass
class _Composer:
    """Makes trees of the events of one file, as they come."""

    file: str
    problems: list[Problem]
    events: Iterator[yaml.Event]

    def document(self) -> Tree:
        """Return the tree of the only document; an empty file is an empty map."""
        found: Tree | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if found is not None:
                    raise self.stop("yaml-syntax", event, detail="---")
                found = self.node(next(self.events), 0)
        return Tree({}, 1, 1) if found is None else found

    def stop(self, code: str, event: yaml.Event, **words: str) -> _Stop:
        """Return what ends the reading at an event."""
        return _Stop(problem(code, self.file, *_place(event), words))

    def node(self, event: yaml.Event, depth: int) -> Tree:
        """Return the tree that begins with an event, refusing anchors, aliases and tags."""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.stop("yaml-feature", event, name="&/*")
        if getattr(event, "tag", None):
            raise self.stop("yaml-feature", event, name="!")
        if depth > DEPTH:
            raise self.stop("too-long", event)
        if isinstance(event, yaml.MappingStartEvent):
            return self.map(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Tree] = []
            for item in self.events:
                if isinstance(item, yaml.SequenceEndEvent):
                    return Tree(items, *_place(event), _index(event.start_mark), _index(item.end_mark))
                items.append(self.node(item, depth + 1))
        style = getattr(event, "style", None) or None
        value = self.scalar(event, style)
        inset = {None: 0, "'": 1, '"': 1}.get(style)
        return Tree(value, *_place(event), _index(event.start_mark), _index(event.end_mark), inset)

    def map(self, start: yaml.Event, depth: int) -> Tree:
        """Return the map that begins here; a key that comes again is reported and left out."""
        found: dict[str, Tree] = {}
        keys: dict[str, tuple[int, int]] = {}
        end = start
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                end = event
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise self.stop("yaml-feature", event, name="? :")
            if event.anchor or event.tag:
                raise self.stop("yaml-feature", event, name="&" if event.anchor else "!")
            key = str(event.value)
            value = self.node(next(self.events), depth + 1)
            if key in found:
                self.problems.append(problem("key-repeated", self.file, *_place(event), {"name": key}))
                continue
            keys[key], found[key] = _place(event), value
        return Tree(found, *_place(start), _index(start.start_mark), _index(end.end_mark), keys=keys)

    def scalar(self, event: yaml.Event, style: str | None) -> Scalar:
        """Return the value that a scalar stands for; what is quoted is text."""
        text = str(getattr(event, "value", ""))
        if style is not None:
            return text
        if text in {"true", "false"}:
            return text == "true"
        if text in {"", "~", "null"}:
            return None
        if WHOLE.match(text) and len(text) < 40:
            return int(text.replace("_", ""))
        if FRACTION.match(text):
            return float(text)
        if DAY.match(text):
            try:
                return dt.date(*(int(part) for part in text.split("-")))
            except ValueError:
                self.problems.append(problem("date-invalid", self.file, *_place(event), {"value": text}))
                return dt.date(1, 1, 1)
        return text


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def _index(mark: Any) -> int:
    return 0 if mark is None else int(mark.index)
