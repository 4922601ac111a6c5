"""Numbers known in part: which expressions carry bounds, and how bounds go through each construct.

Four of seven records may be certain, a bill may be known to lie between two sums. Such a number is
a pair, its least and its greatest possible value; an end that is not known is `None`. Two ends that
meet are a value. Every mention of a fact is taken on its own, so the bounds are never too narrow,
and `x - x` is not known to be nothing while `x` is not.

Only numbers carry bounds, and of the facts only whole numbers and money. A product or a share carries
them where its other part is a number of the rule or of `amounts.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from niangjia.engines.rules import dates, tree
from niangjia.engines.rules.dates import whole
from niangjia.engines.rules.facts import Partial, Value
from niangjia.engines.rules.tree import Expression
from niangjia.engines.rules.trit import Bounds, Context, Exact, rows_of

Pair = tuple[Value | None, Value | None]
OPEN: Pair = (None, None)


def is_number(node: Expression) -> bool:
    """Return whether an expression is of a type that may be known in part."""
    return node.kind.type in {"int", "fen", "ppm"}


def is_counted(node: Expression) -> bool:
    """Return whether a reading of this fact or column may have bounds: a ratio is known or not."""
    return node.kind.type in {"int", "fen"}


def is_constant(node: Expression) -> bool:
    """Return whether an expression is a number of the rule or of `amounts.yaml`."""
    return isinstance(node, tree.Literal | tree.AmountRef)


def carries(node: Expression, partly: Callable[[Expression], bool] = is_counted) -> bool:
    """Return whether an expression may be known in part; `partly` says it of a fact or a column."""
    if not is_number(node):
        return False
    match node:
        case tree.FactRef() | tree.ColumnRef():
            return partly(node)
        case tree.Arithmetic():
            factors = node.operator == "*"
            if factors and not (is_constant(node.left) or is_constant(node.right)):
                return False
            return carries(node.left, partly) or carries(node.right, partly)
        case tree.Call():
            if node.name == "share":
                return is_constant(node.items[1]) and carries(node.items[0], partly)
            return node.name in {"least", "greatest"}
        case tree.Aggregate():
            return node.name in {"count", "sum"}
        case _:
            return isinstance(node, tree.Case | tree.Band)


def plus_of(left: Bounds, right: Bounds, context: Context) -> Pair:
    """Return the bounds of a sum."""
    low, high = left(context)
    other_low, other_high = right(context)
    return _sum(low, other_low), _sum(high, other_high)


def _sum(one: Value | None, two: Value | None) -> Value | None:
    return None if one is None or two is None else whole(int(one) + int(two))  # type: ignore[arg-type]


def minus_of(left: Bounds, right: Bounds, context: Context) -> Pair:
    """Return the bounds of a difference."""
    low, high = left(context)
    other_low, other_high = right(context)
    return _gap(low, other_high), _gap(high, other_low)


def _gap(one: Value | None, two: Value | None) -> Value | None:
    return None if one is None or two is None else whole(int(one) - int(two))  # type: ignore[arg-type]


def scaled_of(step: Callable[[int, int], int], item: Bounds, factor: Exact, context: Context) -> Pair:
    """Return the bounds of a number times a known factor, or of a share of it."""
    by = factor(context)
    if by is None:
        return OPEN
    ends = [None if end is None else step(end, by) for end in item(context)]  # type: ignore[arg-type]
    low, high = ends if by >= 0 else reversed(ends)  # type: ignore[operator]
    return low, high


def product(one: int, two: int) -> int:
    """Return a product in 64 bits."""
    return whole(one * two)


def share(one: int, two: int) -> int:
    """Return so many millionths of an amount."""
    return dates.share(one, two)


def least_of(items: Sequence[Bounds], context: Context) -> Pair:
    """Return the bounds of the least: no more than any known part, known from below when all are."""
    lows, highs = zip(*(item(context) for item in items), strict=True)
    known = [high for high in highs if high is not None]
    return (None if None in lows else min(lows)), (min(known) if known else None)


def greatest_of(items: Sequence[Bounds], context: Context) -> Pair:
    """Return the bounds of the greatest: no less than any known part, known from above when all are."""
    lows, highs = zip(*(item(context) for item in items), strict=True)
    known = [low for low in lows if low is not None]
    return (max(known) if known else None), (None if None in highs else max(highs))


def hull(pairs: Sequence[Pair]) -> Pair:
    """Return the bounds of what may be any of these."""
    lows, highs = zip(*pairs, strict=True)
    return (None if None in lows else min(lows)), (None if None in highs else max(highs))


def case_of(branches: Sequence[tuple[Exact, Bounds]], default: Bounds, context: Context) -> Pair:
    """Return the bounds over every branch that may be reached."""
    possible: list[Pair] = []
    for test, value in branches:
        answer = test(context)
        if answer is False:
            continue
        possible.append(value(context))
        if answer is True:
            break
    else:
        possible.append(default(context))
    return possible[0] if len(possible) == 1 else hull(possible)


def touched(bands: Sequence[tuple[int | None, Value]], low: Value | None, high: Value | None) -> list[Value]:
    """Return the values of the bands that a number between two bounds may fall into."""
    found: list[Value] = []
    below: int | None = None
    for upto, value in bands:
        reached = low is None or upto is None or low <= upto  # type: ignore[operator]
        if reached and (below is None or high is None or high > below):  # type: ignore[operator]
            found.append(value)
        below = upto
    return found


def band_of(table: str, item: Bounds, context: Context) -> Value | None:
    """Return the value of a band table where every band that the number may fall into agrees."""
    entry = context.amounts[table]
    if entry is None:
        return None
    found = touched(entry.bands, *item(context))
    return found[0] if all(value == found[0] for value in found) else None


def bands_of(table: str, item: Bounds, context: Context) -> Pair:
    """Return the bounds over every band that the number may fall into."""
    entry = context.amounts[table]
    if entry is None:
        return OPEN
    found: list[int] = touched(entry.bands, *item(context))  # type: ignore[assignment]
    return min(found), max(found)


def total_of(relation: str, test: Exact | None, value: Bounds | None, context: Context) -> Pair:
    """Return the least and most a count or sum can be, given what is unknown in the records."""
    rows = rows_of(context, relation)
    if rows is None:
        return (0 if value is None else None), None
    lows, highs = [0], [0]
    # Of a register that is not complete, more may be counted, and a sum may still become anything.
    open_high = isinstance(rows, Partial)
    open_low = open_high and value is not None
    for row in rows:
        context.row = row
        try:
            answer = True if test is None else test(context)
            if answer is False:
                continue
            low, high = (1, 1) if value is None else value(context)
        finally:
            context.row = None
        open_low, open_high = open_low or low is None, open_high or high is None
        if low is not None:
            lows.append(int(low) if answer is True else min(int(low), 0))  # type: ignore[arg-type]
        if high is not None:
            highs.append(int(high) if answer is True else max(int(high), 0))  # type: ignore[arg-type]
    return (None if open_low else whole(sum(lows))), (None if open_high else whole(sum(highs)))
