"""Three-valued steps that closures are made of: yes, no and unknown, which is `None`."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from niangjia.engines.rules import dates, shares
from niangjia.engines.rules.dates import whole
from niangjia.engines.rules.facts import Partial, Reading, Readings, Records, Row, Value
from niangjia.engines.rules.model import Entry, Need

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


def rows_of(context: Context, relation: str) -> Sequence[Row] | None:
    """Return the subject's records, `Partial` or nothing where the register is not complete."""
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
        return None if None in answers or isinstance(rows, Partial) else False

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
        return None if None in answers or isinstance(rows, Partial) else True

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


def settled_of(bounds: Bounds, context: Context) -> Value | None:
    """Return a bounded value when its two bounds meet, else unknown."""
    low, high = bounds(context)
    return low if low == high else None


def point_of(item: Exact, context: Context) -> tuple[Value | None, Value | None]:
    """Return a value as two equal bounds; an unknown value has none."""
    value = item(context)
    return value, value


def constant_of(value: Value, _context: Context) -> Value | None:
    """Return a number that stands in the rule itself."""
    return value


def amount_of(code: str, context: Context) -> Value | None:
    """Return an amount in force on the day of reckoning; unknown when that day is."""
    entry = context.amounts[code]
    return None if entry is None else entry.value


def not_of(item: Exact, context: Context) -> Value | None:
    """Return the opposite; the opposite of unknown is unknown."""
    value = item(context)
    return None if value is None else not value


def and_of(items: list[Exact], context: Context) -> Value | None:
    """Return no when any part is no, else unknown when any is unknown, else yes."""
    result: bool | None = True
    for item in items:
        value = item(context)
        if value is False:
            return False
        if value is None:
            result = None
    return result


def or_of(items: list[Exact], context: Context) -> Value | None:
    """Return yes when any part is yes, else unknown when any is unknown, else no."""
    result: bool | None = False
    for item in items:
        value = item(context)
        if value is True:
            return True
        if value is None:
            result = None
    return result


Step = Callable[[Value, Value], bool]


def compare_of(step: Step, left: Exact, right: Exact, context: Context) -> Value | None:
    """Return a comparison; an unknown side makes it unknown."""
    one = left(context)
    if one is None:
        return None
    two = right(context)
    return None if two is None else step(one, two)


def compare_bounds_of(name: str, left: Bounds, right: Bounds, context: Context) -> Value | None:
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


def in_of(item: Exact, options: list[Exact], context: Context) -> Value | None:
    """Return whether a value is among the options; an unknown option keeps a no from being certain."""
    value = item(context)
    if value is None:
        return None
    values = [option(context) for option in options]
    if value in values:
        return True
    return None if None in values else False


def arithmetic_of(step: Callable[[int, int], int], left: Exact, right: Exact, context: Context) -> Value | None:
    """Return a sum, difference or product in 64 bits; an unknown part makes it unknown."""
    one, two = left(context), right(context)
    if one is None or two is None:
        return None
    return whole(step(one, two))  # type: ignore[arg-type]


def since_of(step: Callable[[dt.date, dt.date], int], item: Exact, context: Context) -> Value | None:
    """Return whole days, months or years from a date to the day of reckoning."""
    day = item(context)
    if day is None or context.as_of is None:
        return None
    return step(day, context.as_of)  # type: ignore[arg-type]


def function_of(step: Callable[..., Value], items: list[Exact], context: Context) -> Value | None:
    """Return a function of known values; an unknown one makes it unknown."""
    values = [item(context) for item in items]
    return None if None in values else step(*values)


def case_of(branches: list[tuple[Exact, Exact]], default: Exact, context: Context) -> Value | None:
    """Return the value that every branch which may be reached agrees on; see `spans` for numbers."""
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
    "part": shares.part,
    "plus_months": lambda day, months: dates.plus_months(day, months),
    "plus_days": dates.plus_days,
}
