"""One pass for all programmes says what each programme's own sweep says, person by person."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pytest

from niangjia.engines.rules import Programme, Reading, RuleOverflow, sweep_duckdb, tables_of
from niangjia.engines.rules.batch.passes import Part, Pass, Wanted, sweep_all
from niangjia.engines.rules.batch.plan import Plan
from niangjia.engines.rules.batch.totals import Totals
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.subjects import subjects
from niangjia.engines.rules.tests.test_parity import FOLDERS, TODAY, ready

ALL = Wanted(rows={"yes": True, "no": True, "unknown": True})
Subject = tuple[str, dict[str, Reading], dict[str, Any]]


def swept(
    programmes: Mapping[str, Programme], people: list[Subject], today: dt.date, size: int = 64
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, Totals]]:
    """Return rows and totals of a pass in chunks so small that some are not whole bytes of bits."""
    plan = Plan(programmes, today)
    tables = [tables_of(programme, people) for programme in programmes.values()]
    columns = {name: table.column(name) for table, _records in tables for name in table.column_names}
    records = {code: table for _subjects, relations in tables for code, table in relations.items()}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in programmes}
    totals = {name: Totals() for name in programmes}

    def take(part: Part) -> None:
        for name, table in part.rows.items():
            rows[name] += table.to_pylist()
            totals[name].add(part.totals[name])

    def reader(table: pa.Table) -> Any:
        return lambda _first, _last: table

    walk = Pass(plan, {code: reader(table) for code, table in records.items()}, ALL)
    walk.run(narrowed(pa.table(columns)).to_batches(max_chunksize=size), take)
    return rows, totals


def narrowed(table: pa.Table) -> pa.Table:
    """Return the table with every second column of whole numbers in 32 bits, where all of it fit."""
    for at, item in enumerate(table.schema):
        if item.type == pa.int64() and at % 2:
            ends = pc.min_max(table.column(at)).as_py()
            if ends["min"] is not None and ends["min"] > -(2**31) and ends["max"] < 2**31:
                table = table.set_column(at, item.name, table.column(at).cast(pa.int32()))
    return table


def counted(rows: list[dict[str, Any]], programme: Programme) -> Totals:
    """Return the totals of a sweep's rows, counted in Python."""
    yes = [row for row in rows if row["outcome"] == 1]
    priced = any(give.amount for give in programme.give)
    return Totals(
        yes=len(yes),
        no=sum(row["outcome"] == 0 for row in rows),
        unknown=sum(row["outcome"] == -1 for row in rows),
        if_confirmed=sum(row["if_confirmed"] for row in rows),
        near_miss=sum(row["near_miss"] for row in rows),
        fen=sum(row["amount_fen"] or 0 for row in yes),
        unpriced=sum(row["amount_fen"] is None for row in yes) if priced else 0,
        conditions={
            item.id: tuple(sum(row[f"c_{item.id}"] is state for row in rows) for state in (True, False, None))  # type: ignore[misc]
            for item in programme.conditions
        },
    )


def differences(programmes: Mapping[str, Programme], people: list[Subject], today: dt.date, size: int) -> list[str]:
    """Return where the pass differs from the single sweeps."""
    rows, totals = swept(programmes, people, today, size)
    found = []
    for name, programme in programmes.items():
        wanted = sweep_duckdb(programme, *tables_of(programme, people), today).to_pylist()
        assert len(rows[name]) == len(wanted) == len(people)
        for one, two in zip(rows[name], wanted, strict=True):
            found += [f"{name} {key}: {value} not {two[key]}" for key, value in one.items() if value != two[key]]
        if totals[name] != counted(wanted, programme):
            found.append(f"{name}: {totals[name]} not {counted(wanted, programme)}")
    return found


def named(found: list[dict[str, Reading]]) -> list[Subject]:
    return [(f"{at:06d}", readings, {}) for at, readings in enumerate(found)]


@pytest.mark.parametrize("subject", ["person", "household", "employer", "union"])
def test_all_recipes_in_one_pass_say_what_each_says_alone(subject: str) -> None:
    programmes = {folder.name: ready(folder) for folder in FOLDERS}
    programmes = {name: one for name, one in programmes.items() if one.subject == subject}
    mixed = [dict(one) for programme in programmes.values() for one in subjects(programme, 60, TODAY)]
    rng = random.Random(4)
    people = named([{**rng.choice(mixed), **one} for one in mixed])

    assert programmes
    assert differences(programmes, people, TODAY, 200) == []


HARD = {
    "bounds": "months >= months_needed and bill <= limit_fen + 1",
    "same": "months = 3 or age <> 17",
    "share": "share(bill, part) > 3000",
    "case": "case when grade = 'a' then bill when grade = 'b' then paid else 7 end > 3",
    "band": "band(steps, bill) = 50",
    "days": "years_since(born_on) >= years_needed and days_since(lost_on) > 300",
    "dated": "born_on < plus_months(first_day, 1) and not member",
    "codes": "grade in ('a', wanted_grade) and age between 15 and 18",
    "least": "least(bill, paid, limit_fen) < greatest(bill - paid, 10)",
    "any": "any(jobs, wage > 4999 and insured)",
    "count": "count(jobs, kind = 'full') >= 2 or sum(jobs, wage) > limit_fen",
}
MONEY = {"grant": "least(bill - paid, limit_fen)", "more": "share(bill, part) * 2"}


def hard_programmes() -> dict[str, Programme]:
    head = kit.HEAD.replace("give: {kind: honour}", "give: [{kind: cash, amount: grant}, {kind: cash, amount: more}]")
    by_fact = head.replace("valid: {from", "as_of: {fact: lost_on, plus_months: 1}\nvalid: {from")
    proof = "proof: seal\n    fresh_days: 20"
    near = "near: months >= 1 or member"
    names = list(HARD)
    found = {}
    for at in range(0, 10, 2):
        chosen = {name: HARD[name] for name in (*names[at : at + 3], names[-1 - at])}
        own, extra = (by_fact if at % 3 == 2 else head), (proof, near, "")[at % 3]
        found[f"p{at}"] = kit.programme(chosen, MONEY, head=own, extra=extra)
    return found


@pytest.mark.parametrize("size", [50, pytest.param(1000, marks=pytest.mark.nightly)])
def test_every_construct_in_one_pass_says_what_each_programme_says_alone(size: int) -> None:
    rng, today = random.Random(size), dt.date(2022, 3, 31)
    people = [(f"{at:06d}", *kit.random_subject(rng, today)) for at in range(90)]

    assert differences(hard_programmes(), people, today, size) == []


def test_what_programmes_share_is_asked_once() -> None:
    programmes = {f"copy{at}": kit.programme({"one": "age >= 16", "two": "member"}) for at in range(5)}
    alone = Plan({"copy0": programmes["copy0"]}, TODAY)
    other = kit.AMOUNTS.replace("value: 18", "value: 19")
    dearer = kit.programme({"one": "years_since(born_on) >= years_needed"}, amounts=other)
    same = kit.programme({"one": "years_since(born_on) >= years_needed"})

    assert Plan(programmes, TODAY).questions == alone.questions
    assert Plan({"a": same, "b": same}, TODAY).questions == Plan({"a": same}, TODAY).questions
    assert Plan({"a": same, "b": dearer}, TODAY).questions > Plan({"a": same}, TODAY).questions


def test_numbers_in_force_on_the_day_are_used() -> None:
    programme = kit.programme({"of_age": "years_since(born_on) >= years_needed"})
    batch = pa.record_batch({"subject_id": ["1"], "f_born_on": [dt.date(2004, 6, 1)]})

    before = sweep_all(Plan({"p": programme}, dt.date(2021, 12, 31)), [batch])["p"]
    after = sweep_all(Plan({"p": programme}, dt.date(2022, 1, 1)), [batch])["p"]

    assert (before.yes, before.no) == (1, 0)
    assert (after.yes, after.no) == (0, 1)


def test_columns_that_are_not_there_are_unknown() -> None:
    programme = kit.programme({"member": "member", "rich": "any(jobs, wage > 1)"})
    people = pa.record_batch({"subject_id": ["1", "2"], "f_member": [True, False]})
    found = sweep_all(Plan({"p": programme}, TODAY), [people])

    assert found["p"].conditions["member"] == (1, 1, 0)
    assert found["p"].conditions["rich"] == (0, 0, 2)
    assert (found["p"].no, found["p"].unknown) == (1, 1)


@pytest.mark.parametrize("text", ["bill * months > 0", "share(bill, 2000000) > 0"])
def test_overflow_is_an_error(text: str) -> None:
    plan = Plan({"p": kit.programme({"big": text})}, TODAY)

    with pytest.raises(RuleOverflow):
        sweep_all(plan, [pa.record_batch({"subject_id": ["1"], "f_bill": [2**62], "f_months": [4]})])


def test_columns_of_thirty_two_bits_are_reckoned_with_in_sixty_four() -> None:
    tests = {
        "product": "bill * months > 2147483648",
        "far": "bill < 9000000000",
        "near": "least(bill, paid) <= 2147483647",
        "two": "bill >= paid",
        "share": "share(bill, 999999) > 0",
    }
    head = kit.HEAD.replace("give: {kind: honour}", "give: {kind: cash, amount: grant}")
    programme = kit.programme(tests, {"grant": "greatest(bill, paid, 3)"}, head=head)
    numbers = {"f_bill": [2**31 - 1] * 9, "f_paid": [2**31 - 1] * 8 + [None], "f_months": [2] * 9}
    rows = {name: pa.array(values, pa.int32()) for name, values in numbers.items()}

    found = sweep_all(Plan({"p": programme}, TODAY), [pa.record_batch({"subject_id": list("123456789"), **rows})])["p"]

    certain = {"product", "far", "near", "share"}
    assert all(found.conditions[name] == (9, 0, 0) for name in certain)
    assert found.conditions["two"] == (8, 0, 1)
    assert (found.yes, found.fen) == (8, 8 * (2**31 - 1))


@pytest.mark.parametrize("paid", [1, 40, 60, 99])
def test_money_for_few_or_for_many_is_the_same_money(paid: int) -> None:
    """Fewer than half are picked out first; more are not: both sides of that, with unknown and unproved money."""
    head = kit.HEAD.replace("give: {kind: honour}", "give: {kind: cash, amount: grant}")
    programme = kit.programme({"few": "age < 1"}, {"grant": "least(bill, paid, limit_fen)"}, head=head)
    rng = random.Random(paid)
    people: list[Subject] = [
        (
            f"{at:03d}",
            {
                "age": Reading(0 if at < paid else 7),
                "bill": Reading(rng.choice([None, 5, 10**6]), rng.choice([0, 5])),
                "paid": Reading(rng.choice([None, 7, 3]), 5),
            },
            {},
        )
        for at in range(100)
    ]

    assert differences({"p": programme}, people, TODAY, 100) == []


def test_a_share_is_rounded_half_up_below_nought_and_beyond_sixty_four_bits_on_the_way() -> None:
    head = kit.HEAD.replace("give: {kind: honour}", "give: {kind: cash, amount: grant}")
    programme = kit.programme({"any": "age >= 1"}, {"grant": "share(bill, part)"}, head=head)
    bills = [1, 2, -1, -2, -3, 1_500_000, -1_500_000, 0, None]

    for values in (bills, [*bills[:-1], 2**62]):
        people: list[Subject] = [
            (f"{at}", {"age": Reading(1), "bill": Reading(value)}, {}) for at, value in enumerate(values)
        ]
        assert differences({"p": programme}, people, TODAY, 100) == []


def test_money_is_exact_beyond_sixty_four_bits() -> None:
    head = kit.HEAD.replace("give: {kind: honour}", "give: {kind: cash, amount: grant}")
    plan = Plan({"p": kit.programme({"any": "age >= 1"}, {"grant": "bill"}, head=head)}, TODAY)
    rows = {"subject_id": list("123456789"), "f_age": [1] * 9, "f_bill": [2**62 + 1] * 8 + [None]}

    found = sweep_all(plan, [pa.record_batch(rows)])["p"]

    assert found.fen == 8 * (2**62 + 1)
    assert found.unpriced == 1
