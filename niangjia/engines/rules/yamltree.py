"""YAML read into a tree that remembers lines and columns, in a small and unsurprising subset.

Only maps, lists, text, whole numbers, dates, true, false and empty exist; `no`, `on` and `012` are
text, as written. Anchors and tags are refused, so that a file means what it shows.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

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


def read(file: str, text: str, problems: list[Problem]) -> Tree | None:
    """Return the tree of a file, or nothing after adding what is wrong to `problems`."""
    if len(text) > LIMIT:
        problems.append(problem("file-too-large", file, 0, 0, {"limit": str(LIMIT)}))
        return None
    try:
        refuse_features(file, text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            return Tree({}, 1, 1)
        return _tree(file, node, problems, 0)
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
    except RecursionError:
        problems.append(problem("too-long", file, 1, 1, {}))
    return None


def refuse_features(file: str, text: str) -> None:
    """Stop at an anchor, an alias or a tag, before anything is expanded."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        name = ""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            name = "&/*"
        elif getattr(event, "tag", None):
            name = "!"
        if name:
            line, column = _place(event)
            raise _Stop(problem("yaml-feature", file, line, column, {"name": name}))


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def _tree(file: str, node: yaml.Node, problems: list[Problem], depth: int) -> Tree:
    start = node.start_mark
    line, column = start.line + 1, start.column + 1
    span = (start.index, node.end_mark.index)
    if depth > DEPTH:
        raise _Stop(problem("too-long", file, line, column, {}))
    if isinstance(node, yaml.MappingNode):
        entries, keys = _map(file, node, problems, depth)
        return Tree(entries, line, column, *span, keys=keys)
    if isinstance(node, yaml.SequenceNode):
        items = [_tree(file, item, problems, depth + 1) for item in node.value]
        return Tree(items, line, column, *span)
    style = node.style if isinstance(node, yaml.ScalarNode) else None
    inset = {None: 0, "'": 1, '"': 1}.get(style)
    value = _scalar(file, node, problems)
    return Tree(value, line, column, *span, inset)


def _map(
    file: str, node: yaml.MappingNode, problems: list[Problem], depth: int
) -> tuple[dict[str, Tree], dict[str, tuple[int, int]]]:
    found: dict[str, Tree] = {}
    keys: dict[str, tuple[int, int]] = {}
    for key_node, value_node in node.value:
        mark = key_node.start_mark
        place = (file, mark.line + 1, mark.column + 1)
        if not isinstance(key_node, yaml.ScalarNode):
            raise _Stop(problem("yaml-feature", *place, {"name": "? :"}))
        key = str(key_node.value)
        if key in found:
            problems.append(problem("key-repeated", *place, {"name": key}))
            continue
        keys[key] = place[1:]
        found[key] = _tree(file, value_node, problems, depth + 1)
    return found, keys


def _scalar(file: str, node: yaml.Node, problems: list[Problem]) -> Scalar:
    text = str(node.value)
    if isinstance(node, yaml.ScalarNode) and node.style is not None:
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
            mark = node.start_mark
            place = (file, mark.line + 1, mark.column + 1)
            problems.append(problem("date-invalid", *place, {"value": text}))
            return dt.date(1, 1, 1)
    return text
