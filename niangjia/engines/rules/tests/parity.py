"""Comparing back ends with the oracle, subject by subject and condition by condition.

A back end is a function from a programme, subjects and a day to one row per subject, in the columns of
a sweep; another one joins by being given to `differences`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from duckdb import DuckDBPyConnection

from niangjia.engines.rules import (
    Decider,
    Programme,
    Reading,
    compile_duckdb,
    compile_python,
    sweep_duckdb,
    tables_of,
)
from niangjia.engines.rules.sweep import connect
from niangjia.engines.rules.tests import oracle
from niangjia.engines.rules.tests.reckoning import months_later
from niangjia.engines.rules.tests.subjects import world_of

Subject = tuple[dict[str, Reading], dict[str, Any]]
Row = Mapping[str, Any]
BackEnd = Callable[[Programme, Sequence[Subject], dt.date], list[Row]]


def as_of(programme: Programme, readings: Mapping[str, Reading], today: dt.date) -> dt.date | None:
    """Return the day of reckoning by the oracle's calendar."""
    rule = programme.as_of
    day: Any = {"today": today, "date": rule.day}.get(rule.kind)
    if rule.kind == "fact":
        found = readings.get(rule.code)
        day = found.value if found is not None else None
    if rule.kind == "amount":
        day = programme.amounts[rule.code].entries[0].value
    if day is None:
        return None
    return months_later(day, rule.months) + dt.timedelta(rule.days)


def expected(programme: Programme, subject: Subject, today: dt.date) -> dict[str, Any]:
    """Return what the oracle says of one subject, in the columns of a sweep."""
    readings, records = subject
    day = as_of(programme, readings, today)
    world = world_of(programme, readings, records, day)
    found: dict[str, Any] = {"as_of": day}
    proved, stated, near = [], [], []
    for item in programme.conditions:
        seen = replace(world, proof=item.need.proof, fresh=item.need.fresh_days)
        proved.append(oracle.answer(item.text, seen))
        stated.append(oracle.answer(item.text, replace(world, proof=None)))
        near.append(oracle.answer(item.near_text, seen) if item.near_text else None)
        found[f"c_{item.id}"], found[f"s_{item.id}"] = proved[-1], stated[-1]
    outcome = 0 if False in proved else -1 if None in proved else 1
    found["outcome"] = outcome
    found["if_confirmed"] = outcome == -1 and set(stated) == {True}
    lone = proved.count(False) == 1 and None not in proved
    found["near_miss"] = lone and near[proved.index(False)] is True
    for formula in programme.every_formula:
        seen = replace(world, proof=formula.need.proof, fresh=formula.need.fresh_days)
        prefix = "a" if formula in programme.formulas else "x"
        found[f"{prefix}_{formula.name}"] = oracle.amount(formula.text, seen)
    money = [found[f"a_{give.amount}"] for give in programme.give if give.amount]
    known = bool(money) and None not in money and outcome != 0
    found["amount_fen"] = sum(money) if known else None
    return found


def by_python(decider: Decider, subject: Subject, today: dt.date) -> dict[str, Any]:
    """Return what the closures say, in the columns of a sweep."""
    decision = decider.decide(*subject, today, advise=False)
    verdict = decider.verdict(*subject, today)
    assert all(getattr(verdict, name) == getattr(decision, name) for name in verdict.__slots__)
    found: dict[str, Any] = {
        "as_of": decision.as_of,
        "outcome": {"yes": 1, "no": 0, "unknown": -1}[decision.outcome],
        "if_confirmed": decision.if_confirmed,
        "near_miss": decision.near_miss,
        "amount_fen": decision.amount_fen,
    }
    for item in decision.conditions:
        found[f"c_{item.id}"], found[f"s_{item.id}"] = item.answer, item.answer_stated
    if decider.programme.group is not None:
        found["x_group"] = decision.group
    if decider.programme.rank_key is not None:
        found["x_rank_key"] = decision.rank_key
    return {**found, **{f"a_{name}": value for name, value in decision.amounts.items()}}


def python_rows(programme: Programme, subjects: Sequence[Subject], today: dt.date) -> list[Row]:
    """Return what the closures say of each subject."""
    decider = compile_python(programme)
    return [by_python(decider, subject, today) for subject in subjects]


@cache
def _duckdb() -> DuckDBPyConnection:
    """One for all programmes: opening one takes a tenth of asking it."""
    return connect()


def duckdb_rows(programme: Programme, subjects: Sequence[Subject], today: dt.date) -> list[Row]:
    """Return what one sweep says of all subjects."""
    named = [(f"{at:06d}", *subject) for at, subject in enumerate(subjects)]
    found: list[Row] = sweep_duckdb(programme, *tables_of(programme, named), today, _duckdb()).to_pylist()
    return found


def statement_rows(programme: Programme, subjects: Sequence[Subject], today: dt.date) -> list[Row]:
    """The same by the statement alone: a sweep plans it twice, which is most of the time of forty subjects."""
    tables, records = tables_of(programme, [(f"{at:06d}", *subject) for at, subject in enumerate(subjects)])
    statement, named = compile_duckdb(programme), {f"rel_{code}": table for code, table in records.items()}
    for name, table in {"subjects": tables, **named}.items():
        _duckdb().register(name, table)
    done = _duckdb().execute(statement, {"today": today} if "$today" in statement else {})
    columns = [str(column[0]) for column in done.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in done.fetchall()]


BACK_ENDS: Mapping[str, BackEnd] = {"python": python_rows, "duckdb": duckdb_rows}
MANY: Mapping[str, BackEnd] = {"python": python_rows, "duckdb": statement_rows}


def differences(
    programme: Programme,
    subjects: Iterable[Subject],
    today: dt.date,
    back_ends: Mapping[str, BackEnd] = BACK_ENDS,
) -> list[str]:
    """Return every place where a back end and the oracle disagree."""
    people = list(subjects)
    rows = {name: back_end(programme, people, today) for name, back_end in back_ends.items()}
    assert back_ends
    assert {len(found) for found in rows.values()} == {len(people)}
    found: list[str] = []
    for at, subject in enumerate(people):
        want = expected(programme, subject, today)
        for name in back_ends:
            for column, value in want.items():
                if rows[name][at][column] != value:
                    found.append(f"{name} {column}: {rows[name][at][column]} instead of {value} for {subject}")
    return found
