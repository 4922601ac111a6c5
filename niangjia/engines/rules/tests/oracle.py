"""A second opinion: an independent three-valued interpreter of rule expressions.

It shares no code with the back ends. It walks the parser's own tree, evaluates by *possible
answers* instead of by rules for NULL, and writes its own calendar. It is slow and plain on purpose.

A boolean is the set of answers that are still possible. A date or code is one value or unknown; a
number is one value, an interval, or unknown, which is the interval without ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from typing import Any

from sqlglot import exp

from niangjia.engines.rules.language import RuleDialect
from niangjia.engines.rules.tests.reckoning import birthdays, days, months, months_later, part_of, round_half_up

UNKNOWN = object()
SINCE: dict[str, Callable[[dt.date, dt.date], int]] = {
    "years_since": birthdays, "months_since": months, "days_since": days,
}  # fmt: skip
MAYBE = frozenset({True, False})


@dataclass(frozen=True)
class Span:
    """A number somewhere from low to high; an end of None is open."""

    low: int | None
    high: int | None


@dataclass
class World:
    """Everything an expression can look at, as plain dictionaries."""

    facts: dict[str, dict[str, Any]]
    numbers: dict[str, Any]
    tables: dict[str, list[tuple[int | None, Any]] | None]
    as_of: dt.date | None
    records: dict[str, list[dict[str, dict[str, Any]]] | None] = field(default_factory=dict)
    proof: int | None = 0
    fresh: int | None = None
    row: dict[str, dict[str, Any]] | None = None
    relation: str = ""
    partial: frozenset[str] = frozenset()


def answer(text: str, world: World) -> bool | None:
    """Return yes, no or unknown for a condition."""
    possible = truth(tree_of(text), world)
    return None if len(possible) == 2 else next(iter(possible))


def amount(text: str, world: World) -> Any:
    """Return the value of an expression, or None for unknown."""
    node = tree_of(text)
    if is_boolean(node, world):
        return answer(text, world)
    found = value(node, world)
    if isinstance(found, Span):
        return found.low if found.low == found.high else None
    return None if found is UNKNOWN else found


@cache
def tree_of(text: str) -> exp.Expr:
    dialect = RuleDialect()
    found = dialect.parser().parse(dialect.tokenize(text), text)[0]
    assert found is not None
    return found


def is_boolean(node: exp.Expr, world: World) -> bool:
    if isinstance(node, exp.Paren):
        return is_boolean(node.this, world)
    if isinstance(node, exp.Anonymous):
        return node.this in {"any", "all"}
    if isinstance(node, exp.Column):
        found = reading(node, world)
        return isinstance(found, dict) and found.get("type") == "bool"
    if isinstance(node, exp.Case):
        return is_boolean(node.args["default"], world)
    kinds = (exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
    return isinstance(node, (*kinds, exp.In, exp.Between, exp.Boolean))


def truth(node: exp.Expr, world: World) -> frozenset[bool]:
    """Return the answers that are still possible."""
    if isinstance(node, exp.Paren):
        return truth(node.this, world)
    if isinstance(node, exp.Boolean):
        return frozenset({bool(node.this)})
    if isinstance(node, exp.Not):
        return frozenset(not one for one in truth(node.this, world))
    if isinstance(node, (exp.And, exp.Or)):
        left, right = truth(node.this, world), truth(node.expression, world)
        step = all if isinstance(node, exp.And) else any
        return frozenset(step((a, b)) for a in left for b in right)
    if isinstance(node, exp.Between):
        low = compare(exp.GTE, value(node.this, world), value(node.args["low"], world))
        high = compare(exp.LTE, value(node.this, world), value(node.args["high"], world))
        return frozenset(a and b for a in low for b in high)
    if isinstance(node, exp.In):
        item = value(node.this, world)
        tests = [compare(exp.EQ, item, value(option, world)) for option in node.expressions]
        possible = frozenset({False})
        for test in tests:
            possible = frozenset(a or b for a in possible for b in test)
        return possible
    if isinstance(node, exp.Anonymous) and node.this in {"any", "all"}:
        return over_records(node, world)
    if isinstance(node, (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)):
        if is_boolean(node.this, world):
            left, right = truth(node.this, world), truth(node.expression, world)
            same = isinstance(node, exp.EQ)
            return frozenset((a == b) is same for a in left for b in right)
        return compare(type(node), value(node.this, world), value(node.expression, world))
    found = value(node, world)
    return MAYBE if found is UNKNOWN else frozenset({bool(found)})


def compare(kind: type, left: Any, right: Any) -> frozenset[bool]:
    """Compare two values, spans or unknowns by trying the ends that matter."""
    if left is UNKNOWN or right is UNKNOWN:
        return MAYBE
    if not isinstance(left, Span) and not isinstance(right, Span):
        return frozenset({plain(kind, left, right)})
    one = left if isinstance(left, Span) else Span(left, left)
    two = right if isinstance(right, Span) else Span(right, right)
    huge = 2**80
    a = (one.low if one.low is not None else -huge, one.high if one.high is not None else huge)
    b = (two.low if two.low is not None else -huge, two.high if two.high is not None else huge)
    found = {plain(kind, x, y) for x in a for y in b}
    # Equality may also hold in the middle, where no two ends meet.
    if kind in {exp.EQ, exp.NEQ} and max(a[0], b[0]) <= min(a[1], b[1]):
        found.add(kind is exp.EQ)
    return frozenset(found)


def plain(kind: type, left: Any, right: Any) -> bool:
    answers: dict[type, Any] = {
        exp.EQ: left == right,
        exp.NEQ: left != right,
        exp.LT: left < right if kind is exp.LT else False,
        exp.LTE: left <= right if kind is exp.LTE else False,
        exp.GT: left > right if kind is exp.GT else False,
        exp.GTE: left >= right if kind is exp.GTE else False,
    }
    return bool(answers[kind])


def reading(node: exp.Column, world: World) -> Any:
    name = f"{node.args['table'].this}.{node.this.this}" if node.args.get("table") else node.this.this
    if world.row is not None:
        inner = name.removeprefix(world.relation + ".")
        if inner in world.row:
            return world.row[inner]
    if name in world.facts:
        return world.facts[name]
    return name


def seen(found: dict[str, Any], world: World) -> Any:
    """Return what the rule may see of a reading: its value, a span, or unknown."""
    if world.proof is not None:
        if found.get("proof", 0) < world.proof:
            return UNKNOWN
        if world.fresh is not None:
            on = found.get("on")
            if on is None or world.as_of is None or world.as_of > on + dt.timedelta(world.fresh):
                return UNKNOWN
    if found.get("value") is not None:
        return found["value"]
    if found.get("type") in {"int", "fen"} and (found.get("low"), found.get("high")) != (None, None):
        return Span(found.get("low"), found.get("high"))
    return UNKNOWN


def value(node: exp.Expr, world: World) -> Any:
    """Return one value, a span, or unknown."""
    if isinstance(node, exp.Paren):
        return value(node.this, world)
    if isinstance(node, exp.Literal):
        return str(node.this) if node.is_string else int(node.this)
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Cast):
        return dt.date.fromisoformat(node.this.this)
    if isinstance(node, exp.Column):
        found = reading(node, world)
        if isinstance(found, dict):
            return seen(found, world)
        number = world.numbers[found]
        return UNKNOWN if number is None else number
    if isinstance(node, exp.Neg):
        return falling(value(node.this, world), lambda n: -n)
    if isinstance(node, (exp.Add, exp.Sub)):
        left, right = value(node.this, world), value(node.expression, world)
        if isinstance(node, exp.Sub):
            right = falling(right, lambda n: -n)
        (a, b), (c, d) = ends(left), ends(right)
        return span(None if a is None or c is None else a + c, None if b is None or d is None else b + d)
    if isinstance(node, exp.Mul):
        one, two = node.this, node.expression
        return (
            scaled(two, one, world, lambda n, k: n * k)
            if constant(one, world)
            else scaled(one, two, world, lambda n, k: n * k)
        )
    if isinstance(node, exp.Case):
        return case(node, world)
    if is_boolean(node, world):
        possible = truth(node, world)
        return UNKNOWN if len(possible) == 2 else next(iter(possible))
    assert isinstance(node, exp.Anonymous), node
    return call(node, world)


def span(low: int | None, high: int | None) -> Any:
    """Return an interval as plainly as it can be said."""
    if low is None and high is None:
        return UNKNOWN
    return low if low == high else Span(low, high)


def ends(found: Any) -> tuple[int | None, int | None]:
    """Return the two ends of what is known of a number."""
    if found is UNKNOWN:
        return None, None
    return (found.low, found.high) if isinstance(found, Span) else (found, found)


def rising(found: Any, step: Any) -> Any:
    return span(*(None if end is None else step(end) for end in ends(found)))


def falling(found: Any, step: Any) -> Any:
    return span(*(None if end is None else step(end) for end in reversed(ends(found))))


def constant(node: exp.Expr, world: World) -> bool:
    """Say whether this is a number of the rule or of the programme."""
    if isinstance(node, exp.Paren):
        return constant(node.this, world)
    if isinstance(node, exp.Neg):
        inner = node.this.unnest()
        return isinstance(inner, (exp.Literal, exp.Neg)) and constant(inner, world)
    return isinstance(node, exp.Literal) or (isinstance(node, exp.Column) and isinstance(reading(node, world), str))


def scaled(item: exp.Expr, by: exp.Expr, world: World, step: Any) -> Any:
    """Scale what is known of a number by a constant; two numbers that vary must both be known."""
    factor = exact(by, world)
    if factor is UNKNOWN:
        return UNKNOWN
    if not constant(by, world):
        found = exact(item, world)
        return UNKNOWN if found is UNKNOWN else step(found, factor)
    move = rising if factor >= 0 else falling
    return move(value(item, world), lambda n: step(n, factor))


def exact(node: exp.Expr, world: World) -> Any:
    """Return a single value; an interval that is not one point is unknown where one value is needed."""
    found = value(node, world)
    if isinstance(found, Span):
        return found.low if found.low is not None and found.low == found.high else UNKNOWN
    return found


def any_of(results: list[Any]) -> Any:
    """Return what is known of something that is one of these."""
    if all(isinstance(one, Span) or one is UNKNOWN or type(one) is int for one in results):
        lows, highs = zip(*(ends(one) for one in results), strict=True)
        return span(None if None in lows else min(lows), None if None in highs else max(highs))
    return results[0] if all(r is not UNKNOWN and r == results[0] for r in results) else UNKNOWN


def case(node: exp.Case, world: World) -> Any:
    """Follow every path that the possible answers leave open."""
    results = []
    for branch in node.args["ifs"]:
        test = truth(branch.this, world)
        if True in test:
            results.append(value(branch.args["true"], world))
        if False not in test:
            break
    else:
        results.append(value(node.args["default"], world))
    return any_of(results)


def band(node: exp.Anonymous, world: World) -> Any:
    """Collect the bands that lie between the ends of what is known."""
    table = world.tables[str(node.expressions[0].this.this)]
    if table is None:
        return UNKNOWN
    low, high = ends(value(node.expressions[1], world))
    huge = 2**80
    low, high = -huge if low is None else low, huge if high is None else high
    tops = [huge if upto is None else upto for upto, _found in table]
    return any_of(
        [
            found
            for (_upto, found), top, bottom in zip(table, tops, [-2 * huge, *tops], strict=False)
            if max(low, bottom + 1) <= min(high, top)
        ]
    )


def call(node: exp.Anonymous, world: World) -> Any:
    if node.this in {"count", "sum"}:
        return total(node, world)
    if node.this == "band":
        return band(node, world)
    if node.this == "share":
        return scaled(
            node.expressions[0],
            node.expressions[1],
            world,
            lambda n, k: round_half_up(Fraction(n * k, 1_000_000)),
        )
    if node.this in {"least", "greatest"}:
        return extreme(node, world)
    items = [exact(part, world) for part in node.expressions]
    if any(item is UNKNOWN for item in items):
        return UNKNOWN
    if node.this == "part":
        return part_of(items[0], items[1], items[2:])
    if node.this == "plus_days":
        return dt.date.fromordinal(items[0].toordinal() + items[1])
    if node.this == "plus_months":
        return months_later(items[0], items[1])
    if world.as_of is None:
        return UNKNOWN
    return SINCE[node.this](items[0], world.as_of)


def extreme(node: exp.Anonymous, world: World) -> Any:
    """Return the least or the greatest; of numbers, what is known of it when a part is not known."""
    items = [value(part, world) for part in node.expressions]
    pick = min if node.this == "least" else max
    if any(isinstance(item, dt.date) for item in items):
        return UNKNOWN if UNKNOWN in items else pick(items)
    lows, highs = zip(*(ends(item) for item in items), strict=True)
    near, far = (lows, highs) if node.this == "least" else (highs, lows)
    sure = None if None in near else pick(near)
    loose = [end for end in far if end is not None]
    found = (sure, pick(loose) if loose else None)
    return span(*found) if node.this == "least" else span(*reversed(found))


def over_records(node: exp.Anonymous, world: World) -> frozenset[bool]:
    relation = str(node.expressions[0].this.this)
    rows = world.records.get(relation)
    if rows is None:
        return MAYBE
    step = any if node.this == "any" else all
    possible = [truth(node.expressions[1], at_row(world, relation, row)) for row in rows]
    worst = step(min(one) for one in possible)
    best = step(max(one) for one in possible)
    # A record that is missing may be of either kind, and can only spoil what is not settled.
    sure = worst if node.this == "any" else not best
    return MAYBE if relation in world.partial and not sure else frozenset({worst, best})


def at_row(world: World, relation: str, row: dict[str, dict[str, Any]]) -> World:
    return replace(world, row=row, relation=relation)


def total(node: exp.Anonymous, world: World) -> Any:
    """Return the span from the least to the greatest total that is still possible."""
    relation = str(node.expressions[0].this.this)
    rows = world.records.get(relation)
    parts = list(node.expressions[1:])
    what = parts.pop(0) if node.this == "sum" else None
    if rows is None:
        return Span(0, None) if what is None else UNKNOWN
    lows: list[int | None] = []
    highs: list[int | None] = []
    for row in rows:
        inner = at_row(world, relation, row)
        test = truth(parts[0], inner) if parts else frozenset({True})
        if test == frozenset({False}):
            continue
        least, most = (1, 1) if what is None else ends(value(what, inner))
        lows.append(None if least is None else min(least if one else 0 for one in test))
        highs.append(None if most is None else max(most if one else 0 for one in test))
    if relation in world.partial:
        return Span(sum(one or 0 for one in lows), None) if what is None else UNKNOWN
    return span(*(None if None in every else sum(one or 0 for one in every) for every in (lows, highs)))
