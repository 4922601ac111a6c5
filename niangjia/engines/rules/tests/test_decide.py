"""Outcomes, what is asked, what would change a no, and what stops a decision."""

from __future__ import annotations

import datetime as dt
import doctest

import pytest

import niangjia.engines.rules
from niangjia.engines.rules import (
    AmountMissing,
    Change,
    Reading,
    ReadingInvalid,
    RuleOverflow,
    compile_duckdb,
    compile_python,
    load_folder,
    sweep_duckdb,
    tables_of,
    with_amounts,
)
from niangjia.engines.rules.dates import months_since, plus_months, share, years_since
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.catalogue import CATALOGUE, SECTIONS
from niangjia.engines.rules.tests.test_parity import FOLDERS

TODAY = dt.date(2026, 8, 3)


def known(**values: bool | int | str | dt.date) -> dict[str, Reading]:
    return {code: Reading(value, 5, TODAY) for code, value in values.items()}


def test_the_docstring_of_the_package_shows_the_whole_idea() -> None:
    found = doctest.testmod(niangjia.engines.rules)
    assert found.attempted > 0
    assert found.failed == 0


def test_one_no_settles_it_whatever_else_is_unknown() -> None:
    decider = compile_python(kit.programme({"one": "age >= 16", "two": "member"}))

    assert decider.decide(known(age=15), {}, TODAY).outcome == "no"
    assert decider.decide(known(age=15), {}, TODAY).ask == ()


def test_what_settles_it_alone_and_costs_least_is_asked_first() -> None:
    decider = compile_python(kit.programme({"one": "months >= 3 or bill > 0 or member"}))

    # Each of the three can settle a yes alone; none can settle a no alone; membership costs least.
    assert decider.decide({}, {}, TODAY).ask == ("member", "months", "bill")


def test_what_decides_either_way_comes_before_what_is_cheap() -> None:
    decider = compile_python(kit.programme({"one": "bill > 100 and (bill > 200 or member)"}))

    assert decider.decide(known(bill=150), {}, TODAY).ask == ("member",)
    assert decider.decide({}, {}, TODAY).ask == ("bill", "member")


def test_a_settled_part_is_not_asked_again() -> None:
    decider = compile_python(kit.programme({"one": "(member and bill > 0) or months >= 3"}))

    assert decider.decide(known(member=False), {}, TODAY).ask == ("months",)


def test_a_register_that_is_not_complete_is_asked_by_its_name_and_a_gap_by_its_column() -> None:
    decider = compile_python(kit.programme({"one": "any(jobs, insured)"}))

    assert decider.decide({}, {}, TODAY).ask == ("jobs",)
    assert decider.decide({}, {"jobs": [{}]}, TODAY).ask == ("jobs.insured",)
    assert decider.decide({}, {"jobs": []}, TODAY).outcome == "no"


def test_a_count_is_unknown_only_while_the_threshold_lies_between_its_bounds() -> None:
    decider = compile_python(kit.programme({"one": "count(jobs, insured) >= 2"}))
    yes, no, open_ = (Reading(value, 5) for value in (True, False, None))

    def outcome(*rows: Reading) -> str:
        return decider.decide({}, {"jobs": [{"insured": row} for row in rows]}, TODAY).outcome

    assert outcome(yes, yes, open_) == "yes"
    assert outcome(no, open_) == "no"
    assert outcome(yes, open_) == "unknown"


def test_the_smallest_change_touches_only_what_may_change_and_as_little_as_possible() -> None:
    decider = compile_python(kit.programme({"one": "months >= months_needed", "two": "age >= 16"}))

    assert decider.decide(known(months=1, age=20), {}, TODAY).smallest_change == (Change("months", 1, 3),)
    assert decider.decide(known(months=1, age=10), {}, TODAY).smallest_change is None


def test_the_smallest_change_may_take_two_steps() -> None:
    decider = compile_python(kit.programme({"one": "months >= months_needed", "two": "member"}))
    found = decider.decide(known(months=2, member=False), {}, TODAY).smallest_change

    assert found == (Change("months", 2, 3), Change("member", False, True))


def test_a_near_miss_needs_every_other_condition_to_be_yes() -> None:
    programme = kit.programme({"one": "months >= 3"}, extra="near: months >= 2")
    decider = compile_python(programme)

    assert decider.decide(known(months=2), {}, TODAY).near_miss
    assert not decider.decide(known(months=1), {}, TODAY).near_miss
    assert not decider.decide(known(months=3), {}, TODAY).near_miss


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        (None, "never_asked"),
        (Reading(unknown="refused"), "refused"),
        (Reading(20, 1, TODAY), "unproved"),
        (Reading(20, 5, TODAY - dt.timedelta(31)), "stale"),
        (Reading(20, 5, None), "stale"),
    ],
)
def test_the_reason_of_an_unknown_is_kept(reading: Reading | None, reason: str) -> None:
    programme = kit.programme({"one": "age >= 16"}, extra="proof: visit\n    fresh_days: 30")
    decision = compile_python(programme).decide({} if reading is None else {"age": reading}, {}, TODAY)

    assert (decision.outcome, decision.conditions[0].reason) == ("unknown", reason)
    assert decision.if_confirmed is (reading is not None and reading.value is not None)


def test_a_programme_with_a_missing_number_loads_and_does_not_decide() -> None:
    folder = next(path for path in FOLDERS if path.name == "fengxian-employer-subsidy")
    programme = load_folder(folder, CATALOGUE, SECTIONS)

    assert programme.missing == ("subsidy_per_holder", "wage_level", "district_share")
    for compile_ in (compile_python, compile_duckdb):
        with pytest.raises(AmountMissing):
            compile_(programme)


def test_another_number_is_tried_without_touching_the_version() -> None:
    programme = kit.programme({"one": "months >= months_needed"})
    moved = with_amounts(programme, {"months_needed": 2})

    assert compile_python(moved).decide(known(months=2), {}, TODAY).outcome == "yes"
    assert compile_python(programme).decide(known(months=2), {}, TODAY).outcome == "no"


def test_a_reading_of_the_wrong_type_stops_the_decision() -> None:
    decider = compile_python(kit.programme({"one": "age >= 16"}))
    for value in (True, "16", TODAY):
        with pytest.raises(ReadingInvalid):
            decider.decide(known(age=value), {}, TODAY)


OVERFLOWS = [
    "bill * 9223372036854775807 > 0",
    "bill + 9223372036854775807 > 0",
    "-bill - 9223372036854775807 < 0",
    "share(bill * 4611686018427387904, 9000000) > 0",
    "plus_months(lost_on, bill_months) > first_day",
    "sum(jobs, wage) > 0",
]


@pytest.mark.parametrize("text", OVERFLOWS)
def test_leaving_the_64_bit_range_is_an_error_in_every_back_end(text: str) -> None:
    text = text.replace("bill_months", "months * 100000")
    programme = kit.programme({"one": text})
    readings = known(bill=3, months=3, lost_on=TODAY)
    huge = {"jobs": [{"wage": Reading(2**62, 5)}] * 2}
    tables = tables_of(programme, [("a", readings, huge)])

    with pytest.raises(RuleOverflow):
        compile_python(programme).decide(readings, huge, TODAY)
    with pytest.raises(RuleOverflow):
        sweep_duckdb(programme, *tables, TODAY)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2020, 2, 29), 3, dt.date(2020, 5, 29)),
        (dt.date(2020, 1, 31), 1, dt.date(2020, 2, 29)),
        (dt.date(2021, 1, 31), 1, dt.date(2021, 2, 28)),
        (dt.date(2021, 3, 31), -1, dt.date(2021, 2, 28)),
        (dt.date(2020, 2, 29), 12, dt.date(2021, 2, 28)),
        (dt.date(2020, 12, 15), 1, dt.date(2021, 1, 15)),
    ],
)
def test_adding_months_keeps_the_day_or_takes_the_last_one(day: dt.date, months: int, later: dt.date) -> None:
    assert plus_months(day, months) == later


def test_a_birthday_of_29_february_counts_on_1_march_in_common_years() -> None:
    born = dt.date(2004, 2, 29)

    assert years_since(born, dt.date(2022, 2, 28)) == 17
    assert years_since(born, dt.date(2022, 3, 1)) == 18
    assert years_since(born, dt.date(2020, 2, 29)) == 16


def test_a_month_from_the_31st_is_complete_on_the_last_day_of_february() -> None:
    assert months_since(dt.date(2021, 1, 31), dt.date(2021, 2, 27)) == 0
    assert months_since(dt.date(2021, 1, 31), dt.date(2021, 2, 28)) == 1
    assert months_since(dt.date(2021, 3, 1), dt.date(2021, 2, 28)) == -1


def test_a_share_rounds_half_up_once_also_below_zero() -> None:
    assert [share(fen, 500_000) for fen in (1, 2, 3, -1, -3)] == [1, 1, 2, 0, -1]
