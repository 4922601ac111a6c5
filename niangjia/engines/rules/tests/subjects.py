"""Subjects made from a programme's own thresholds: one below, on, one above, and unknown."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
from collections.abc import Iterator
from typing import Any

from niangjia.engines.rules import Programme, Reading
from niangjia.engines.rules.facts import Fact, Partial, Value
from niangjia.engines.rules.tests.oracle import World

DAY = dt.timedelta(days=1)


def thresholds(programme: Programme, fact: Fact, today: dt.date) -> list[Value]:
    """Return the values worth trying for a fact: around each number of the programme and today, by type."""
    if fact.type == "bool":
        return [True, False]
    if fact.type == "code":
        written = {m for c in programme.conditions for m in re.findall(r"'([a-z_]+)'", c.text)}
        return sorted({*fact.codes, *written, "something_else"})
    numbers = [e.value for a in programme.amounts.values() for e in a.entries if e.value is not None]
    edges = [b for a in programme.amounts.values() for e in a.entries for b, _v in e.bands if b]
    if fact.type == "date":
        days = [n for n in numbers if isinstance(n, dt.date)]
        days += [dt.date(2020, 2, 29), dt.date(2019, 12, 31), today]
        days += [later(day, step) for day in days for step in _steps(programme)]
        return sorted({d + DAY * step for d in days for step in (-1, 0, 1)})
    plain = {n for n in numbers if isinstance(n, int) and not isinstance(n, bool)}
    sums = {a + b for a, b in itertools.combinations(plain, 2)}
    found = {0, *plain, *edges, *sums}
    return sorted({n + step for n in found for step in (-1, 0, 1)})


def _steps(programme: Programme) -> list[int]:
    """Return the months that lead from one edge of a date to another: years count back, to a birthday."""
    small = [
        (entry.value, amount.kind.unit)
        for amount in programme.amounts.values()
        for entry in amount.entries
        if isinstance(entry.value, int) and 0 < entry.value < 600
    ]
    return [-12 * number if unit == "year" else number for number, unit in small]


def later(day: dt.date, months: int) -> dt.date:
    """Return a day near the end of so many months; only an edge to try values around."""
    index = day.year * 12 + day.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, min(day.day, 28))


def subjects(programme: Programme, count: int, today: dt.date, seed: int = 1) -> Iterator[dict[str, Reading]]:
    """Yield readings: first each value of each fact beside plain yeses, then random mixtures."""
    rng = random.Random(seed)
    facts = [f for f in programme.catalogue.facts if f.code in programme.fact_codes]
    values = {fact.code: thresholds(programme, fact, today) for fact in facts}
    fresh = [c.need.fresh_days for c in programme.conditions if c.need.fresh_days is not None]
    days = [today, *(today - DAY * (n + step) for n in fresh for step in (-1, 0, 1))]

    def one(fact: Fact) -> Reading | None:
        roll = rng.random()
        if roll < 0.1:
            return None
        if roll < 0.16:
            low = rng.choice(values[fact.code]) if fact.type in {"int", "fen"} else None
            if low is None:
                return Reading(unknown="refused", proof=5, on=today)
            top = int(low) + rng.randint(0, 4)  # type: ignore[arg-type]
            high = rng.choice([None, top])
            return Reading(None, 5, today, low=rng.choice([None, int(low)]), high=high)  # type: ignore[arg-type]
        on = rng.choice([today, today, *days, None])
        return Reading(rng.choice(values[fact.code]), rng.choice([1, 2, 3, 4, 5, 5, 5]), on)

    for fact in facts:
        for chosen in values[fact.code]:
            for proof in (1, 5):
                row = {f.code: Reading(rng.choice(values[f.code]), 5, today) for f in facts}
                yield {**row, fact.code: Reading(chosen, proof, today)}
    for _at in range(count):
        made = {fact.code: one(fact) for fact in facts}
        yield {code: found for code, found in made.items() if found is not None}


def plain(reading: Reading, kind: str) -> dict[str, Any]:
    """Return a reading as the oracle wants it."""
    return {
        "type": kind,
        "value": reading.value,
        "proof": reading.proof,
        "on": reading.on,
        "low": reading.low,
        "high": reading.high,
    }


def world_of(
    programme: Programme,
    readings: dict[str, Reading],
    records: dict[str, Any],
    as_of: dt.date | None,
) -> World:
    """Return what the oracle sees: facts, numbers in force on the day, records."""
    facts = {f.code: plain(readings.get(f.code, Reading()), f.type) for f in programme.catalogue.facts}
    numbers: dict[str, Any] = {}
    tables: dict[str, Any] = {}
    for code, item in programme.amounts.items():
        entry = None
        if as_of is not None:
            held = as_of if as_of > programme.valid_from else programme.valid_from
            if programme.valid_to is not None and held > programme.valid_to:
                held = programme.valid_to
            begun = [e for e in item.entries if e.from_ <= held]
            entry = max(begun, key=lambda e: e.from_)
        elif len(item.entries) == 1:
            entry = item.entries[0]
        if item.over is None:
            numbers[code] = None if entry is None else entry.value
        else:
            tables[code] = None if entry is None else list(entry.bands)
    rows: dict[str, Any] = {}
    for relation in programme.catalogue.relations:
        known = records.get(relation.code)
        rows[relation.code] = (
            None
            if known is None
            else [{c.code: plain(row.get(c.code, Reading()), c.type) for c in relation.columns} for row in known]
        )
    partial = frozenset(code for code, known in records.items() if isinstance(known, Partial))
    return World(facts, numbers, tables, as_of, rows, partial=partial)
