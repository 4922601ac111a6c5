"""Rules that others wrote also fit: four programmes of an invented republic, against the statutes in plain Python."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from niangjia.engines.rules import Catalogue, Fact, Programme, Reading, Relation, compile_python, load_folder
from niangjia.engines.rules.tests.parity import Subject, differences
from niangjia.engines.rules.tests.subjects import subjects

FOLDERS = sorted(
    path for path in (Path(__file__).parent / "foreign").iterdir() if path.is_dir() and path.name[0] != "_"
)
TODAY = dt.date(2020, 6, 15)
OCCUPANCY = {name: (name, name) for name in ("tenant", "lodger", "owner", "free")}
MEMBERS = Relation(
    "members",
    (Fact("parent", "bool", "父母", "a parent"), Fact("born_on", "date", "出生日期", "date of birth")),
    "家庭成员",
    "members of the family",
)
PERSON = Catalogue(
    (
        Fact("born_on", "date", "出生日期", "date of birth"),
        Fact("resident_since", "date", "居住起始日", "resident since"),
        Fact("salary", "fen", "工资", "salary"),
        Fact("withheld", "fen", "已预扣的税", "tax withheld"),
    )
)
HOUSEHOLD = Catalogue(
    (
        Fact("occupancy", "code", "居住方式", "occupancy", codes=OCCUPANCY),
        Fact("rent", "fen", "房租", "rent"),
        Fact("household_income", "fen", "家庭收入", "income of the household"),
        Fact("household_size", "int", "家庭人数", "size of the household", unit="person"),
    ),
    (MEMBERS,),
)


@cache
def programme(name: str) -> Programme:
    catalogue = PERSON if name in {"basic-income", "income-tax"} else HOUSEHOLD
    return load_folder(Path(__file__).parent / "foreign" / name, catalogue)


def given(name: str, records: dict[str, Any] | None = None, **facts: Any) -> dict[str, int | None] | None:
    """Return the amounts of a yes, or nothing on a no; all facts are known here."""
    readings = {code: Reading(value, 5, TODAY) for code, value in facts.items()}
    decision = compile_python(programme(name)).decide(readings, records, TODAY)
    assert decision.outcome != "unknown"
    return dict(decision.amounts) if decision.outcome == "yes" else None  # type: ignore[arg-type]


def rounded(value: Fraction) -> int:
    """Round half up."""
    return int(value + Fraction(1, 2)) if value >= 0 else -int(-value + Fraction(1, 2) - Fraction(1, 10**9))


def people(made: Programme, seed: int, count: int) -> list[Subject]:
    """Return subjects near the numbers of a programme, with up to four members of a family."""
    rng = random.Random(seed)
    days = [dt.date(2012, 6, 14), dt.date(2012, 6, 15), dt.date(2012, 6, 16), dt.date(1990, 1, 1), None]
    found: list[Subject] = []
    for readings in itertools.islice(subjects(made, count, TODAY, seed), count):
        rows = [
            {"parent": Reading(rng.choice([True, False, None]), 5), "born_on": Reading(rng.choice(days), 5)}
            for _at in range(rng.randint(0, 4))
        ]
        found.append((readings, {"members": rows} if made.relation_codes and rng.random() < 0.9 else {}))
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_foreign_programme_gives_the_same_answers_in_every_back_end(folder: Path) -> None:
    made = programme(folder.name)

    assert differences(made, people(made, 3, 300), TODAY) == []


def test_there_are_four_of_them() -> None:
    assert [folder.name for folder in FOLDERS] == [
        "basic-income",
        "housing-allowance",
        "income-tax",
        "parenting-allowance",
    ]


def test_the_basic_income_is_what_the_statute_says() -> None:
    for salary in (0, 1, 3, 100_000, 149_999, 150_000, 150_001, 150_150, 900_000):
        left = 70_000 - rounded(Fraction(salary * 333_333, 10**6))
        found = given("basic-income", born_on=dt.date(1990, 1, 1), resident_since=dt.date(2019, 12, 15), salary=salary)
        assert found == {"income": max(left, 20_000)}
    late = given("basic-income", born_on=dt.date(1990, 1, 1), resident_since=dt.date(2019, 12, 16), salary=0)
    assert late is None


def test_the_housing_allowance_is_what_the_statute_says() -> None:
    for rent in (0, 29_999, 30_000, 30_001, 89_999, 90_000, 200_000):
        for income in (0, 2, 119_998, 120_000, 400_000):
            own = rounded(Fraction(income, 4))
            counted = min(rent, 90_000)
            found = given("housing-allowance", occupancy="tenant", rent=rent, household_income=income, household_size=2)
            wanted = {"allowance": rounded(Fraction(counted - own) * Fraction(3, 5))} if counted > own else None
            assert found == wanted, (rent, income)


def test_the_parenting_allowance_is_what_the_statute_says() -> None:
    small, big = dt.date(2012, 6, 16), dt.date(2012, 6, 15)
    for parents, children, grown in itertools.product((1, 2), (0, 1, 3, 5), (0, 2)):
        for income in (200_000, 200_001, 250_000, 250_001):
            rows = [{"parent": Reading(True, 5), "born_on": Reading(dt.date(1990, 1, 1), 5)}] * parents
            rows += [{"parent": Reading(False, 5), "born_on": Reading(small, 5)}] * children
            rows += [{"parent": Reading(False, 5), "born_on": Reading(big, 5)}] * grown
            line = 250_000 if parents == 2 else 200_000
            wanted = {"allowance": 12_050 * min(children, 3)} if children and income <= line else None
            assert given("parenting-allowance", {"members": rows}, household_income=income) == wanted


def test_the_tax_by_steps_and_the_levy_by_bands_are_what_the_statute_says() -> None:
    steps = [(100_000, Fraction(0)), (300_000, Fraction(1, 10)), (800_000, Fraction(9, 40)), (None, Fraction(83, 200))]
    for salary in (0, 100_000, 100_005, 150_000, 150_001, 299_999, 300_000, 500_000, 500_001, 800_000, 1_234_567):
        tax, below = 0, 0
        for upto, rate in steps:
            top = salary if upto is None else min(salary, upto)
            tax += rounded(max(top - below, 0) * rate)
            below = upto or 0
        rate = Fraction(0) if salary <= 150_000 else Fraction(1, 80) if salary <= 500_000 else Fraction(1, 50)
        levy = rounded(salary * rate)
        found = given("income-tax", salary=salary, withheld=tax + 5)
        assert found is not None
        parts = [found[f"levy_{name}"] for name in ("town", "region", "state")]
        assert (found["tax"], found["refund"], found["levy"]) == (tax, 5, levy)
        assert parts == [levy // 3 + (at < levy % 3) for at in range(3)]
        assert given("income-tax", salary=salary, withheld=tax) is None
