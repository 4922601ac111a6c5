"""Reading `amounts.yaml`: dated numbers and band tables, each with its unit and origin."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.model import Amount, Entry
from niangjia.engines.rules.reader import Reader
from niangjia.engines.rules.tree import Kind
from niangjia.engines.rules.yamltree import Tree

ENTRY_KEYS = (
    "from",
    "to",
    "value",
    "bands",
    "unit",
    "on",
    "stated",
    "set",
    "derived",
    "missing",
    "line",
    "note",
)
ORIGINS = ("stated", "set", "derived", "missing")


def kind_of(unit: str) -> Kind:
    """Return the kind that a unit stands for; any other word is a unit of whole numbers."""
    if unit in {"fen", "ppm", "date", "code", "bool"}:
        return Kind(unit)
    return Kind("int", "" if unit == "number" else unit)


def fits(value: object, kind: Kind) -> bool:
    """Return whether a value may be written for this kind."""
    wanted: dict[str, type] = {"bool": bool, "date": dt.date, "code": str}
    if kind.type in wanted:
        return isinstance(value, wanted[kind.type])
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True)
class _Raw:
    """One entry with the kinds it declares and its place."""

    entry: Entry
    kind: Kind | None
    over: Kind | None
    tree: Tree


def load_amounts(reader: Reader, tree: Tree, valid: tuple[dt.date, dt.date | None]) -> dict[str, Amount]:
    """Return the amounts of a programme; each covers the whole validity."""
    found: dict[str, Amount] = {}
    for code, node in reader.entries(tree, "amounts.yaml").items():
        reader.identifier(code, tree.place_of(code))
        raws = [_entry(reader, code, item) for item in reader.items(node, code)]
        if not raws:
            if isinstance(node.value, list):
                reader.report("key-missing", node, name=code)
            continue
        kinds = {raw.kind for raw in raws if raw.kind is not None}
        overs = {raw.over for raw in raws}
        if not kinds:
            reader.report("amount-unit", raws[0].tree, name=code)
            continue
        if len(kinds) > 1 or len(overs) > 1:
            reader.report("amount-mixed", raws[-1].tree, name=code)
        kind = next(raw.kind for raw in raws if raw.kind is not None)
        _cover(reader, code, raws, valid)
        entries = tuple(raw.entry for raw in raws)
        found[code] = Amount(code, kind, entries, raws[0].over)
    return found


def _entry(reader: Reader, code: str, tree: Tree) -> _Raw:
    parts = reader.entries(tree, code)
    reader.known(tree, ENTRY_KEYS)
    start = reader.day(reader.need(tree, "from"), "from")
    end = reader.day(parts["to"], "to") if "to" in parts else None
    if end is not None and end < start:
        reader.report("period-backwards", parts["to"])
    origin = _origin(reader, tree, parts)
    document, by = _setting(reader, parts.get("set"))
    unit = reader.text(parts["unit"], "unit") if "unit" in parts else ""
    kind = kind_of(unit) if unit else None
    line = str(parts["line"].value) if "line" in parts else ""
    if "bands" in parts or "on" in parts:
        over = kind_of(reader.text(parts["on"], "on")) if "on" in parts else Kind("fen")
        bands = _bands(reader, code, parts["bands"], kind, over) if "bands" in parts else ()
        entry = Entry(start, end, None, origin, bands, document, by, line)
        return _Raw(entry, kind, over, tree)
    value = _value(reader, code, tree, parts, origin, kind)
    if kind is None and value is not None:
        kind = _implied(value)
    return _Raw(Entry(start, end, value, origin, (), document, by, line), kind, None, tree)


def _implied(value: Value) -> Kind:
    if isinstance(value, bool):
        return Kind("bool")
    if isinstance(value, dt.date):
        return Kind("date")
    return Kind("code") if isinstance(value, str) else Kind("int")


def _origin(reader: Reader, tree: Tree, parts: dict[str, Tree]) -> str:
    marks = [name for name in ORIGINS if name in parts]
    flags = [name for name in marks if name != "set"]
    if len(marks) != 1 or any(parts[name].value is not True for name in flags):
        reader.report("amount-origin", tree)
        return "stated"
    return marks[0]


def _setting(reader: Reader, tree: Tree | None) -> tuple[str, str]:
    if tree is None:
        return "", ""
    reader.entries(tree, "set")
    reader.known(tree, ("document", "by"))
    document = reader.text(reader.need(tree, "document"), "document")
    return document, reader.text(reader.need(tree, "by"), "by")


def _value(
    reader: Reader, code: str, tree: Tree, parts: dict[str, Tree], origin: str, kind: Kind | None
) -> Value | None:
    node = parts.get("value")
    if origin == "missing":
        if node is not None and node.value is not None:
            reader.report("amount-origin", node)
        return None
    if node is None or node.value is None:
        reader.report("key-missing", tree, name="value")
        return None
    value = node.value
    if isinstance(value, float):
        reader.report("number-not-whole", node, value=value)
        return None
    if isinstance(value, dict | list):
        reader.report("amount-value", node, name=code, unit=kind.type if kind else "")
        return None
    if kind is not None and not fits(value, kind):
        reader.report("amount-value", node, name=code, unit=kind.unit or kind.type)
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return reader.whole(node, "value")
    return value


def _bands(
    reader: Reader, code: str, tree: Tree, kind: Kind | None, over: Kind
) -> tuple[tuple[int | None, Value], ...]:
    items = reader.items(tree, "bands")
    bands: list[tuple[int | None, Value]] = []
    for item in items:
        reader.entries(item, "bands")
        reader.known(item, ("upto", "value"))
        parts = item.value if isinstance(item.value, dict) else {}
        upto = reader.whole(parts["upto"], "upto") if "upto" in parts else None
        value = _value(reader, code, item, parts, "stated", kind)
        bands.append((upto, 0 if value is None else value))
    edges = [edge for edge, _value in bands[:-1]]
    rising = [edge for edge in edges if edge is not None]
    closed = len(rising) == len(edges) and rising == sorted(set(rising))
    if not bands or not closed or bands[-1][0] is not None or over.type not in {"fen", "int"}:
        reader.report("bands", tree)
        return ()
    return tuple(bands)


def _cover(reader: Reader, code: str, raws: list[_Raw], valid: tuple[dt.date, dt.date | None]) -> None:
    """Report an amount whose periods overlap or leave a day of the validity without a number."""
    first = raws[0]
    if first.entry.from_ > valid[0]:
        reader.report("amount-gap", first.tree, name=code, day=valid[0])
    for before, after in pairwise(raws):
        start, end = after.entry.from_, before.entry.to
        if start <= before.entry.from_ or (end is not None and start <= end):
            reader.report("amount-order", after.tree, name=code)
        elif end is not None and start > end + dt.timedelta(days=1):
            reader.report("amount-gap", after.tree, name=code, day=end + dt.timedelta(days=1))
    last = raws[-1].entry.to
    if last is not None and last < dt.date.max and (valid[1] is None or last < valid[1]):
        reader.report("amount-gap", raws[-1].tree, name=code, day=last + dt.timedelta(days=1))
