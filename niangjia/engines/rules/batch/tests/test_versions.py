"""What two versions would do, against a count person by person that knows nothing of the engine."""

from __future__ import annotations

import random
from dataclasses import asdict
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from niangjia.engines.rules import Programme
from niangjia.engines.rules.batch import compare
from niangjia.engines.rules.batch.compare import Cell, hide_small
from niangjia.engines.rules.batch.passes import Part, Pass, Wanted
from niangjia.engines.rules.batch.plan import Plan
from niangjia.engines.rules.batch.tests import naive
from niangjia.engines.rules.tests import kit

HEAD = kit.HEAD.replace("give: {kind: honour}", "give: {kind: cash, amount: grant}")
FACTS = ("age", "bill", "paid", "member", "grade", "lost_on")


def engine(version: naive.Version) -> Programme:
    """Return the version as the engine reads it."""
    head = HEAD if version.months is None else f"{HEAD}as_of: {{fact: lost_on, plus_months: {version.months}}}\n"
    return kit.programme(version.conditions, {"grant": version.amount}, head=head)


def told(people: list[naive.Person], versions: dict[str, Programme], fund_fen: int) -> dict[str, Any]:
    """Return what the engine says of the two versions."""
    extras = ("subject_id", "household_id", "town", "received_before")
    columns: dict[str, list[Any]] = {name: [one[name] for one in people] for name in extras}
    columns |= {f"f_{code}": [one[code] for one in people] for code in FACTS}
    looked: list[pa.Table] = []

    def take(part: Part) -> None:
        assert part.looked is not None
        looked.append(part.looked)

    walk = Pass(Plan(versions, naive.TODAY), wanted=Wanted(look=compare.look))
    walk.run(pa.table(columns).to_batches(max_chunksize=500), take)
    return compare.summary(pa.concat_tables(looked), fund_fen)


def differences(seed: int, people_count: int = 1_200) -> list[str]:
    """Return where the engine and the count by hand differ for one random pair of versions."""
    rng = random.Random(seed)
    people = naive.crowd(rng, people_count)
    before, after = naive.draw(rng), naive.draw(rng)
    fund = rng.choice([1, 50_000, 400_000, 10**9])
    found = told(people, {compare.BEFORE: engine(before), compare.AFTER: engine(after)}, fund)
    wrong = []
    for which, version in ((compare.BEFORE, before), (compare.AFTER, after)):
        one = found[which]
        wanted = naive.side(people, version, fund)
        if (one.subjects, one.households, one.fen, one.fund_empty_on) != wanted:
            wrong.append(f"{seed} {which}: {one} instead of {wanted}")
    counts = naive.change(people, before, after)
    if asdict(found["change"]) != counts:
        wrong.append(f"{seed}: {found['change']} instead of {counts}")
    return wrong + [f"{seed}: {one}" for one in _towns(found["by_town"], naive.towns(people, before, after))]


def _towns(cells: list[Cell], wanted: dict[str, tuple[int, int, int, int]]) -> list[str]:
    if [cell.name for cell in cells] != sorted(wanted):
        return [f"towns {[cell.name for cell in cells]} instead of {sorted(wanted)}"]
    wrong = []
    for cell in cells:
        assert cell.name is not None
        numbers = (cell.subjects_before, cell.fen_before, cell.subjects_after, cell.fen_after)
        if numbers[0] is not None and numbers != wanted[cell.name]:
            wrong.append(f"{cell} instead of {wanted[cell.name]}")
    return wrong


@pytest.mark.parametrize("seed", range(6))
def test_gainers_and_the_day_the_fund_is_empty_are_those_counted_by_hand(seed: int) -> None:
    assert differences(seed, 400) == []


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 150))
def test_fifty_random_pairs_are_those_counted_by_hand(seed: int) -> None:
    assert differences(seed) == []


def test_the_pairs_reach_every_kind_of_change() -> None:
    """The proof would be empty if nobody ever gained, lost or emptied a fund."""
    seen = dict.fromkeys(("gain", "lose", "more", "less", "first_time"), 0)
    empty = set()
    for seed in range(20):
        rng = random.Random(seed)
        people = naive.crowd(rng, 200)
        before, after = naive.draw(rng), naive.draw(rng)
        for name, count in naive.change(people, before, after).items():
            if name in seen:
                seen[name] += count
        empty.add(naive.side(people, before, 50_000)[3])
    assert all(seen.values())
    assert None in empty
    assert len(empty) > 5


def test_cells_of_few_people_are_hidden_and_never_one_alone() -> None:
    cells = [
        Cell("a", 900, None, 9, 900, None, 9),
        Cell("b", 30, None, 3, 40, None, 4),
        Cell("c", 4, None, 1, 10, None, 1),
        Cell("d", 0, None, 0, 7, None, 7),
    ]

    hidden = {cell.name for cell in hide_small(cells) if cell.subjects_after is None}
    assert hidden == {"b", "c", "d"}, "c and d together are only four people before"
    assert hide_small(cells[:2]) == cells[:2]
    more = [*cells, Cell("e", 1, None, 1, 0, None, 0)]
    assert {cell.name for cell in hide_small(more) if cell.fen_before is None} == {"c", "e"}


def test_each_number_of_the_conditions_is_moved_both_ways() -> None:
    programme = kit.programme({"of_age": "years_since(born_on) >= years_needed", "poor": "bill <= limit_fen"})

    moved = {key: value for key, (_code, value, _one) in compare.moved(programme).items()}

    assert moved["limit_fen:lower"] == 9_000
    assert moved["limit_fen:higher"] == 11_000
    assert moved["years_needed:higher"] == 19
    assert "steps:lower" not in moved
    assert "wanted_grade:lower" not in moved
