"""What to ask for on an unknown, and the smallest change that would turn a no into a yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Protocol

from niangjia.engines.rules import tree
from niangjia.engines.rules.dates import INT64_MAX, INT64_MIN
from niangjia.engines.rules.edges import Compiles, edges
from niangjia.engines.rules.errors import RuleOverflow
from niangjia.engines.rules.evidence import Change, ConditionResult
from niangjia.engines.rules.facts import BUREAU, Fact, Reading, Readings, Records, Value
from niangjia.engines.rules.model import Need, Programme
from niangjia.engines.rules.tree import walk
from niangjia.engines.rules.trit import Context

# How many facts a suggested change may touch, and how many values of one fact are tried.
STEPS = 3
VALUES = 24


class Runs(Protocol):
    """What advice needs of a compiled programme."""

    programme: Programme

    def context(self, readings: Readings, relations: Records, today: dt.date) -> Context:
        """Return the subject as the closures see it."""

    def answers(self, context: Context) -> tuple[bool | None, ...]:
        """Return the answer of each condition."""

    def builder(self, need: Need) -> Compiles:
        """Return the builder of a need."""


@dataclass(frozen=True)
class Asked:
    """One subject and how its conditions were answered."""

    runs: Runs
    readings: Readings
    relations: Records
    today: dt.date
    results: tuple[ConditionResult, ...]

    def after(self, values: Mapping[str, Value]) -> Asked:
        """Return the same subject with these values, fully proved today."""
        return replace(
            self, readings={**self.readings, **{c: Reading(v, BUREAU, self.today) for c, v in values.items()}}
        )

    def with_values(self, values: Mapping[str, Value]) -> tuple[bool | None, ...] | None:
        """Return the answers if these facts had these values, fully proved."""
        changed = dict(self.readings)
        for code, value in values.items():
            old = changed.get(code, Reading())
            on = max(self.today, old.on or self.today)
            changed[code] = replace(old, value=value, proof=BUREAU, on=on, low=None, high=None)
        try:
            context = self.runs.context(changed, self.relations, self.today)
            if context.as_of is not None and context.as_of > self.today:
                # A suggested value is as fresh as the day of reckoning wants it.
                for code in values:
                    changed[code] = replace(changed[code], on=context.as_of)
                context = self.runs.context(changed, self.relations, self.today)
            return self.runs.answers(context)
        except RuleOverflow:
            return None


def asks(case: Asked) -> tuple[str, ...]:
    """Return the facts an unknown waits for: what settles it alone and costs least comes first."""
    codes: list[str] = []
    for result in case.results:
        if result.answer is None:
            codes.extend(result.unknown_facts)
    order = {code: place for place, code in enumerate(dict.fromkeys(codes))}

    def rank(code: str) -> tuple[int, int, int]:
        fact = case.runs.programme.catalogue.fact(code)
        if fact is None:
            return 2, 1, order[code]
        settled = [_decided(case.with_values({code: v})) for v in _values(case, fact)]
        alone = 0 if settled and all(settled) else 1 if any(settled) else 2
        return alone, fact.cost, order[code]

    return tuple(sorted(order, key=rank))


def _decided(answers: tuple[bool | None, ...] | None) -> bool:
    return answers is not None and (False in answers or None not in answers)


def smallest_change(case: Asked) -> tuple[Change, ...] | None:
    """Return the fewest changeable facts that would take every no away, or nothing.

    Other conditions may stay unknown; none may become a no.
    """
    codes: list[str] = []
    for result in case.results:
        if result.answer is False:
            codes.extend(result.facts)
    facts = [
        fact
        for code in dict.fromkeys(codes)
        if (fact := case.runs.programme.catalogue.fact(code)) is not None and fact.changeable
    ]
    was_no = [place for place, item in enumerate(case.results) if item.answer is False]
    for size in range(1, min(STEPS, len(facts)) + 1):
        best: tuple[tuple[int, int], tuple[Change, ...]] | None = None
        for group in combinations(facts, size):
            for chosen in _choices(case, group, {}):
                answers = case.with_values(chosen)
                if answers is None or False in answers:
                    continue
                if any(answers[place] is not True for place in was_no):
                    continue
                cost = sum(fact.cost for fact in group)
                far = sum(_distance(_old(case, code), value) for code, value in chosen.items())
                if best is None or (cost, far) < best[0]:
                    best = (cost, far), tuple(Change(code, _old(case, code), value) for code, value in chosen.items())
        if best is not None:
            return best[1]
    return None


def _choices(case: Asked, group: tuple[Fact, ...], chosen: dict[str, Value]) -> Iterator[dict[str, Value]]:
    """Yield every choice of values of a group; where one tips may depend on those chosen before it."""
    if not group:
        yield chosen
        return
    seen = case.after(chosen) if chosen else case
    for value in _values(seen, group[0]):
        yield from _choices(case, group[1:], {**chosen, group[0].code: value})


def _old(case: Asked, code: str) -> Value | None:
    reading = case.readings.get(code)
    return None if reading is None else reading.value


def _distance(old: Value | None, new: Value) -> int:
    if isinstance(old, dt.date) and isinstance(new, dt.date):
        return abs((new - old).days)
    if isinstance(old, int) and isinstance(new, int):
        return abs(new - old)
    return 1


def _values(case: Asked, fact: Fact) -> list[Value]:
    """Return the values of a fact at which some comparison may tip, besides the present one."""
    found: list[Value] = []
    if fact.type == "bool":
        found = [True, False]
    elif fact.type == "code":
        found = list(fact.codes)
        found += _literals(case, fact)
    else:
        context = case.runs.context(case.readings, case.relations, case.today)
        for edge in _edges(case, fact, context):
            found.extend(_around(edge))
    old = _old(case, fact.code)
    if fact.type in {"int", "fen", "ppm"} and not found:
        found = [0, 1]
    new = [value for value in dict.fromkeys(found) if value != old]
    unproved = [] if old is None else [old]
    return [*unproved, *new][:VALUES]


def _around(edge: Value) -> Iterable[Value]:
    if isinstance(edge, dt.date):
        day = dt.timedelta(days=1)
        before = [edge - day] if edge > dt.date.min else []
        return [edge, *before, *([edge + day] if edge < dt.date.max else [])]
    number = int(edge)
    return [n for n in (number, number - 1, number + 1) if INT64_MIN <= n <= INT64_MAX]


def _literals(case: Asked, fact: Fact) -> list[Value]:
    found: list[Value] = []
    for root in case.runs.programme.roots():
        for node in walk(root):
            if isinstance(node, tree.Literal) and node.kind.type == "code":
                found.append(node.value)
    return found if not fact.codes else []


def _edges(case: Asked, fact: Fact, context: Context) -> list[Value]:
    found: list[Value] = []
    for condition in case.runs.programme.conditions:
        builder = case.runs.builder(condition.need)
        found.extend(edges(condition.when, fact.code, builder, context))
    return list(dict.fromkeys(found))
