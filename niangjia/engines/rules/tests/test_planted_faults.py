"""The comparison with the oracle is worth something: each planted compiler fault is caught."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import pytest

from niangjia.engines.rules import Programme, dates, spans, trit
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.parity import Subject, differences

# The package exports a function of the same name, so the module is fetched by its full name.
sql = import_module("niangjia.engines.rules.compile_duckdb")
TODAY = dt.date(2020, 2, 29)
CONDITIONS = {
    "least": "least(bill, limit_fen) <= paid",
    "any": "any(jobs, insured)",
    "band": "band(steps, bill) >= 50",
    "month": "months_since(lost_on) >= 1",
    "minus": "paid - bill >= 0",
    "part": "part(bill, 1, 500000, 500000) > part(bill, 2, 500000, 500000)",
}


def least_without_guard(items: Sequence[Callable[[Any], Any]], context: Any) -> Any:
    """Skip what is unknown, as SQL does."""
    known = [low for item in items if (low := item(context)[0]) is not None]
    return (min(known), min(known)) if known else (None, None)


def any_without_guard(relation: str, test: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Read an unknown record, or a register that is not there, as a no."""

    def found(context: Any) -> Any:
        answers = []
        for row in context.records.get(relation, ()):
            context.row = row
            answers.append(test(context))
        context.row = None
        return True in answers

    return found


def band_off_by_one(bands: Sequence[tuple[int | None, Any]], low: Any, high: Any) -> list[Any]:
    """Leave the upper edge out of its band."""
    if low is None or low != high:
        return [found for _upto, found in bands]
    return [next(found for upto, found in bands if upto is None or low < upto)]


def months_without_clipping(day: dt.date, as_of: dt.date) -> int:
    """Forget that 31 January and one month is 29 February."""
    months = (as_of.year - day.year) * 12 + as_of.month - day.month
    return months - 1 if as_of.day < day.day else months


def band_sql_off_by_one(item: tuple[str, str], bands: Sequence[tuple[int | None, Any]]) -> list[str]:
    """Leave the upper edge out of its band."""
    tests = [f"WHEN ({item[0]}) < {upto} THEN {value}" for upto, value in bands if upto is not None]
    return [f"CASE WHEN ({item[0]}) IS NULL THEN NULL {' '.join(tests)} ELSE {bands[-1][1]} END"]


def months_sql_without_clipping(day: str, as_of: str) -> str:
    """Forget that 31 January and one month is 29 February."""
    months = f"(year({as_of}) - year({day})) * 12 + month({as_of}) - month({day})"
    return f"CAST({months} - CASE WHEN day({as_of}) < day({day}) THEN 1 ELSE 0 END AS BIGINT)"


def minus_without_crossing(left: Any, right: Any, context: Any) -> Any:
    """Take the least from the least, as if it were a sum."""
    pairs = zip(left(context), right(context), strict=True)
    low, high = (None if one is None or two is None else one - two for one, two in pairs)
    return low, high


def minus_sql_without_crossing(self: Any, node: Any) -> tuple[str, str]:
    """Take the least from the least, as if it were a sum."""
    (low, high), (other_low, other_high) = self.ends(node.left), self.ends(node.right)
    return f"({low} {node.operator} {other_low})", f"({high} {node.operator} {other_high})"


def part_without_remainder(total: int, place: int, *ratios: int) -> int:
    """Lose the fen that is left."""
    return total * ratios[place - 1] // sum(ratios)


def part_sql_without_remainder(fen: str, place: int, ratios: list[str]) -> str:
    """Lose the fen that is left."""
    return f"CAST(floor({fen} * {ratios[place - 1]} / ({' + '.join(ratios)})) AS BIGINT)"


FAULTS: list[tuple[str, str, Any, str, Any]] = [
    ("least", "python", spans, "least_of", least_without_guard),
    ("any", "python", trit, "any_of", any_without_guard),
    ("band", "python", spans, "touched", band_off_by_one),
    ("month", "python", dates, "months_since", months_without_clipping),
    ("minus", "python", spans, "minus_of", minus_without_crossing),
    ("part", "python", trit.FUNCTIONS, "part", part_without_remainder),
    ("minus", "duckdb", sql.Sql, "_arithmetic_ends", minus_sql_without_crossing),
    ("part", "duckdb", sql, "part_sql", part_sql_without_remainder),
    ("least", "duckdb", sql, "least_sql", lambda items: f"LEAST({', '.join(items)})"),
    ("any", "duckdb", sql, "any_sql", lambda _complete, yes, _unknown: f"COALESCE({yes}, FALSE)"),
    ("band", "duckdb", sql, "band_sql", band_sql_off_by_one),
    ("month", "duckdb", sql, "months_since_sql", months_sql_without_clipping),
]

NAMES = [f"{fault[0]}-{fault[1]}" for fault in FAULTS]


@pytest.fixture(scope="module")
def programme() -> Programme:
    return kit.programme(CONDITIONS)


def people() -> list[Subject]:
    rng = random.Random(11)
    return [kit.random_subject(rng, TODAY) for _at in range(400)]


def test_without_a_fault_there_is_no_difference(programme: Programme) -> None:
    assert differences(programme, people(), TODAY) == []


@pytest.mark.parametrize(
    ("condition", "back_end", "module", "name", "fault"), FAULTS, ids=[f"{f[0]}-{f[1]}" for f in FAULTS]
)
def test_each_planted_fault_is_caught_in_its_own_back_end(
    programme: Programme,
    monkeypatch: pytest.MonkeyPatch,
    condition: str,
    back_end: str,
    module: Any,
    name: str,
    fault: Any,
) -> None:
    if isinstance(module, dict):
        monkeypatch.setitem(module, name, fault)
    else:
        monkeypatch.setattr(module, name, fault)

    found = differences(programme, people(), TODAY)

    assert any(item.startswith(f"{back_end} c_{condition}:") for item in found)
    own = ("c_", "s_", "outcome", "if_confirmed", "near_miss", "amount_fen")
    assert all(item.startswith(tuple(f"{back_end} {column}" for column in own)) for item in found)
