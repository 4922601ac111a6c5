"""Rule expressions as Arrow kernels: a few nanoseconds a row for what rules mostly ask.

Arrow's `and_kleene` and `or_kleene` are the three-valued logic of the rules, its comparisons and
checked arithmetic keep unknown unknown and stop on overflow. What is not written here (dates,
bands, cases, records) raises `Elsewhere` and is answered by DuckDB in the same pass.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from niangjia.engines.rules import spans, tree
from niangjia.engines.rules.batch.bitmaps import alike, bits_of, known_bits, only_where, wide, without_unknown
from niangjia.engines.rules.dates import PPM, share
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.late import pa, pc
from niangjia.engines.rules.model import Need, Programme
from niangjia.engines.rules.sweep import type_of
from niangjia.engines.rules.tree import Expression

Found = Any  # a pyarrow array, or a scalar where the answer is the same for every row
Step = Callable[["Chunk"], Found]
COMPARE: Mapping[str, str] = {
    "=": "equal",
    "<>": "not_equal",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
ARITHMETIC = {"+": "add_checked", "-": "subtract_checked", "*": "multiply_checked"}


class Elsewhere(Exception):
    """This expression is answered by DuckDB."""


@dataclass
class Chunk:
    """Some thousands of subjects while they are being answered; `seen` keeps what was worked out."""

    rows: int
    columns: Mapping[str, pa.Array]
    seen: dict[object, Found] = field(default_factory=dict)


@dataclass(frozen=True)
class Narrow:
    """A number that may be worked out for some rows alone, from the numbers of these rows.

    It cannot overflow, so that leaving rows out hides nothing, and is unknown just where one of its
    `facts` is: `facts` reads them as proved, `step` goes on with their values where all are known.
    """

    facts: Mapping[str, Step]
    step: Step

    def among(self, chunk: Chunk, rows: pa.BooleanArray) -> tuple[Found, int] | None:
        """Return the numbers of these rows as far as they are known, and how many are; nothing where one has bounds."""
        values = {}
        for code, read in self.facts.items():
            if bounded(chunk, code):
                return None
            value = read(chunk)
            known = known_bits(value)
            rows = rows if known is None else pc.and_(rows, known)
            values[f"f_{_flat(code)}"] = without_unknown(value)
        few = Chunk(rows.true_count, {name: pc.array_filter(value, rows) for name, value in values.items()})
        return self.step(few), few.rows


def as_array(found: Found, rows: int) -> pa.Array:
    """Return an answer as one value per row."""
    return pa.repeat(found, rows) if isinstance(found, pa.Scalar) else found


class Kernels:
    """Writes the expressions of a settled programme under one need; without a need, as stated."""

    def __init__(self, programme: Programme, need: Need | None, *, stored: bool = False) -> None:
        """Remember the numbers in force and the proof asked for; with `stored`, columns stay as narrow as they came."""
        self.programme = programme
        self.need = need
        self.stored = stored
        # Facts whose bounds no kernel here carries on: where one is known in part, DuckDB is asked instead.
        self.plain: set[str] = set()

    def step(self, node: Expression) -> Step:
        """Return the kernel of an expression, or raise `Elsewhere`."""
        if spans.carries(node) and any(spans.carries(part) for part in tree.children(node)):
            self.plain.update(tree.facts_of(node))
        if any(_half_known(part) for child in tree.children(node) for part in tree.walk(child)):
            raise Elsewhere
        match node:
            case tree.Literal():
                return self._constant(node.kind.type, node.value)
            case tree.AmountRef():
                return self._amount(node)
            case tree.FactRef():
                return self._value(node)
            case tree.Not():
                item = self.step(node.item)
                return lambda chunk: pc.invert(item(chunk))
            case tree.And():
                return self._fold("and_kleene", [self.step(item) for item in node.items])
            case tree.Or():
                return self._fold("or_kleene", [self.step(item) for item in node.items])
            case tree.Compare():
                return self._compare(node)
            case tree.In() if spans.carries(node.item):
                return self.step(tree.Or(tuple(tree.Compare("=", node.item, option) for option in node.options)))
            case tree.In():
                item = self.step(node.item)
                pairs = [self._plain("=", item, self.step(option)) for option in node.options]
                return self._fold("or_kleene", pairs)
            case tree.Arithmetic():
                return self._call(ARITHMETIC[node.operator], [node.left, node.right])
            case tree.Call(name="share"):
                fen, ppm = (self.step(item) for item in node.items)
                return lambda chunk: _share(fen(chunk), ppm(chunk), chunk.rows)
            case tree.Call(name="least" | "greatest"):
                name = "min_element_wise" if node.name == "least" else "max_element_wise"
                return self._extreme(name, [self.step(item) for item in node.items])
            case _:
                raise Elsewhere

    def narrow(self, node: Expression) -> Narrow | None:
        """Return the same number for some rows alone, where that can be: the least or greatest of facts and numbers."""
        leaves = [part for part in tree.walk(node) if not tree.children(part)]
        inner = [part for part in tree.walk(node) if tree.children(part)]
        if not all(isinstance(part, tree.Call) and part.name in {"least", "greatest"} for part in inner):
            return None
        facts = [leaf for leaf in leaves if isinstance(leaf, tree.FactRef)]
        if not facts or not all(leaf.kind.type in {"int", "fen"} for leaf in leaves):
            return None
        sides = {fact.code: self._side(fact) for fact in facts}
        return Narrow(sides, Kernels(self.programme, None, stored=True).step(node))

    def _constant(self, kind: str, value: Value | None) -> Step:
        scalar = pa.scalar(value, type_of(kind))
        return lambda _chunk: scalar

    def _amount(self, node: tree.AmountRef) -> Step:
        entries = self.programme.amounts[node.code].entries
        if len(entries) != 1:
            raise Elsewhere
        return self._constant(node.kind.type, entries[0].value)

    @staticmethod
    def _fold(name: str, items: list[Step]) -> Step:
        def fold(chunk: Chunk) -> Found:
            found = items[0](chunk)
            for item in items[1:]:
                found = pc.call_function(name, [found, item(chunk)])
            return found

        return fold

    def _call(self, name: str, nodes: list[Expression]) -> Step:
        items = [self.step(node) for node in nodes]
        return lambda chunk: pc.call_function(name, [item(chunk) for item in items])

    @staticmethod
    def _extreme(name: str, items: list[Step]) -> Step:
        """Return the least or greatest, unknown where a part is; the kernel is three times faster without unknowns."""
        options = pc.ElementWiseAggregateOptions(skip_nulls=False)

        def extreme(chunk: Chunk) -> Found:
            parts = alike([item(chunk) for item in items])
            found = pc.call_function(name, [without_unknown(part) for part in parts], options)
            for part in parts:
                known = known_bits(part) if isinstance(part, pa.Array) else None
                found = found if known is None else only_where(found, known)
            return found

        return extreme

    @staticmethod
    def _plain(operator: str, left: Step, right: Step) -> Step:
        name = COMPARE[operator]
        return lambda chunk: pc.call_function(name, alike([left(chunk), right(chunk)]))

    def _compare(self, node: tree.Compare) -> Step:
        ends = [self._ends(side) for side in (node.left, node.right)]
        plain = self._plain(node.operator, self._side(node.left), self._side(node.right))
        if ends == [None, None]:
            return plain
        points = [(self.step(side), self.step(side)) for side in (node.left, node.right)]
        (low, high), (other_low, other_high) = (end or point for end, point in zip(ends, points, strict=True))
        facts = [side.code for side in (node.left, node.right) if isinstance(side, tree.FactRef)]

        def compare(chunk: Chunk) -> Found:
            if not any(bounded(chunk, code) for code in facts):
                return plain(chunk)
            return _settle(node.operator, *(one(chunk) for one in (low, high, other_low, other_high)))

        return compare

    def _ends(self, node: Expression) -> tuple[Step, Step] | None:
        if not isinstance(node, tree.FactRef) or node.kind.type not in {"int", "fen"}:
            return None
        return self._proved(node, partial(_edge, node.code, "l")), self._proved(node, partial(_edge, node.code, "h"))

    def _side(self, node: Expression) -> Step:
        """Return one side of a comparison: a column may stay as narrow as it came."""
        if isinstance(node, tree.FactRef) and node.kind.type in {"int", "fen"}:
            name, read = f"f_{_flat(node.code)}", self.step(node)
            stored = self._proved(node, lambda chunk: chunk.columns[name])
            return lambda chunk: (read if bounded(chunk, node.code) else stored)(chunk)
        return self.step(node)

    def _value(self, node: tree.FactRef) -> Step:
        numeric = node.kind.type in {"int", "fen"}

        def read(chunk: Chunk) -> Found:
            value = chunk.columns[f"f_{_flat(node.code)}"]
            value = value if self.stored else wide(value)
            if not numeric or not bounded(chunk, node.code):
                return value
            low, high = (wide(chunk.columns[f"{edge}_{_flat(node.code)}"]) for edge in "lh")
            return pc.coalesce(value, only_where(low, pc.equal(low, high)))

        return self._proved(node, read)

    def _proved(self, node: tree.FactRef, read: Step) -> Step:
        """Return a reading with unknown wherever proof or freshness are not as the need asks."""
        need, as_of = self.need, self.programme.as_of
        if need is None or (not need.proof and need.fresh_days is None):
            return read
        oldest = None
        if need.fresh_days is not None:
            if as_of.kind != "date" or as_of.day is None:
                raise Elsewhere
            oldest = pa.scalar(dt.date.fromordinal(max(1, as_of.day.toordinal() - need.fresh_days)), pa.date32())
        proof = pa.scalar(need.proof, pa.int8())
        code = _flat(node.code)

        def proved(chunk: Chunk) -> Found:
            key = (code, need.proof, oldest)
            keep = chunk.seen.get(key)
            if keep is None:
                tests = [pc.greater_equal(chunk.columns[f"p_{code}"], proof)] if need.proof else []
                tests += [pc.greater_equal(chunk.columns[f"o_{code}"], oldest)] if oldest is not None else []
                keep = bits_of(tests[0] if len(tests) == 1 else pc.and_kleene(*tests))
                chunk.seen[key] = keep
            return only_where(read(chunk), keep)

        return proved


def _share(fen: Found, ppm: Found, rows: int) -> Found:
    """Return so many millionths of money, rounded half up.

    Arrow divides towards nought, so one is taken away where that rounded a negative number up. What
    does not fit into 64 bits on the way is worked out row by row.
    """
    try:
        top = pc.add_checked(pc.multiply_checked(fen, ppm), pa.scalar(PPM // 2, pa.int64()))
    except pa.ArrowInvalid:
        pairs = zip(as_array(fen, rows).to_pylist(), as_array(ppm, rows).to_pylist(), strict=True)
        return pa.array([None if None in pair else share(*pair) for pair in pairs], pa.int64())
    found = pc.divide(top, pa.scalar(PPM, pa.int64()))
    lowest = pc.min_max(top).as_py()["min"] if isinstance(top, pa.Array) else top.as_py()
    if lowest is None or lowest >= 0:
        return found
    rest = pc.subtract(top, pc.multiply(found, pa.scalar(PPM, pa.int64())))
    return pc.subtract(found, pc.cast(pc.less(rest, pa.scalar(0, pa.int64())), pa.int64()))


def _half_known(node: Expression) -> bool:
    """Return whether a node is known on one side although a fact in it is not: at most 100 is `least(x, 100)`."""
    return isinstance(node, tree.Call) and node.name in {"least", "greatest"}


def _flat(code: str) -> str:
    return code.replace(".", "__")


def bounded(chunk: Chunk, code: str) -> bool:
    """Return whether any subject of the chunk has this fact known in part."""
    edges = (f"{edge}_{_flat(code)}" for edge in "lh")
    return any(name in chunk.columns and chunk.columns[name].null_count < chunk.rows for name in edges)


def _edge(code: str, edge: str, chunk: Chunk) -> Found:
    return pc.coalesce(*(wide(chunk.columns[f"{part}_{_flat(code)}"]) for part in ("f", edge)))


def _settle(operator: str, low: Found, high: Found, other_low: Found, other_high: Found) -> Found:
    """Compare what lies between bounds: yes or no when every possible pair says so."""

    def surely(name: str, one: Found, two: Found) -> Found:
        return pc.fill_null(pc.call_function(COMPARE[name], [one, two]), False)

    if operator in {"=", "<>"}:
        yes = pc.and_(pc.and_(surely("=", low, high), surely("=", low, other_low)), surely("=", low, other_high))
        no = pc.or_(surely("<", high, other_low), surely(">", low, other_high))
        yes, no = (yes, no) if operator == "=" else (no, yes)
    else:
        if operator in {">", ">="}:
            low, high, other_low, other_high = high, low, other_high, other_low
        yes = surely(operator, high, other_low)
        no = surely(OPPOSITE[operator], low, other_high)
    return only_where(yes, pc.or_(yes, no))
