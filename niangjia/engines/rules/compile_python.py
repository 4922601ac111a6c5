"""Rule expressions as Python closures: one subject in microseconds.

Unknown is `None` everywhere. A whole number may also be known in part: its bounds go through every
construct (`spans`) and settle a comparison when the threshold does not lie between them.
"""

from __future__ import annotations

from functools import partial

from niangjia.engines.rules import spans, tree, trit
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.model import Need
from niangjia.engines.rules.tree import Expression
from niangjia.engines.rules.trit import Bounds, Context, Exact, usable


class Builder:
    """Compiles the expressions of one need; without a need it compiles the stated values."""

    def __init__(self, need: Need | None) -> None:
        """Start with nothing compiled."""
        self.need = need
        self.proof = need.proof if need is not None else 0
        self._exact: dict[Expression, Exact] = {}
        self._bounds: dict[Expression, Bounds] = {}

    def exact(self, node: Expression) -> Exact:
        """Return the closure that gives the value of an expression, or `None` for unknown."""
        found = self._exact.get(node)
        if found is None:
            found = self._build(node)
            self._exact[node] = found
        return found

    def _build(self, node: Expression) -> Exact:
        if isinstance(node, tree.FactRef | tree.ColumnRef):
            return self._reading(node)
        if spans.carries(node):
            return partial(trit.settled_of, self.bounds(node))
        match node:
            case tree.Literal():
                return partial(trit.constant_of, node.value)
            case tree.AmountRef():
                return partial(trit.amount_of, node.code)
            case tree.Not():
                return partial(trit.not_of, self.exact(node.item))
            case tree.And():
                return partial(trit.and_of, [self.exact(item) for item in node.items])
            case tree.Or():
                return partial(trit.or_of, [self.exact(item) for item in node.items])
            case tree.Compare():
                return self._compare(node)
            case tree.In():
                return self._in(node)
            case tree.Arithmetic():
                step = trit.ARITHMETIC[node.operator]
                return partial(trit.arithmetic_of, step, self.exact(node.left), self.exact(node.right))
            case tree.Call():
                return self._call(node)
            case tree.Case():
                branches = [(self.exact(test), self.exact(value)) for test, value in node.branches]
                return partial(trit.case_of, branches, self.exact(node.default))
            case tree.Band():
                return partial(spans.band_of, node.table, self.bounds(node.item))
            case tree.Aggregate():
                test = self.exact(node.condition or tree.Literal(tree.BOOL, True))
                return trit.any_of(node.relation, test) if node.name == "any" else trit.all_of(node.relation, test)

    def _reading(self, node: tree.FactRef | tree.ColumnRef) -> Exact:
        code, need, is_column = node.code, self.need, isinstance(node, tree.ColumnRef)
        numeric = node.kind.type in {"int", "fen"}

        def read(context: Context) -> Value | None:
            source = context.row if is_column else context.readings
            reading = source.get(code) if source is not None else None
            if reading is None or not usable(reading, need, context.as_of):
                return None
            if reading.value is None and reading.low is not None and reading.low == reading.high:
                return reading.low if numeric else None
            return reading.value

        return read

    def _call(self, node: tree.Call) -> Exact:
        items = [self.exact(item) for item in node.items]
        if node.name in {"least", "greatest"}:
            return trit.least(items) if node.name == "least" else trit.greatest(items)
        if node.name in trit.SINCE:
            return partial(trit.since_of, trit.SINCE[node.name], items[0])
        return partial(trit.function_of, trit.FUNCTIONS[node.name], items)

    def _compare(self, node: tree.Compare) -> Exact:
        if spans.carries(node.left) or spans.carries(node.right):
            left, right = self.bounds(node.left), self.bounds(node.right)
            return partial(trit.compare_bounds_of, node.operator, left, right)
        step = trit.COMPARE[node.operator]
        return partial(trit.compare_of, step, self.exact(node.left), self.exact(node.right))

    def _in(self, node: tree.In) -> Exact:
        if spans.carries(node.item):
            return self.exact(tree.Or(tuple(tree.Compare("=", node.item, option) for option in node.options)))
        return partial(trit.in_of, self.exact(node.item), [self.exact(item) for item in node.options])

    def bounds(self, node: Expression) -> Bounds:
        """Return the closure for the least and the greatest an expression may be."""
        found = self._bounds.get(node)
        if found is None:
            carried = spans.carries(node)
            found = self._span(node) if carried else partial(trit.point_of, self.exact(node))
            self._bounds[node] = found
        return found

    def _span(self, node: Expression) -> Bounds:
        match node:
            case tree.Arithmetic():
                return self._arithmetic_span(node)
            case tree.Call():
                if node.name == "share":
                    return partial(spans.scaled_of, spans.share, self.bounds(node.items[0]), self.exact(node.items[1]))
                items = [self.bounds(item) for item in node.items]
                return partial(spans.least_of if node.name == "least" else spans.greatest_of, items)
            case tree.Case():
                branches = [(self.exact(test), self.bounds(value)) for test, value in node.branches]
                return partial(spans.case_of, branches, self.bounds(node.default))
            case tree.Band():
                return partial(spans.bands_of, node.table, self.bounds(node.item))
            case tree.Aggregate():
                test = self.exact(node.condition) if node.condition is not None else None
                value = self.bounds(node.value) if node.value is not None else None
                return partial(spans.total_of, node.relation, test, value)
            case tree.FactRef() | tree.ColumnRef():
                return self._reading_span(node)
            case _:
                raise TypeError(f"{type(node).__name__} carries no bounds")

    def _arithmetic_span(self, node: tree.Arithmetic) -> Bounds:
        if node.operator == "+":
            return partial(spans.plus_of, self.bounds(node.left), self.bounds(node.right))
        if node.operator == "-":
            return partial(spans.minus_of, self.bounds(node.left), self.bounds(node.right))
        item, factor = (node.right, node.left) if spans.is_constant(node.left) else (node.left, node.right)
        return partial(spans.scaled_of, spans.product, self.bounds(item), self.exact(factor))

    def _reading_span(self, node: tree.FactRef | tree.ColumnRef) -> Bounds:
        code, need, is_column = node.code, self.need, isinstance(node, tree.ColumnRef)

        def read(context: Context) -> tuple[Value | None, Value | None]:
            source = context.row if is_column else context.readings
            reading = source.get(code) if source is not None else None
            if reading is None or not usable(reading, need, context.as_of):
                return None, None
            if reading.value is not None:
                return reading.value, reading.value
            return reading.low, reading.high

        return read
