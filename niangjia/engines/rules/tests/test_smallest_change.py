"""The change that is stated gives a yes when it is made, and no smaller one does."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from niangjia.engines.rules import Catalogue, Decider, Fact, Programme, Reading, advise, compile_python
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.subjects import subjects, thresholds
from niangjia.engines.rules.tests.test_parity import FOLDERS, TODAY, ready
from niangjia.engines.rules.trit import Context

# Birth, age and illness stay as they are; whatever else a recipe asks about may change here.
NEVER = ("age", "born", "disabled", "illness", "children", "sex")
DAY = dt.timedelta(days=1)
INVENTED = {
    "sums": {"left": "bill - paid >= 5000 and bill - paid <= limit_fen", "months": "months >= months_needed"},
    "least": {"cap": "least(bill, paid) >= 5001", "size": "household.size between 2 and 3 or member"},
    "share": {"share": "share(bill, part) + paid >= limit_fen"},
    "small": {"small": "share(bill, 50000) >= 500 and share(bill, 50000) <> 501"},
    "part": {"part": "part(bill, 2, 333333, 666667) >= 5000"},
    "case": {"case": "case when member then bill else paid end >= limit_fen", "grade": "grade in ('b', 'c')"},
    "band": {"band": "band(steps, bill) <= 50", "not": "not (grade = wanted_grade)"},
    "either": {"either": "(months >= 3 and member) or (bill > 9999 and grade = 'b')"},
    "dates": {"lost": "lost_on <= first_day and months_since(lost_on) >= 2"},
}  # fmt: skip


def changeable(programme: Programme) -> Programme:
    """Return the programme with every fact changeable that a person can change at all."""
    facts = tuple(
        replace(fact, changeable=not any(word in fact.code for word in NEVER)) for fact in programme.catalogue.facts
    )
    return replace(programme, catalogue=Catalogue(facts, programme.catalogue.relations))


def grid(programme: Programme, fact: Fact, readings: Mapping[str, Reading]) -> list[Value]:
    """Return the values at which a rule may tip: thresholds, sums of them with what is known, one beside."""
    found: set[Any] = set(thresholds(programme, fact, TODAY))
    if fact.type in {"int", "fen", "ppm"}:
        known = [r.value for r in readings.values() if type(r.value) is int]
        found |= {a + sign * b for a in found | {0} for b in known for sign in (1, -1)}
        found |= {value + step for value in list(found) for step in (-1, 1)} | set(range(9_985, 10_035))
        found = {value for value in found if abs(value) < 10**7}
    old = readings[fact.code].value if fact.code in readings else None
    return sorted(found - {old}, key=lambda value: (distance(old, value), str(value)))


def distance(old: Value | None, new: Value) -> int:
    """Return how far a value moved; what is not a number or a date moves by one."""
    if isinstance(old, dt.date) and isinstance(new, dt.date):
        return abs((new - old).days)
    if isinstance(old, int) and isinstance(new, int):
        return abs(new - old)
    return 1


def after(decider: Decider, readings: Mapping[str, Reading], changes: Mapping[str, Value]) -> tuple[bool | None, ...]:
    """Return the answers once these facts have these values, proved today."""
    made = {code: Reading(value, 5, TODAY) for code, value in changes.items()}
    return decider.answers(decider.context({**readings, **made}, {}, TODAY))


Size = tuple[int, int, int]
# A value on the grid: how far it lies, the value, and the reading of it, proved today.
Option = tuple[int, Value, Reading]


def smaller(decider: Decider, readings: Mapping[str, Reading], than: Size) -> Iterator[dict[str, Value]]:
    """Yield the changes on the grid that are smaller and leave no condition unmet."""
    programme = decider.programme
    leaves_none_unmet = tried_on(decider, readings)
    facts = [f for f in (programme.catalogue.fact(code) for code in programme.fact_codes) if f and f.changeable]
    values = {fact.code: [option(readings, fact, one) for one in grid(programme, fact, readings)] for fact in facts}
    for size in range(1, min(2, than[0], len(facts)) + 1):
        for group in itertools.combinations(facts, size):
            cost = sum(fact.cost for fact in group)
            if (size, cost) > than[:2]:
                continue
            far = than[2] if (size, cost) == than[:2] else 10**9
            # Two at once are tried on a part of the grid: the values that are nearest.
            options = [values[fact.code][: 10**6 if size == 1 else 30] for fact in group]
            codes = [fact.code for fact in group]
            for chosen in within(options, far):
                if leaves_none_unmet(
                    {code: reading for code, (_far, _value, reading) in zip(codes, chosen, strict=True)}
                ):
                    yield {code: value for code, (_far, value, _reading) in zip(codes, chosen, strict=True)}


def option(readings: Mapping[str, Reading], fact: Fact, value: Value) -> Option:
    return distance(old_of(readings, fact.code), value), value, Reading(value, 5, TODAY)


def tried_on(decider: Decider, readings: Mapping[str, Reading]) -> Callable[[dict[str, Reading]], bool]:
    """Return whether some readings instead leave no condition unmet, of those that were a no none even unknown.

    Millions are tried: those that were a no are asked first, and the first no is enough. The day of reckoning is
    found again only where its own fact changes.
    """
    before = decider.context(readings, {}, TODAY)
    was_no = {
        id(item): answer is False for item, answer in zip(decider.conditions, decider.answers(before), strict=True)
    }
    order = sorted(decider.conditions, key=lambda item: not was_no[id(item)])
    asked = [(item.proved, was_no[id(item)]) for item in order]
    rule = decider.programme.as_of

    def leaves_none_unmet(made: dict[str, Reading]) -> bool:
        now = {**readings, **made}
        if rule.kind == "fact" and rule.code in made:
            context = decider.context(now, {}, TODAY)
        else:
            context = Context(now, {}, before.amounts, before.as_of)
        for proved, needs_yes in asked:
            answer = proved(context)
            if not answer and (needs_yes or answer is not None):
                return False
        return True

    return leaves_none_unmet


def within(options: list[list[Option]], far: int) -> Iterator[tuple[Option, ...]]:
    """Yield every choice of one option each whose distances come to less than `far`."""
    if not options:
        yield ()
        return
    for one in options[0]:
        if one[0] >= far:
            break
        for rest in within(options[1:], far - one[0]):
            yield (one, *rest)


def old_of(readings: Mapping[str, Reading], code: str) -> Value | None:
    return readings[code].value if code in readings else None


def check(programme: Programme, people: Iterable[Mapping[str, Reading]], wanted: int) -> tuple[int, int]:
    """Hold the advice on a no to brute force; return how many cases had a change and how many had none."""
    decider = compile_python(programme)
    stated = none = 0
    for readings in people:
        decision = decider.decide(readings, {}, TODAY)
        if decision.outcome != "no":
            continue
        steps = decision.smallest_change
        if steps is None:
            none += 1
            assert next(smaller(decider, readings, (9, 0, 0)), None) is None, readings
        else:
            stated += 1
            changes = {step.fact: step.to for step in steps}
            facts = [programme.catalogue.fact(code) for code in changes]
            assert all(fact is not None and fact.changeable for fact in facts)
            answers = after(decider, readings, changes)
            assert False not in answers, (changes, readings)
            if None not in (item.answer for item in decision.conditions):
                assert set(answers) == {True}, (changes, readings)
            size = (
                len(steps),
                sum(fact.cost for fact in facts if fact),
                sum(distance(old_of(readings, code), value) for code, value in changes.items()),
            )
            found = next(smaller(decider, readings, size), None)
            assert found is None, (size, changes, found, readings)
        if stated + none >= wanted:
            break
    return stated, none


def crowd(programme: Programme, seed: int) -> Iterator[Mapping[str, Reading]]:
    """Yield people whose facts lie near the programme's numbers, mostly known and proved."""
    rng = random.Random(seed)
    facts = [f for f in (programme.catalogue.fact(code) for code in programme.fact_codes) if f]
    near = {fact.code: thresholds(programme, fact, TODAY) for fact in facts}
    yield from itertools.islice(subjects(programme, 200, TODAY, seed), 200)
    while True:
        found = {fact.code: Reading(rng.choice(near[fact.code]), 5, TODAY) for fact in facts}
        for code in found:
            if rng.random() < 0.1:
                found[code] = Reading(found[code].value, 1, TODAY)
        yield found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_stated_change_of_a_recipe_gives_a_yes_and_nothing_smaller_does(folder: Path) -> None:
    programme = changeable(ready(folder))
    assert sum(check(programme, itertools.islice(crowd(programme, 3), 400), 24)) > 0


@pytest.mark.parametrize("name", INVENTED)
def test_the_stated_change_gives_a_yes_and_nothing_smaller_does(name: str) -> None:
    programme = changeable(kit.programme(INVENTED[name]))
    stated, _none = check(programme, itertools.islice(crowd(programme, 3), 400), 12)
    assert stated > 0


@pytest.mark.nightly
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_thousand_stated_changes_of_each_recipe(folder: Path) -> None:
    programme = changeable(ready(folder))
    assert sum(check(programme, itertools.islice(crowd(programme, 5), 20_000), 1_000)) == 1_000


@pytest.mark.nightly
@pytest.mark.parametrize("name", INVENTED)
def test_a_thousand_stated_changes_of_each_invented_programme(name: str) -> None:
    programme = changeable(kit.programme(INVENTED[name]))
    assert sum(check(programme, itertools.islice(crowd(programme, 5), 20_000), 1_000)) == 1_000


def test_advice_that_is_one_fen_too_large_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = advise._around
    monkeypatch.setattr(advise, "_around", lambda edge: [n + 2 for n in honest(edge) if isinstance(n, int)])
    programme = changeable(kit.programme({"left": "bill - paid >= 5000"}))
    with pytest.raises(AssertionError):
        check(programme, itertools.islice(crowd(programme, 3), 400), 12)
