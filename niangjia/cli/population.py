"""Invented people as SQL: row i of a population, from i and a seed alone.

Every number is drawn by hashing the row, the seed and what is drawn, so that any part of a
population can be made without the parts before it, on any number of cores. Shares and sizes are
those of the demo county: 2.5 people a household, one wage in sixteen unknown, one household in
eleven of migrant workers, a zone in which most came back to work in February, and a few days late.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

# Households of one to five, of each hundred; together 251 people.
SIZES = ((1, 20), (2, 33), (3, 28), (4, 14), (5, 5))
PEOPLE, HOMES = 251, 100
TOWNS = 14
# The demo county's morning, from which ages, spells and visits are counted back.
MORNING = "DATE '2026-08-03'"
PEOPLE_PER_EMPLOYER, PEOPLE_PER_UNION = 75, 60


@dataclass(frozen=True)
class Column:
    """One fact: its value, where it is unknown, and how and when it was proved, as SQL over a row."""

    code: str
    value: str
    unknown: float
    proof: str
    seen_on: str
    bounds: tuple[str, str] | None = None
    of: str = "i"


def chance(tag: str, of: str = "i") -> str:
    """A number from 0 to 1, the same for the same row, seed and tag."""
    return f"((hash({of}, '{tag}', $seed) >> 12) / 4503599627370496.0)"


def between(tag: str, low: int, high: int, of: str = "i") -> str:
    """A whole number, both ends included."""
    return f"CAST({low} + floor({chance(tag, of)} * {high - low + 1}) AS BIGINT)"


def _seen(tag: str, days: int, of: str) -> str:
    return f"{MORNING} - CAST({between(tag, 0, days, of)} AS INTEGER)"


def _bureau(code: str, value: str, unknown: float, of: str = "i") -> Column:
    return Column(code, value, unknown, "5", _seen(f"{code} on", 120, of), None, of)


def _told(code: str, value: str, unknown: float, of: str = "i") -> Column:
    """A fact that some only state and others prove by a paper or a visit."""
    roll = chance(f"{code} proof", of)
    proof = f"CASE WHEN {roll} < 0.3 THEN 1 WHEN {roll} < 0.6 THEN 2 ELSE 4 END"
    return Column(code, value, unknown, proof, _seen(f"{code} on", 500, of), None, of)


def home_columns(of: str) -> list[Column]:
    """The facts of a household, drawn from the household so that all its members share them."""

    def yes(tag: str, share: float) -> str:
        return f"{chance(tag, of)} < {share}"

    bill = f"CAST(exp(9 + 3 * {chance('bill', of)}) AS BIGINT) * 100"
    paid = f"CAST(floor({bill} * {{}} * {chance('bill', of)}) AS BIGINT)"
    return [
        _told("hardship_in_file", yes("file", 0.045), 0.02, of),
        _bureau("has_child_under_18", yes("child", 0.41), 0.01, of),
        _told("income_per_head", f"{between('income', 60, 620, of)} * 1000", 0.3, of),
        _told("medical_bill", f"CASE WHEN {yes('ill', 0.08)} THEN {bill} ELSE 0 END", 0.12, of),
        _told("medical_insurance_paid", f"CASE WHEN {yes('ill', 0.08)} THEN {paid.format(0.6)} ELSE 0 END", 0.12, of),
        _told("medical_slips_complete", yes("slips", 0.7), 0.4, of),
        _told("migrant_household", yes("migrant", 0.09), 0.05, of),
        _bureau("mutual_aid_paid", f"CASE WHEN {yes('ill', 0.08)} THEN {paid.format(0.05)} ELSE 0 END", 0.1, of),
        _told("serious_illness_paid", f"CASE WHEN {yes('ill', 0.08)} THEN {paid.format(0.2)} ELSE 0 END", 0.15, of),
        _told("study_room_estimate", f"{between('room', 300, 1600, of)} * 1000", 0.6, of),
        _told("study_space_poor", yes("space", 0.12), 0.5, of),
    ]


def person_columns() -> list[Column]:
    """The facts of a person, then those of the household the person lives in."""
    age = "age"
    came = (
        f"CASE WHEN {chance('zone')} < 0.85 THEN DATE '2026-02-04' + CAST({between('zone day', 0, 24)} AS INTEGER) "
        f"WHEN {chance('zone')} < 0.88 THEN DATE '2026-03-01' + CAST({between('zone late', 0, 2)} AS INTEGER) "
        f"ELSE DATE '2026-03-09' + CAST({between('zone later', 0, 130)} AS INTEGER) END"
    )
    in_zone = f"{age} BETWEEN 19 AND 58 AND {chance('in zone')} < 0.05"
    stage = (
        f"CASE WHEN {age} < 6 THEN 'none' WHEN {age} < 12 THEN 'primary' WHEN {age} < 15 THEN 'junior' "
        f"WHEN {age} < 18 THEN 'senior' WHEN {age} <= 22 AND {chance('college')} < 0.31 THEN 'university' "
        f"WHEN {age} <= 22 AND {chance('college')} < 0.46 THEN 'college' ELSE 'none' END"
    )
    months = f"CASE WHEN {in_zone} THEN {between('months', 0, 5)} + {{}} ELSE 0 END"
    seen = _seen("zone on", 60, "i")
    homes = [replace(one, code=f"household.{one.code}") for one in home_columns("home")]
    return [
        _told("admission_letter", f"{age} BETWEEN 17 AND 22 AND {chance('letter')} < 0.8", 0.2),
        _bureau("born_on", f"{MORNING} - CAST({age} * 365.25 + {between('birthday', 0, 364)} AS INTEGER)", 0.002),
        _told("employment_aid_listed", f"{age} BETWEEN 19 AND 58 AND {chance('listed')} < 0.016", 0.1),
        _bureau("in_work", f"{age} BETWEEN 19 AND 58 AND {chance('work')} < 0.71", 0.06),
        _bureau("is_worker", f"{age} BETWEEN 16 AND 62 AND {chance('work')} < 0.83", 0.04),
        _bureau("school_stage", stage, 0.03),
        _bureau("sex", f"CASE WHEN {chance('sex')} < 0.51 THEN 'male' ELSE 'female' END", 0.001),
        Column("zone_started_on", f"CASE WHEN {in_zone} THEN {came} END", 0.0, "3", seen),
        Column("zone_unbroken_months", months.format(0), 0.02, "3", seen, (months.format(0), months.format(1))),
        *homes,
    ]


def employer_columns() -> list[Column]:
    """The facts of an employer."""
    return [
        _told("holder_monthly_wage", f"{between('wage', 216, 720)} * 1000", 1 / 16),
        _bureau("voucher_holders_full_year", between("holders", 0, 7), 0.05),
    ]


def job_columns() -> list[Column]:
    """The facts of a job, of which a person has up to two."""
    of = "i, spell"
    wage = f"CAST(exp(12.4 + 1.3 * {chance('job wage', of)}) / 1000 AS BIGINT) * 1000"
    began = f"DATE '2026-07-01' - CAST({between('began', 0, 5000, of)} AS INTEGER)"
    lasted = f"least({began} + CAST({between('lasted', 20, 900, of)} AS INTEGER), {MORNING})"
    forms = "['contract', 'contract', 'dispatch', 'casual']"
    return [
        _bureau("wage", wage, 1 / 16, of),
        _bureau("began_on", began, 0.0, of),
        _bureau("ended_on", f"CASE WHEN spell = 1 THEN {lasted} END", 0.0, of),
        _bureau("form", f"{forms}[{between('form', 1, 4, of)}]", 0.0, of),
    ]


def union_columns() -> list[Column]:
    """The facts of a union."""
    kinds = "['none', 'none', 'none', 'comprehensive_city', 'comprehensive_area', 'project']"
    return [
        _told("pilot_accepted_on", f"DATE '2021-06-01' + CAST({between('accepted', 0, 500)} AS INTEGER)", 0.3),
        _bureau("pilot_kind", f"{kinds}[{between('pilot', 1, 6)}]", 0.02),
    ]


def homes_pattern(seed: int) -> list[tuple[int, int, int]]:
    """Of each 251 people in a row: the household among a hundred, the place in it, and its size."""
    sizes = [size for size, count in SIZES for _ in range(count)]
    random.Random(seed).shuffle(sizes)  # noqa: S311 - invented people, no secret
    return [(home, place, size) for home, size in enumerate(sizes) for place in range(size)]


def somebody() -> str:
    """The SELECT of the people from `$first` on and before `$last`: row, household, town and age."""
    adult = f"CASE WHEN size = 1 THEN {between('old', 21, 82)} ELSE {between('age', 24, 58)} END"
    age = f"CASE WHEN place < 2 THEN {adult} WHEN place = 4 THEN {between('elder', 56, 88)} "
    age += f"ELSE {between('young', 0, 24)} END"
    town = between("town", 1, TOWNS, "home")
    home = f"(i // {PEOPLE}) * {HOMES} + home_at"
    source = f"range($first, $last) AS r(i) JOIN pattern ON pattern.at = i % {PEOPLE}"
    row = f"SELECT i, place, size, {home} AS home FROM {source}"  # noqa: S608
    names = "printf('p%010d', i) AS id, printf('h%010d', home) AS home_id"
    return f"SELECT i, home, {names}, printf('town-%02d', {town}) AS town, {age} AS age FROM ({row})"  # noqa: S608


def select(columns: list[Column], source: str, name: str, extras: str = "") -> str:
    """The SELECT of some rows, with the columns that a pass reads."""
    shown = [f"{name} AS subject_id", *([extras] if extras else [])]
    for one in columns:
        code = one.code.replace(".", "__")
        own = one.code.rpartition(".")[2]
        known = f"{chance(f'{own} known', one.of)} >= {one.unknown}"
        shown.append(f"CASE WHEN {known} THEN {one.value} END AS f_{code}")
        shown.append(f"CAST({one.proof} AS TINYINT) AS p_{code}")
        shown.append(f"{one.seen_on} AS o_{code}")
        if one.bounds is not None:
            low, high = one.bounds
            shown.append(f"CASE WHEN NOT ({known}) THEN {low} END AS l_{code}")
            shown.append(f"CASE WHEN NOT ({known}) THEN {high} END AS h_{code}")
    return "SELECT " + ",\n  ".join(shown) + f"\nFROM {source}"
