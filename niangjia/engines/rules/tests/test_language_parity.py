"""Every construct of the language, and generated expressions, against the oracle."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, reject, settings, strategies as st

from niangjia.engines.rules import Programme, RuleErrors, compile_duckdb, compile_python, load
from niangjia.engines.rules.tests import generated, kit
from niangjia.engines.rules.tests.parity import BACK_ENDS, MANY, BackEnd, Subject, differences

TODAY = dt.date(2020, 2, 29)
CONDITIONS = {
    "least": "least(bill, limit_fen) <= paid",
    "greatest": "greatest(bill, paid, 0) < limit_fen",
    "case": "case when member then bill when grade = 'b' then paid else limit_fen end > 4999",
    "case_same": "case when member then limit_fen else limit_fen end = 10000",
    "case_bool": "case when age >= 18 then member else months >= months_needed end",
    "inside": "grade in ('a', 'b') or grade not in (wanted_grade, 'c')",
    "between": "age between 16 and 18 and not born_on between first_day and date '2021-02-28'",
    "band": "band(steps, bill) >= 50",
    "share": "share(bill, part) >= 3333",
    "times": "months * limit_fen - bill + paid > 0",
    "years": "years_since(born_on) >= years_needed",
    "months": "months_since(lost_on) >= 1",
    "days": "days_since(lost_on) <= 30",
    "plus": "plus_months(lost_on, months) <= plus_days(first_day, 15)",
    "any": "any(jobs, wage >= limit_fen and insured)",
    "all": "all(jobs, kind = 'full' or insured)",
    "count": "count(jobs, wage > 4999) >= 2",
    "count_all": "count(jobs) = 0 or count(jobs, insured) <> 1",
    "sum": "sum(jobs, wage, began_on <= first_day) <= limit_fen",
    "sum_all": "sum(jobs, wage) > 0",
    "mixed": "any(jobs, months_since(jobs.began_on) >= months and wage > bill)",
    "negative": "-bill <= -5000 or household.size > 3",
    "flags": "member = true and not (grade <> 'a')",
    "both_bounds": "bill <= paid",
    "bounds_add": "bill + paid - limit_fen >= 0",
    "bounds_times": "(bill * (-2)) * months_needed <= -30000",
    "bounds_case": "case when member then bill else paid end >= 5000",
    "bounds_least": "least(bill, paid) <= limit_fen and greatest(bill, paid) > 1",
    "bounds_sum": "sum(jobs, wage + bill, insured) > 10000",
    "bounds_band": "band(steps, bill + paid) <= 50",
    "bounds_in": "bill - paid in (0, 1, limit_fen)",
    "part": "part(bill, 2, part, 666667) >= 3334 or part(paid, 1, 1, 1, 1) <> part(paid, 3, 1, 1, 1)",
}
FORMULAS = {
    "grant": "least(greatest(bill - paid, 0), limit_fen)",
    "days_out": "days_since(lost_on)",
    "jobs_known": "count(jobs, insured)",
    "graded": "case when grade = 'a' then band(steps, bill) else share(bill, part) end",
    "until": "plus_months(born_on, 12 * 16)",
    "yes": "any(jobs, insured) or member",
}
AS_OF = kit.HEAD + "as_of: {fact: lost_on, plus_months: 1}\n"


def people(count: int, seed: int = 7) -> list[Subject]:
    rng = random.Random(seed)
    return [kit.random_subject(rng, TODAY) for _at in range(count)]


@pytest.fixture(scope="module")
def everything() -> Programme:
    return kit.programme(CONDITIONS, FORMULAS)


def test_every_construct_gives_the_same_answer_three_times(everything: Programme) -> None:
    assert differences(everything, people(500), TODAY) == []


@pytest.mark.parametrize("extra", ["proof: seal", "proof: bureau\n    fresh_days: 29", "fresh_days: 30"])
def test_proof_and_freshness_hide_the_same_readings_everywhere(extra: str) -> None:
    programme = kit.programme(CONDITIONS, FORMULAS, extra=extra)

    assert differences(programme, people(150), TODAY) == []


def test_a_day_of_reckoning_from_a_fact_moves_ages_and_dated_numbers_alike() -> None:
    programme = kit.programme(CONDITIONS, FORMULAS, head=AS_OF)

    assert differences(programme, people(250), TODAY) == []


def test_each_construct_reaches_yes_no_and_unknown(everything: Programme) -> None:
    decider = compile_python(everything)
    rows = [decider.answers(decider.context(*who, TODAY)) for who in people(1500)]
    reached = {name: {row[at] for row in rows} for at, name in enumerate(CONDITIONS)}

    # Both branches of this one agree, so that not even an unknown condition keeps it open.
    assert reached.pop("case_same") == {True}
    assert {name for name, answers in reached.items() if answers != {True, False, None}} == set()


def no_difference(bundle: dict[str, str], seed: int, count: int, back_ends: Mapping[str, BackEnd] = BACK_ENDS) -> None:
    """Hold the back ends to the oracle on one generated programme; one that is too long is passed over."""
    try:
        programme = load(bundle, kit.CATALOGUE, check_examples=False)
    except RuleErrors as error:
        if {item.code for item in error.problems} != {"too-long"}:
            raise
        reject()
    found = differences(programme, people(count, seed), TODAY, back_ends)
    assert found == [], bundle["rules.yaml"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(generated.programmes(), st.integers(0, 10_000))
def test_generated_programmes_give_the_same_answer_three_times(bundle: dict[str, str], seed: int) -> None:
    no_difference(bundle, seed, 25)


@pytest.mark.nightly
@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(generated.programmes(), st.integers(0, 1_000_000))
def test_a_thousand_programmes_new_each_night_give_one_answer_three_times(bundle: dict[str, str], seed: int) -> None:
    no_difference(bundle, seed, 40, MANY)


def test_the_statement_alone_says_what_a_sweep_says(everything: Programme) -> None:
    assert differences(everything, people(60), TODAY, MANY) == []


def test_the_statement_never_runs_anything_but_a_select(everything: Programme) -> None:
    statement = compile_duckdb(everything)

    assert statement.startswith("WITH dated AS (")
    assert ";" not in statement
