"""Every construct of the language, and generated expressions, against the oracle."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from niangjia.engines.rules import Programme, compile_duckdb, compile_python
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.parity import Subject, differences

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


NUMBERS = ["bill", "paid", "limit_fen", "(paid - 1)", "(bill + 5000)", "sum(jobs, wage, insured)", "share(bill, part)"]
BOOLEANS = [
    "member",
    "any(jobs, insured)",
    "all(jobs, wage > 0)",
    "true",
    "grade = 'a'",
    "grade in ('a', wanted_grade)",
]
DATES = ["born_on", "lost_on", "first_day", "date '2020-02-29'", "plus_months(lost_on, months)"]


def numbers() -> st.SearchStrategy[str]:
    """Return expressions of money."""
    leaves = st.sampled_from(NUMBERS)

    def more(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(st.sampled_from(["+", "-"]), part, part).map(lambda t: f"({t[1]} {t[0]} {t[2]})"),
            st.tuples(st.sampled_from(["least", "greatest"]), part, part).map(
                lambda t: f"{t[0]}(bill, {t[1]}, {t[2]})"
            ),
            st.tuples(st.sampled_from(BOOLEANS), part, part).map(
                lambda t: f"case when {t[0]} then paid + {t[1]} else bill + {t[2]} end"
            ),
            part.map(lambda one: f"band(steps, {one})"),
        )

    return st.recursive(leaves, more, max_leaves=5)


def conditions() -> st.SearchStrategy[str]:
    """Return yes/no expressions."""
    operators = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    leaves = st.one_of(
        st.sampled_from(BOOLEANS),
        st.tuples(numbers(), operators, numbers()).map(lambda t: f"bill + {t[0]} {t[1]} {t[2]}"),
        st.tuples(st.sampled_from(DATES), operators, st.sampled_from(DATES)).map(" ".join),
        st.tuples(operators, st.integers(-2, 20)).map(lambda t: f"months {t[0]} {t[1]}"),
        st.tuples(operators, st.integers(0, 3)).map(lambda t: f"count(jobs, insured) {t[0]} {t[1]}"),
        st.tuples(st.sampled_from(["years", "months", "days"]), operators, st.integers(-1, 20)).map(
            lambda t: f"{t[0]}_since(born_on) {t[1]} {t[2]}"
        ),
    )

    def more(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        joined = st.tuples(part, st.sampled_from(["and", "or"]), part).map(" ".join).map(lambda t: f"({t})")
        return st.one_of(joined, part.map(lambda one: f"not ({one})"))

    return st.recursive(leaves, more, max_leaves=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions(), numbers(), st.integers(0, 10_000))
def test_generated_expressions_give_the_same_answer_three_times(test: str, money: str, seed: int) -> None:
    programme = kit.programme({"test": test}, {"money": money})

    assert differences(programme, people(25, seed), TODAY) == []


def test_the_statement_never_runs_anything_but_a_select(everything: Programme) -> None:
    statement = compile_duckdb(everything)

    assert statement.startswith("WITH dated AS (")
    assert ";" not in statement
