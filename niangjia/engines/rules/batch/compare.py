"""What a version would do, and what it would change beside another, over the same people.

People who are a yes under one of the two go to a spool, in chunks; everything told is counted from
it afterwards, so memory does not grow with the people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from niangjia.engines.rules.batch.bitmaps import bits_of, only_where
from niangjia.engines.rules.batch.kernels import as_array
from niangjia.engines.rules.batch.passes import Answers
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.late import pa, pc
from niangjia.engines.rules.model import Programme
from niangjia.engines.rules.sweep import connect
from niangjia.engines.rules.tree import amounts_of

BEFORE, AFTER = "before", "after"
# What a table of subjects may say beside its facts, and what is then told.
HOUSEHOLD, TOWN, LEVEL, RECEIVED = "household_id", "town", "level", "received_before"
# Once per what each version gives: several people of one key are given it once, as much as the most of them.
ONCE = {which: f"once_{which}" for which in (BEFORE, AFTER)}
EXTRAS = (HOUSEHOLD, TOWN, LEVEL, RECEIVED, *ONCE.values())
# A cell of fewer people than this could point at somebody.
FEWEST = 5
BREAKDOWNS = {"by_month": "strftime(on_{which}, '%Y-%m')", "by_town": TOWN, "by_level": LEVEL}


@cache
def spool_schema() -> pa.Schema:
    """Return the columns in which `look` tells who is a yes under which version."""
    texts, ends = (HOUSEHOLD, TOWN, LEVEL, *ONCE.values()), {"yes": pa.bool_(), "fen": pa.int64(), "on": pa.date32()}
    names = [("subject_id", pa.string()), *((name, pa.string()) for name in texts), (RECEIVED, pa.bool_())]
    return pa.schema(names + [(f"{end}_{which}", kind) for which in (BEFORE, AFTER) for end, kind in ends.items()])


def look(answers: Answers) -> pa.Table:
    """Return who of a chunk is a yes under one of the versions, with the money and the day of each."""
    rows = answers.batch.num_rows
    columns: dict[str, Any] = {"subject_id": pc.cast(answers.batch.column("subject_id"), pa.string())}
    for name in EXTRAS:
        kind = spool_schema().field(name).type
        there = name in answers.batch.schema.names
        columns[name] = pc.cast(answers.batch.column(name), kind) if there else pa.nulls(rows, kind)
    either = pa.repeat(pa.scalar(False), rows)
    for which in (BEFORE, AFTER):
        outcome = answers.outcomes.get(which)
        yes = pa.repeat(pa.scalar(False), rows) if outcome is None else outcome.yes
        columns |= {f"yes_{which}": yes, f"fen_{which}": pa.nulls(rows, pa.int64()), f"on_{which}": None}
        days = pa.nulls(rows, pa.date32())
        if outcome is not None:
            amount = outcome.amount()
            fen = pa.nulls(rows, pa.int64()) if amount is None else as_array(amount, rows)
            columns[f"fen_{which}"] = only_where(fen, yes)
            days = only_where(outcome.day(), yes)
        columns[f"on_{which}"] = days
        either = pc.or_(either, bits_of(yes))
    return pa.table([columns[name] for name in spool_schema().names], schema=spool_schema()).filter(either)


@dataclass(frozen=True)
class Side:
    """What one version promises: subjects, households where they are known, money, last day of the fund.

    `fund_empty_on` is the first day on which what was promised up to its end reaches the fund.
    """

    subjects: int
    households: int | None
    fen: int
    fund_empty_on: dt.date | None


@dataclass(frozen=True)
class Change:
    """Who gains and who loses: newly or no longer a yes, and more or less money as a yes of both."""

    gain: int
    lose: int
    more: int
    less: int
    first_time: int | None
    households_gain: int | None
    households_lose: int | None


@dataclass(frozen=True)
class Cell:
    """One month, town or level: subjects, households and fen before and after; nothing where it is hidden."""

    name: str | None
    subjects_before: int | None
    households_before: int | None
    fen_before: int | None
    subjects_after: int | None
    households_after: int | None
    fen_after: int | None


def summary(spool: Any, fund_fen: int | None = None, fewest: int = FEWEST) -> dict[str, Any]:
    """Return what the spool says: two `Side`s, their `Change`, and cells by month, town and level.

    `spool` is an Arrow table or dataset in columns of `spool_schema`. Cells of fewer than `fewest` people are hidden.
    """
    connection = connect()
    try:
        connection.register("people", spool)

        def rows(sql: str) -> list[tuple[Any, ...]]:
            return connection.sql(sql).fetchall()

        counted = ", ".join(f"count({name})" for name in (HOUSEHOLD, RECEIVED, *ONCE.values()))
        homes, received, *once = rows(f"SELECT {counted} FROM people")[0]  # noqa: S608
        paid = [_paid(which, once=number > 0) for which, number in zip(ONCE, once, strict=True)]
        connection.execute(f"CREATE VIEW spool AS SELECT *, {', '.join(paid)} FROM people")  # noqa: S608
        return {
            **{which: _side(rows, which, fund_fen, has_homes=homes > 0) for which in (BEFORE, AFTER)},
            "change": _change(rows, has_homes=homes > 0, has_received=received > 0),
            **{name: hide_small(cells(rows, by, has_homes=homes > 0), fewest) for name, by in BREAKDOWNS.items()},
        }
    finally:
        connection.close()


def _paid(which: str, *, once: bool) -> str:
    """Return the money of a row of one side: of those who share a key only the one who would get most has it."""
    if not once:
        return f"fen_{which} AS paid_{which}"
    ordered = f"PARTITION BY {ONCE[which]}, yes_{which} ORDER BY fen_{which} DESC NULLS LAST, on_{which}, subject_id"
    first = f"{ONCE[which]} IS NULL OR row_number() OVER ({ordered}) = 1"
    return f"CASE WHEN {first} THEN fen_{which} END AS paid_{which}"


def _side(rows: Any, which: str, fund_fen: int | None, *, has_homes: bool) -> Side:
    homes = f"count(DISTINCT {HOUSEHOLD})" if has_homes else "NULL"
    sql = f"SELECT count(*), {homes}, coalesce(sum(paid_{which}), 0) FROM spool WHERE yes_{which}"  # noqa: S608
    subjects, households, fen = rows(sql)[0]
    empty = None
    if fund_fen is not None:
        days = rows(
            f"SELECT on_{which}, sum(paid_{which}) FROM spool WHERE paid_{which} > 0 AND on_{which} IS NOT NULL "  # noqa: S608
            "GROUP BY 1 ORDER BY 1"
        )
        promised = 0
        for day, added in days:
            promised += int(added)
            if promised >= fund_fen:
                empty = day
                break
    return Side(subjects, households, int(fen), empty)


def _change(rows: Any, *, has_homes: bool, has_received: bool) -> Change:
    gain, lose, both = "yes_after AND NOT yes_before", "yes_before AND NOT yes_after", "yes_before AND yes_after"
    homes = [f"count(DISTINCT CASE WHEN {one} THEN {HOUSEHOLD} END)" for one in (gain, lose)]
    wanted = [
        *(f"coalesce(sum(CASE WHEN {one} THEN 1 ELSE 0 END), 0)" for one in (
            gain, lose, f"{both} AND fen_after > fen_before", f"{both} AND fen_after < fen_before")),
        f"sum(CASE WHEN {gain} AND NOT {RECEIVED} THEN 1 ELSE 0 END)" if has_received else "NULL",
        *(homes if has_homes else ["NULL", "NULL"]),
    ]  # fmt: skip
    found = rows(f"SELECT {', '.join(wanted)} FROM spool")[0]  # noqa: S608
    gain_lose_more_less, rest = found[:4], found[4:]
    return Change(*map(int, gain_lose_more_less), *(None if one is None else int(one) for one in rest))


def cells(rows: Any, by: str, *, has_homes: bool) -> list[Cell]:
    """Return the cells of one breakdown, none of them hidden; none where nobody has such a column."""
    sides = [
        f"SELECT {by.format(which=which)} AS name, {at} AS side, {HOUSEHOLD} AS home, paid_{which} AS fen "  # noqa: S608
        f"FROM spool WHERE yes_{which}"
        for at, which in enumerate((BEFORE, AFTER))
    ]
    counts = ", ".join(
        f"count(*) FILTER (side = {at}), count(DISTINCT home) FILTER (side = {at}), "
        f"coalesce(sum(fen) FILTER (side = {at}), 0)"
        for at in (0, 1)
    )
    sql = f"SELECT name, {counts} FROM ({' UNION ALL '.join(sides)}) GROUP BY name ORDER BY name"  # noqa: S608
    found = [Cell(name, *(int(one) for one in numbers)) for name, *numbers in rows(sql)]
    if not has_homes:
        found = [replace(cell, households_before=None, households_after=None) for cell in found]
    return [] if all(one.name is None for one in found) else found


def hide_small(found: Sequence[Cell], fewest: int = FEWEST) -> list[Cell]:
    """Return the cells with those of few people hidden, and never so few that the total gives them away.

    A cell is of few people too where so few come or go between its two sides. What is hidden together
    must be many on each side, and many come or go, else the next smallest cell goes with it.
    """
    small = {at for at, cell in enumerate(found) if any(0 < one < fewest for one in _numbers(cell))}
    others = sorted((min(_numbers(cell)), at) for at, cell in enumerate(found) if at not in small and _numbers(cell))
    while small and others and (len(small) == 1 or _gives_away([found[at] for at in small], fewest)):
        small.add(others.pop(0)[1])
    hidden = Cell(None, None, None, None, None, None, None)
    return [replace(hidden, name=cell.name) if at in small else cell for at, cell in enumerate(found)]


def _gives_away(cells: Sequence[Cell], fewest: int) -> bool:
    sums = (sum(cell.subjects_before or 0 for cell in cells), sum(cell.subjects_after or 0 for cell in cells))
    return any(0 < one < fewest for one in (*sums, abs(sums[0] - sums[1])))


def _numbers(cell: Cell) -> list[int]:
    """Return how many people stand behind a cell, before, after and between, as far as there are any."""
    before, after = cell.subjects_before or 0, cell.subjects_after or 0
    return [one for one in (before, after, abs(before - after)) if one]


def moved(programme: Programme) -> dict[str, tuple[str, Value, Programme]]:
    """Return the programme with each number of its conditions and its money a step lower and a step higher.

    A step is a tenth, at least one; for a date thirty days. The key is the number and the direction;
    the value has the code, the new number and the programme.
    """
    money = {give.amount for give in programme.give}
    asked = (*(item.when for item in programme.conditions),
             *(item.value for item in programme.every_formula if item.name in money))  # fmt: skip
    codes = dict.fromkeys(code for expression in asked for code in amounts_of(expression))
    found: dict[str, tuple[str, Value, Programme]] = {}
    for code in codes:
        amount = programme.amounts[code]
        value = amount.entries[-1].value
        if amount.over is not None or value is None or isinstance(value, bool | str):
            continue
        for sign, word in ((-1, "lower"), (1, "higher")):
            step = dt.timedelta(30) if isinstance(value, dt.date) else max(1, abs(value) // 10)
            new: Value = value + sign * step  # type: ignore[operator]
            entries = (*amount.entries[:-1], replace(amount.entries[-1], value=new))
            amounts: Mapping[str, Any] = {**programme.amounts, code: replace(amount, entries=entries)}
            found[f"{code}:{word}"] = (code, new, replace(programme, amounts=amounts))
    return found
