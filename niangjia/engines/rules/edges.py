"""The values of one fact at which a comparison may tip from no to yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Protocol

from niangjia.engines.rules import tree
from niangjia.engines.rules.dates import PPM, plus_days, plus_months
from niangjia.engines.rules.errors import RuleOverflow
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.tree import Expression, facts_of, walk
from niangjia.engines.rules.trit import Bounds, Context, Exact

# How many amounts are tried for a part of them.
PART_STEPS = 6


class Compiles(Protocol):
    """What is needed of a builder: the closures of an expression."""

    def exact(self, node: Expression) -> Exact:
        """Return the closure of the value."""

    def bounds(self, node: Expression) -> Bounds:
        """Return the closure of the least and the greatest value."""


def edges(root: Expression, code: str, builder: Compiles, context: Context) -> Iterator[Value]:
    """Yield the edge of each comparison and band that mentions the fact, on the fact's own side."""
    for node in walk(root):
        if isinstance(node, tree.Compare):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if code in facts_of(side) and code not in facts_of(other):
                    yield from _towards(side, other, code, builder, context)
        elif isinstance(node, tree.In) and code in facts_of(node.item):
            for option in node.options:
                yield from _towards(node.item, option, code, builder, context)
        elif isinstance(node, tree.Band) and code in facts_of(node.item):
            entry = context.amounts[node.table]
            for upto, _value in entry.bands if entry is not None else ():
                if upto is not None:
                    yield from _invert(node.item, upto, code, builder, context)


def _towards(side: Expression, other: Expression, code: str, builder: Compiles, context: Context) -> Iterator[Value]:
    if any(isinstance(node, tree.ColumnRef) for node in walk(other)):
        return
    for target in _known(other, builder, context):
        try:
            yield from _invert(side, target, code, builder, context)
        except RuleOverflow:
            continue


def _known(node: Expression, builder: Compiles, context: Context) -> list[Value]:
    """Return the value of an expression, or the bounds it is known by."""
    ends = builder.bounds(node)(context)
    return [end for end in dict.fromkeys(ends) if end is not None]


def _invert(side: Expression, target: Value, code: str, builder: Compiles, context: Context) -> Iterator[Value]:
    """Yield the values of the fact for which a side of a comparison comes to the target."""
    if isinstance(side, tree.FactRef):
        if side.code == code:
            yield target
        return
    if isinstance(target, dt.date):
        yield from _invert_date(side, target, code, builder, context)
        return
    if isinstance(target, str):
        return
    number = int(target)
    if isinstance(side, tree.Case):
        yield from _invert_branches(side, number, code, builder, context)
    elif isinstance(side, tree.Arithmetic):
        yield from _invert_arithmetic(side, number, code, builder, context)
    elif isinstance(side, tree.Call) and side.name in {"least", "greatest"}:
        for item in side.items:
            yield from _invert(item, number, code, builder, context)
    elif isinstance(side, tree.Call) and side.name == "share":
        ratio = builder.exact(side.items[1])(context)
        if isinstance(ratio, int) and ratio:
            # The least amount whose share, rounded half up, comes to the number.
            least = -(-(2 * number - 1) * PPM // (2 * ratio))
            yield from _invert(side.items[0], least, code, builder, context)
    elif isinstance(side, tree.Call) and side.name == "part":
        ratios = [builder.exact(item)(context) for item in side.items[2:]]
        own = ratios[int(str(builder.exact(side.items[1])(context))) - 1]
        if isinstance(own, int) and own:
            # The part may be a fen above or below its exact share: the first few amounts are tried.
            first = (number - 1) * sum(int(str(ratio)) for ratio in ratios) // own + 1
            for step in range(PART_STEPS):
                yield from _invert(side.items[0], first + step, code, builder, context)
    elif isinstance(side, tree.Call) and side.name.endswith("_since") and context.as_of is not None:
        months = {"years_since": 12, "months_since": 1}.get(side.name)
        day = plus_days(context.as_of, -number) if months is None else plus_months(context.as_of, -number * months)
        yield from _invert(side.items[0], day, code, builder, context)


def _invert_branches(side: tree.Case, target: Value, code: str, builder: Compiles, context: Context) -> Iterator[Value]:
    for value in (*(value for _test, value in side.branches), side.default):
        if code in facts_of(value):
            yield from _invert(value, target, code, builder, context)


def _invert_date(side: Expression, target: dt.date, code: str, builder: Compiles, context: Context) -> Iterator[Value]:
    if isinstance(side, tree.Case):
        yield from _invert_branches(side, target, code, builder, context)
    if not isinstance(side, tree.Call):
        return
    if side.name in {"least", "greatest"}:
        for item in side.items:
            yield from _invert(item, target, code, builder, context)
        return
    step = builder.exact(side.items[1])(context) if len(side.items) > 1 else None
    if isinstance(step, int):
        move = plus_months if side.name == "plus_months" else plus_days
        yield from _invert(side.items[0], move(target, -step), code, builder, context)


def _invert_arithmetic(
    side: tree.Arithmetic, number: int, code: str, builder: Compiles, context: Context
) -> Iterator[Value]:
    for part, other, is_left in ((side.left, side.right, True), (side.right, side.left, False)):
        if code not in facts_of(part):
            continue
        for rest in _known(other, builder, context):
            if not isinstance(rest, int):
                continue
            if side.operator == "+":
                yield from _invert(part, number - rest, code, builder, context)
            elif side.operator == "-":
                back = number + rest if is_left else rest - number
                yield from _invert(part, back, code, builder, context)
            elif rest:
                yield from _invert(part, -(-number // rest), code, builder, context)
