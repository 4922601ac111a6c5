"""Rule expressions as Python closures: one subject in microseconds.

Unknown is `None` everywhere. A whole number may also be known in part: its bounds then settle a
comparison when the threshold does not lie between them.
"""

from __future__ import annotations

from functools import partial

from niangjia.engines.rules import tree, trit
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

    def exact(self, node: Expression) -> Exact:
        """Return the closure that gives the value of an expression, or `None` for unknown."""
        found = self._exact.get(node)
        if found is None:
            found = self._build(node)
            self._exact[node] = found
        return found

    def _build(self, node: Expression) -> Exact:
        match node:
            case tree.Literal():
                return partial(trit.constant_of, node.value)
            case tree.FactRef() | tree.ColumnRef():
                return self._reading(node)
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
                options = [self.exact(item) for item in node.options]
                return partial(trit.in_of, self.exact(node.item), options)
            case tree.Arithmetic():
                step = trit.ARITHMETIC[node.operator]
                return partial(trit.arithmetic_of, step, self.exact(node.left), self.exact(node.right))
            case tree.Call():
                return self._call(node)
            case tree.Case():
                branches = [(self.exact(test), self.exact(value)) for test, value in node.branches]
                return partial(trit.case_of, branches, self.exact(node.default))
            case tree.Band():
                return partial(trit.band_of, node.table, self.exact(node.item))
            case tree.Aggregate():
                return self._aggregate(node)

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
        step = trit.COMPARE[node.operator]
        left, right = self.bounds(node.left), self.bounds(node.right)
        if left is None and right is None:
            return partial(trit.compare_of, step, self.exact(node.left), self.exact(node.right))
        left = left or partial(trit.point_of, self.exact(node.left))
        right = right or partial(trit.point_of, self.exact(node.right))
        return partial(trit.compare_bounds_of, node.operator, left, right)

    def bounds(self, node: Expression) -> Bounds | None:
        """Return the closure for the low and high bound, where an expression can have any."""
        if isinstance(node, tree.FactRef | tree.ColumnRef) and node.kind.type in {"int", "fen"}:
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
        if isinstance(node, tree.Aggregate) and node.name in {"count", "sum"}:
            return self._total(node)
        return None

    def _aggregate(self, node: tree.Aggregate) -> Exact:
        if node.name in {"count", "sum"}:
            return partial(trit.settled_of, self._total(node))
        test = self.exact(node.condition or tree.Literal(tree.BOOL, True))
        return trit.any_of(node.relation, test) if node.name == "any" else trit.all_of(node.relation, test)

    def _total(self, node: tree.Aggregate) -> Bounds:
        test = self.exact(node.condition) if node.condition is not None else None
        value = self.exact(node.value) if node.value is not None else None
        return partial(trit.total_of, node.relation, test, value)
