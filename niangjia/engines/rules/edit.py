"""Changing a bundle the way a form does, and trying other numbers without changing it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import yaml

from niangjia.engines.rules.errors import Problem, RuleErrors, problem
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.model import Amount, Programme
from niangjia.engines.rules.yamltree import Tree, read

Bundle = dict[str, str]


def with_amounts(programme: Programme, values: Mapping[str, Value]) -> Programme:
    """Return the programme with these numbers for its whole validity, to see what would follow.

    The result keeps the bundle hash of the version it came from: it is for trying, not for deciding.
    """
    amounts: dict[str, Amount] = dict(programme.amounts)
    for code, value in values.items():
        amount = amounts[code]
        entry = replace(amount.entries[0], value=value, to=None, origin="set")
        amounts[code] = replace(amount, entries=(entry,))
    return replace(programme, amounts=amounts)


def set_amount(
    bundle: Mapping[str, str],
    code: str,
    value: Value,
    document: str,
    by: str,
    from_: dt.date | None = None,
) -> Bundle:
    """Return the bundle with a number set by a union, under a document and by somebody.

    Without a day the number replaces the entry that is missing (or the last one) from its own
    beginning; with a later day the earlier entries stay as they were. A missing first entry is
    always replaced from its beginning, so that no day is left without a number.
    """
    tree = _tree(bundle, "amounts.yaml")
    node = _child(tree, "amounts.yaml", code)
    entries = node.plain()
    if not isinstance(entries, list) or not entries or not isinstance(entries[0], dict):
        words = {"name": code, "want_zh": "列表", "want_en": "a list"}
        raise RuleErrors([problem("shape", "amounts.yaml", node.line, node.column, words)])
    rows: list[dict[str, object]] = [dict(entry) for entry in entries if isinstance(entry, dict)]
    open_ones = [row for row in rows if row.get("missing") is True]
    target = open_ones[0] if open_ones else rows[-1]
    begins = target.get("from")
    start = from_ or (begins if isinstance(begins, dt.date) else dt.date(2000, 1, 1))
    kept = [row for row in rows if row is not target or _keeps(row, start)]
    first = not [row for row in kept if _before(row, start)]
    if first and isinstance(begins, dt.date) and begins < start:
        start = begins
    fresh: dict[str, object] = {"from": start, "value": value}
    fresh |= {key: target[key] for key in ("unit",) if key in target}
    fresh["set"] = {"document": document, "by": by}
    kept = [_ended(row, start) for row in kept if row.get("from") != start]
    kept.append(fresh)
    kept.sort(key=lambda row: str(row.get("from")))
    return _put(bundle, "amounts.yaml", node, kept)


def _keeps(row: Mapping[str, object], start: dt.date) -> bool:
    begins = row.get("from")
    return row.get("missing") is not True and isinstance(begins, dt.date) and begins < start


def _before(row: Mapping[str, object], start: dt.date) -> bool:
    begins = row.get("from")
    return isinstance(begins, dt.date) and begins < start


def _ended(row: dict[str, object], start: dt.date) -> dict[str, object]:
    end = row.get("to")
    if _before(row, start) and isinstance(end, dt.date) and end >= start:
        return {**row, "to": start - dt.timedelta(days=1)}
    return row


def choose(bundle: Mapping[str, str], key: str, option: str | Sequence[str]) -> Bundle:
    """Return the bundle with an open choice settled, as in `choose(bundle, "per", ["person"])`."""
    node = _child(_tree(bundle, "programme.yaml"), "programme.yaml", key)
    options = node.value.get("choose") if isinstance(node.value, dict) else None
    wanted = [option] if isinstance(option, str) else list(option)
    allowed = options.plain() if options is not None else None
    lists = [[o] if isinstance(o, str) else o for o in allowed] if isinstance(allowed, list) else []
    if wanted not in lists:
        shown = "、".join("+".join(str(word) for word in one) for one in lists)
        words = {"name": key, "value": "+".join(wanted), "allowed": shown}
        place = ("programme.yaml", node.line, node.column)
        raise RuleErrors([problem("choice-unknown", *place, words)])
    value: object = wanted if key == "per" else wanted[0]
    return _put(bundle, "programme.yaml", node, value)


def set_valid(bundle: Mapping[str, str], from_: dt.date, to: dt.date | None) -> Bundle:
    """Return the bundle with another validity."""
    node = _child(_tree(bundle, "programme.yaml"), "programme.yaml", "valid")
    valid: dict[str, object] = {"from": from_}
    if to is not None:
        valid["to"] = to
    return _put(bundle, "programme.yaml", node, valid)


def _tree(bundle: Mapping[str, str], file: str) -> Tree:
    problems: list[Problem] = []
    if file not in bundle:
        raise RuleErrors([problem("file-missing", file, 0, 0, {"name": file})])
    found = read(file, bundle[file], problems)
    if found is None or problems:
        raise RuleErrors(problems)
    return found


def _child(tree: Tree, file: str, key: str) -> Tree:
    found = tree.value.get(key) if isinstance(tree.value, dict) else None
    if found is None:
        raise RuleErrors([problem("key-missing", file, tree.line, tree.column, {"name": key})])
    return found


def _put(bundle: Mapping[str, str], file: str, node: Tree, value: object) -> Bundle:
    """Return the bundle with one value replaced, leaving every other character of the file."""
    text = bundle[file]
    shown = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000)
    shown = re.sub(r"\n(\.\.\.\n)?\Z", "", shown)
    old = text[node.start : node.end]
    # A block value ends after its last line end; keep that line end and start on a fresh line.
    tail = old[len(old.rstrip()) :]
    return {**bundle, file: text[: node.start] + shown + tail + text[node.end :]}
