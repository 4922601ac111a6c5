"""Rule expressions as Python closures: one subject in microseconds.

Unknown is `None` everywhere. A whole number may also be known in part: its bounds then settle a
comparison when the threshold does not lie between them.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from niangjia.engines.rules import dates, tree
from niangjia.engines.rules.dates import whole
from niangjia.engines.rules.facts import Reading, Readings, Records, Row, Value
from niangjia.engines.rules.model import Entry, Need
from niangjia.engines.rules.tree import Expression

Exact = Callable[["Context"], Value | None]
Bounds = Callable[["Context"], tuple[Value | None, Value | None]]


@dataclass(slots=True)
class Context:
    """One subject while it is being decided."""

    readings: Readings
    records: Records
    amounts: Mapping[str, Entry | None]
    as_of: dt.date | None
    row: Row | None = None


def usable(reading: Reading | None, need: Need | None, as_of: dt.date | None) -> bool:
    """Return whether a reading is proved and fresh enough; without a need any reading is."""
    if reading is None:
        return False
    if need is None:
        return True
    if reading.proof < need.proof:
        return False
    if need.fresh_days is None:
        return True
    if reading.on is None or as_of is None:
        return False
    return (as_of - reading.on).days <= need.fresh_days


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
                return partial(_constant, node.value)
            case tree.FactRef() | tree.ColumnRef():
                return self._reading(node)
            case tree.AmountRef():
                return partial(_amount, node.code)
            case tree.Not():
                return partial(_not, self.exact(node.item))
            case tree.And():
                return partial(_and, [self.exact(item) for item in node.items])
            case tree.Or():
                return partial(_or, [self.exact(item) for item in node.items])
            case tree.Compare():
                return self._compare(node)
            case tree.In():
                options = [self.exact(item) for item in node.options]
                return partial(_in, self.exact(node.item), options)
            case tree.Arithmetic():
                step = ARITHMETIC[node.operator]
                return partial(_arithmetic, step, self.exact(node.left), self.exact(node.right))
            case tree.Call():
                return self._call(node)
            case tree.Case():
                branches = [(self.exact(test), self.exact(value)) for test, value in node.branches]
                return partial(_case, branches, self.exact(node.default))
            case tree.Band():
                return partial(_band, node.table, self.exact(node.item))
            case tree.Aggregate():
                return self._aggregate(node)

    def _reading(self, node: tree.FactRef | tree.ColumnRef) -> Exact:
        code, need, is_column = node.code, self.need, isinstance(node, tree.ColumnRef)

        def read(context: Context) -> Value | None:
            source = context.row if is_column else context.readings
            reading = source.get(code) if source is not None else None
            if reading is None or not usable(reading, need, context.as_of):
                return None
            return reading.value

        return read

    def _call(self, node: tree.Call) -> Exact:
        items = [self.exact(item) for item in node.items]
        if node.name in {"least", "greatest"}:
            return least(items) if node.name == "least" else greatest(items)
        if node.name in SINCE:
            return partial(_since, SINCE[node.name], items[0])
        return partial(_function, FUNCTIONS[node.name], items)

    def _compare(self, node: tree.Compare) -> Exact:
        step = COMPARE[node.operator]
        left, right = self.bounds(node.left), self.bounds(node.right)
        if left is None and right is None:
            return partial(_compare, step, self.exact(node.left), self.exact(node.right))
        left = left or partial(_point, self.exact(node.left))
        right = right or partial(_point, self.exact(node.right))
        return partial(_compare_bounds, node.operator, left, right)

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
            return partial(_settled, self._total(node))
        test = self.exact(node.condition or tree.Literal(tree.BOOL, True))
        return any_of(node.relation, test) if node.name == "any" else all_of(node.relation, test)

    def _total(self, node: tree.Aggregate) -> Bounds:
        test = self.exact(node.condition) if node.condition is not None else None
        value = self.exact(node.value) if node.value is not None else None
        return partial(_total, node.relation, test, value)


def rows_of(context: Context, relation: str) -> Sequence[Row] | None:
    """Return the subject's records, or nothing where the register is not complete."""
    return context.records.get(relation)


def any_of(relation: str, test: Exact) -> Exact:
    """Return the closure of `any`: an unknown record keeps a no from being certain."""

    def found(context: Context) -> Value | None:
        rows = rows_of(context, relation)
        if rows is None:
            return None
        answers = [_at_row(context, row, test) for row in rows]
        if True in answers:
            return True
        return None if None in answers else False

    return found


def all_of(relation: str, test: Exact) -> Exact:
    """Return the closure of `all`: an unknown record keeps a yes from being certain."""

    def found(context: Context) -> Value | None:
        rows = rows_of(context, relation)
        if rows is None:
            return None
        answers = [_at_row(context, row, test) for row in rows]
        if False in answers:
            return False
        return None if None in answers else True

    return found


def least(items: list[Exact]) -> Exact:
    """Return the closure of `least`: one unknown part makes the least unknown."""

    def found(context: Context) -> Value | None:
        values = _all_known(items, context)
        return None if values is None else min(values)

    return found


def greatest(items: list[Exact]) -> Exact:
    """Return the closure of `greatest`: one unknown part makes the greatest unknown."""

    def found(context: Context) -> Value | None:
        values = _all_known(items, context)
        return None if values is None else max(values)

    return found


def in_band(bands: Sequence[tuple[int | None, Value]], value: int) -> Value | None:
    """Return the value of the band a number falls into; the upper edge belongs to the band."""
    for upto, found in bands:
        if upto is None or value <= upto:
            return found
    return None


def _all_known(items: list[Exact], context: Context) -> list[int] | None:
    values: list[int] = []
    for item in items:
        value = item(context)
        if value is None:
            return None
        values.append(value)  # type: ignore[arg-type]
    return values


def _at_row(context: Context, row: Row, step: Exact) -> Value | None:
    context.row = row
    try:
        return step(context)
    finally:
        context.row = None


def _total(
    relation: str, test: Exact | None, value: Exact | None, context: Context
) -> tuple[Value | None, Value | None]:
    """Return the least and most a count or sum can be, given what is unknown in the records."""
    rows = rows_of(context, relation)
    if rows is None:
        return (0 if value is None else None), None
    low = high = 0
    for row in rows:
        answer = True if test is None else _at_row(context, row, test)
        if answer is False:
            continue
        part = 1 if value is None else _at_row(context, row, value)
        if part is None:
            return None, None
        number = int(part)  # type: ignore[arg-type]
        low += number if answer is True else min(number, 0)
        high += number if answer is True else max(number, 0)
    return whole(low), whole(high)


def _settled(bounds: Bounds, context: Context) -> Value | None:
    low, high = bounds(context)
    return low if low == high else None


def _point(item: Exact, context: Context) -> tuple[Value | None, Value | None]:
    value = item(context)
    return value, value


def _constant(value: Value, _context: Context) -> Value | None:
    return value


def _amount(code: str, context: Context) -> Value | None:
    entry = context.amounts[code]
    return None if entry is None else entry.value


def _band(table: str, item: Exact, context: Context) -> Value | None:
    entry, value = context.amounts[table], item(context)
    if entry is None or value is None:
        return None
    return in_band(entry.bands, value)  # type: ignore[arg-type]


def _not(item: Exact, context: Context) -> Value | None:
    value = item(context)
    return None if value is None else not value


def _and(items: list[Exact], context: Context) -> Value | None:
    result: bool | None = True
    for item in items:
        value = item(context)
        if value is False:
            return False
        if value is None:
            result = None
    return result


def _or(items: list[Exact], context: Context) -> Value | None:
    result: bool | None = False
    for item in items:
        value = item(context)
        if value is True:
            return True
        if value is None:
            result = None
    return result


Step = Callable[[Value, Value], bool]


def _compare(step: Step, left: Exact, right: Exact, context: Context) -> Value | None:
    one = left(context)
    if one is None:
        return None
    two = right(context)
    return None if two is None else step(one, two)


def _compare_bounds(name: str, left: Bounds, right: Bounds, context: Context) -> Value | None:
    """Compare intervals: yes or no when every possible pair of values says so."""
    low, high = left(context)
    other_low, other_high = right(context)
    if name in {"=", "<>"}:
        same = None
        if None not in (low, high, other_low, other_high) and low == high == other_low == other_high:
            same = True
        elif _surely(operator.lt, high, other_low) or _surely(operator.gt, low, other_high):
            same = False
        return same if same is None or name == "=" else not same
    if name in {"<", "<="}:
        yes = _surely(COMPARE[name], high, other_low)
        no = _surely(COMPARE[OPPOSITE[name]], low, other_high)
    else:
        yes = _surely(COMPARE[name], low, other_high)
        no = _surely(COMPARE[OPPOSITE[name]], high, other_low)
    return True if yes else (False if no else None)


def _surely(step: Step, one: Value | None, two: Value | None) -> bool:
    return one is not None and two is not None and step(one, two)


def _in(item: Exact, options: list[Exact], context: Context) -> Value | None:
    value = item(context)
    if value is None:
        return None
    values = [option(context) for option in options]
    if value in values:
        return True
    return None if None in values else False


def _arithmetic(step: Callable[[int, int], int], left: Exact, right: Exact, context: Context) -> Value | None:
    one, two = left(context), right(context)
    if one is None or two is None:
        return None
    return whole(step(one, two))  # type: ignore[arg-type]


def _since(step: Callable[[dt.date, dt.date], int], item: Exact, context: Context) -> Value | None:
    day = item(context)
    if day is None or context.as_of is None:
        return None
    return step(day, context.as_of)  # type: ignore[arg-type]


def _function(step: Callable[..., Value], items: list[Exact], context: Context) -> Value | None:
    values = [item(context) for item in items]
    return None if None in values else step(*values)


def _case(branches: list[tuple[Exact, Exact]], default: Exact, context: Context) -> Value | None:
    """Return the value that every branch which may be reached agrees on."""
    possible: list[Value | None] = []
    for test, value in branches:
        answer = test(context)
        if answer is False:
            continue
        possible.append(value(context))
        if answer is True:
            break
    else:
        possible.append(default(context))
    first = possible[0]
    return first if all(item == first for item in possible) else None


ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
COMPARE: dict[str, Step] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
SINCE: dict[str, Callable[[dt.date, dt.date], int]] = {
    "years_since": lambda day, as_of: dates.years_since(day, as_of),
    "months_since": lambda day, as_of: dates.months_since(day, as_of),
    "days_since": lambda day, as_of: dates.days_since(day, as_of),
}
FUNCTIONS: dict[str, Callable[..., Value]] = {
    "share": dates.share,
    "plus_months": lambda day, months: dates.plus_months(day, months),
    "plus_days": dates.plus_days,
}
