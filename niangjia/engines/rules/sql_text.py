"""The pieces of SQL that conditions are written with, each with its guard against NULL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from niangjia.engines.rules.dates import PPM
from niangjia.engines.rules.facts import Value


def column(prefix: str, code: str) -> str:
    """Return the quoted column of a fact: `f_` value, `p_` proof, `o_` day, `l_`/`h_` bounds."""
    return f'"{prefix}_{code.replace(".", "__")}"'


def literal(value: Value) -> str:
    """Return a constant with its type."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        quoted = value.replace("'", "''")
        return f"'{quoted}'"
    return f"CAST({value} AS BIGINT)"


def arithmetic_sql(left: str, operator: str, right: str) -> str:
    """Return a sum, difference or product that stops the query outside the signed 64-bit range.

    The detour over HUGEINT is not for size: without a cast around it DuckDB moves constants across
    a comparison (`x + 9 > 0` becomes `x > -9`) and never sees the overflow.
    """
    return f"CAST(CAST({left} AS HUGEINT) {operator} {right} AS BIGINT)"


def least_sql(items: Sequence[str]) -> str:
    """Return `least` that is unknown when a part is unknown."""
    return f"CASE WHEN {_any_null(items)} THEN NULL ELSE LEAST({', '.join(items)}) END"


def greatest_sql(items: Sequence[str]) -> str:
    """Return `greatest` that is unknown when a part is unknown."""
    return f"CASE WHEN {_any_null(items)} THEN NULL ELSE GREATEST({', '.join(items)}) END"


def _any_null(items: Sequence[str]) -> str:
    return " OR ".join(f"({item}) IS NULL" for item in items)


def any_sql(complete: str, yes: str, unknown: str) -> str:
    """Return `any`: one yes settles it, otherwise one unknown keeps it open."""
    return f"CASE WHEN {yes} THEN TRUE WHEN {complete} IS NOT TRUE OR {unknown} THEN NULL ELSE FALSE END"


def all_sql(complete: str, no: str, unknown: str) -> str:
    """Return `all`: one no settles it, otherwise one unknown keeps it open."""
    return f"CASE WHEN {no} THEN FALSE WHEN {complete} IS NOT TRUE OR {unknown} THEN NULL ELSE TRUE END"


def band_sql(item: tuple[str, str], bands: tuple[tuple[int | None, Value], ...]) -> list[str]:
    """Return, per band, its value where a number between two bounds may fall into it, else NULL.

    The upper edge belongs to the band; a bound that is NULL is open.
    """
    low, high = item
    parts: list[str] = []
    below: int | None = None
    for upto, value in bands:
        tests = [] if upto is None else [f"(({low}) <= {literal(upto)}) IS NOT FALSE"]
        tests += [] if below is None else [f"(({high}) > {literal(below)}) IS NOT FALSE"]
        parts.append(f"CASE WHEN {' AND '.join(tests)} THEN {literal(value)} END" if tests else literal(value))
        below = upto
    return parts


def agreed_sql(values: list[str]) -> str:
    """Return the value that all of these agree on; LEAST and GREATEST skip NULL, as is wanted here."""
    low, high = f"LEAST({', '.join(values)})", f"GREATEST({', '.join(values)})"
    return f"CASE WHEN {low} = {high} THEN {low} END"


def reached_sql(tests: list[str]) -> list[str]:
    """Return for each branch of a case, and for its default, whether it may be reached."""
    before: list[str] = []
    found: list[str] = []
    for test in tests:
        found.append(" AND ".join([*before, f"({test}) IS NOT FALSE"]))
        before.append(f"({test}) IS NOT TRUE")
    return [*found, " AND ".join(before)]


def end_of_case_sql(reached: Sequence[str], ends: Sequence[str], edge: str) -> str:
    """Return the least or the greatest end over the branches that may be reached; an open one opens it."""
    values = [f"CASE WHEN {test} THEN {end} END" for test, end in zip(reached, ends, strict=True)]
    blind = [f"({test}) AND ({end}) IS NULL" for test, end in zip(reached, ends, strict=True)]
    return f"CASE WHEN {' OR '.join(blind)} THEN NULL ELSE {edge}({', '.join(values)}) END"


def case_sql(branches: list[tuple[str, str]], default: str) -> str:
    """Return the value that every branch which may be reached agrees on, else unknown."""
    reached = reached_sql([test for test, _value in branches])
    pairs = list(zip(reached, [*(value for _test, value in branches), default], strict=True))
    values = [f"CASE WHEN {test} THEN {value} END" for test, value in pairs]
    blind = [f"({test}) AND ({value}) IS NULL" for test, value in pairs]
    return f"CASE WHEN {' OR '.join(blind)} THEN NULL ELSE {agreed_sql(values)} END"


def months_since_sql(day: str, as_of: str) -> str:
    """Return completed months, with the day of the month held to the end of a shorter month."""
    return (
        f"CAST((year({as_of}) - year({day})) * 12 + month({as_of}) - month({day}) - "
        f"CASE WHEN day({as_of}) < LEAST(day({day}), day(last_day({as_of}))) "
        "THEN 1 ELSE 0 END AS BIGINT)"
    )


def years_since_sql(day: str, as_of: str) -> str:
    """Return birthdays reached; a birthday of 29 February counts on 1 March in common years."""
    return (
        f"CAST(year({as_of}) - year({day}) - "
        f"CASE WHEN month({as_of}) * 100 + day({as_of}) < month({day}) * 100 + day({day}) "
        "THEN 1 ELSE 0 END AS BIGINT)"
    )


def days_since_sql(day: str, as_of: str) -> str:
    """Return days passed."""
    return f"CAST({as_of} - ({day}) AS BIGINT)"


def share_sql(fen: str, ppm: str) -> str:
    """Return so many millionths of an amount, rounded half up; `//` alone would round to zero."""
    top = f"(CAST({fen} AS HUGEINT) * ({ppm}) + {PPM // 2})"
    rest = f"((({top} % {PPM}) + {PPM}) % {PPM})"
    return f"CAST(({top} - {rest}) // {PPM} AS BIGINT)"


def part_sql(fen: str, place: int, ratios: list[str]) -> str:
    """Return one of the parts that an amount is split into by largest remainder; see `shares`."""
    base = f"CAST({' + '.join(ratios)} AS HUGEINT)"
    tops = [f"(CAST({fen} AS HUGEINT) * ({ratio}))" for ratio in ratios]
    rests = [f"((({top} % {base}) + {base}) % {base})" for top in tops]
    own = rests[place - 1]
    before = [
        f"CAST({rest} {'>=' if at < place else '>'} {own} AS INTEGER)"
        for at, rest in enumerate(rests, 1)
        if at != place
    ]
    rank = " + ".join(before) or "0"
    lucky = f"CASE WHEN {rank} < ({' + '.join(rests)}) // {base} THEN 1 ELSE 0 END"
    wrong = " OR ".join([f"{base} <= 0", *(f"({ratio}) < 0" for ratio in ratios)])
    return (
        f"CASE WHEN {_any_null([fen, *ratios])} THEN NULL WHEN {wrong} THEN error('no ratio is above nothing') "
        f"ELSE CAST(({tops[place - 1]} - {own}) // {base} + {lucky} AS BIGINT) END"
    )


def in_range(day: str) -> str:
    """Return a date, or stop the query when it left the years 1 to 9999."""
    return (
        f"CASE WHEN ({day}) IS NULL THEN NULL WHEN ({day}) BETWEEN DATE '0001-01-01' AND "
        f"DATE '9999-12-31' THEN ({day}) ELSE error('date out of range') END"
    )


def plus_months_sql(day: str, months: str) -> str:
    """Return the day so many months later, clipped to the end of the month."""
    return in_range(f"CAST(({day}) + to_months(CAST({months} AS INTEGER)) AS DATE)")


def plus_days_sql(day: str, days: str) -> str:
    """Return the day so many days later."""
    return in_range(f"({day}) + CAST({days} AS INTEGER)")


def edge_sql(name: str) -> Callable[[list[str]], str]:
    """Return the least or the greatest of the bands that may be reached; NULL is skipped, as is wanted."""
    return lambda values: f"{name}({', '.join(values)})"
