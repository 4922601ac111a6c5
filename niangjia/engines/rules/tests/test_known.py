"""Nothing is read from silence, and what was recorded later was not known."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest

from niangjia.engines.rules import Catalogue, Partial, Programme, Reading, compile_python, load
from niangjia.engines.rules.known import Coverage, Registers, in_bulk, what_is_known
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.parity import differences

DAY = dt.date(2020, 2, 29)
ABOVE = ("town", "county")


def catalogue() -> Catalogue:
    facts = tuple(
        replace(fact, register="members", absent=False) if fact.code == "member" else fact for fact in kit.FACTS
    )
    return Catalogue(facts, (replace(kit.JOBS, register="employment"),))


def programme(**conditions: str) -> Programme:
    return load(kit.bundle(conditions), catalogue(), check_examples=False)


def outcome(text: str, rows: list[dict[str, Reading]] | None, *coverage: Coverage) -> tuple[str, str]:
    """Return the outcome of one condition and why it is unknown."""
    records = {} if rows is None else {"jobs": rows}
    seen = what_is_known(catalogue(), {}, records, units=ABOVE, registers=Registers(coverage), day=DAY)
    decision = compile_python(programme(one=text)).decide(*seen, DAY)
    return decision.outcome, decision.conditions[0].reason


def full(register: str, unit: str = "county", days: int = 0) -> Coverage:
    return Coverage(register, unit, DAY - dt.timedelta(days))


def test_silence_is_a_no_only_where_the_register_was_complete_for_the_unit_on_the_day() -> None:
    assert outcome("member", None) == ("unknown", "never_asked")
    assert outcome("member", None, full("members")) == ("no", "")
    assert outcome("member", None, full("members", days=90)) == ("no", "")
    assert outcome("member", None, full("members", days=91)) == ("unknown", "never_asked")
    assert outcome("member", None, full("members", days=-1)) == ("unknown", "never_asked")
    assert outcome("member", None, full("members", unit="another")) == ("unknown", "never_asked")
    assert outcome("member", None, full("employment")) == ("unknown", "never_asked")


def test_no_records_are_none_only_where_the_register_was_complete() -> None:
    assert outcome("any(jobs, insured)", None) == ("unknown", "not_covered")
    assert outcome("any(jobs, insured)", None, full("employment")) == ("no", "")
    assert outcome("count(jobs) = 0", None, full("employment")) == ("yes", "")


def test_records_of_a_register_that_is_not_complete_count_for_what_they_show() -> None:
    insured, plain = {"insured": Reading(True, 5)}, {"insured": Reading(False, 5)}

    assert outcome("any(jobs, insured)", [plain, insured]) == ("yes", "")
    assert outcome("any(jobs, insured)", [plain]) == ("unknown", "not_covered")
    assert outcome("all(jobs, insured)", [plain]) == ("no", "")
    assert outcome("all(jobs, insured)", [insured]) == ("unknown", "not_covered")
    assert outcome("count(jobs, insured) >= 2", [insured, insured]) == ("yes", "")
    assert outcome("count(jobs, insured) <= 2", [insured, insured]) == ("unknown", "not_covered")
    assert outcome("count(jobs, insured) <= 2", [insured, insured], full("employment")) == ("yes", "")
    assert outcome("sum(jobs, wage) >= 0", [{"wage": Reading(5, 5)}]) == ("unknown", "not_covered")


def test_the_absent_value_is_as_old_as_the_day_the_register_was_complete() -> None:
    registers = Registers((full("members", days=40),))
    readings, _records = what_is_known(catalogue(), {}, {}, units=ABOVE, registers=registers, day=DAY)
    made = load(kit.bundle({"one": "not member"}, extra="fresh_days: 30"), catalogue(), check_examples=False)

    assert compile_python(made).decide(readings, {}, DAY).conditions[0].reason == "stale"
    assert compile_python(made).decide(readings, {}, DAY - dt.timedelta(10)).outcome == "yes"


@pytest.mark.parametrize(("day", "wanted"), [(DAY - dt.timedelta(1), "unknown"), (DAY, "yes")])
def test_what_was_recorded_later_was_not_known(day: dt.date, wanted: str) -> None:
    readings = {"member": Reading(True, 5, dt.date(2019, 1, 1), recorded_on=DAY)}
    rows = [{"insured": Reading(True, 5, dt.date(2019, 1, 1), recorded_on=DAY)}]
    seen = what_is_known(catalogue(), readings, {"jobs": rows}, units=(), registers=Registers(), day=day)

    assert compile_python(programme(one="member")).decide(*seen, day).outcome == wanted
    assert compile_python(programme(one="any(jobs, insured)")).decide(*seen, day).outcome == wanted


def test_a_record_that_came_later_leaves_the_rest_incomplete() -> None:
    rows = [{"insured": Reading(True, 5, recorded_on=DAY)}, {"insured": Reading(False, 5)}]
    seen = what_is_known(kit.CATALOGUE, {}, {"jobs": rows}, units=(), registers=Registers(), day=DAY - dt.timedelta(1))

    assert isinstance(seen[1]["jobs"], Partial)
    assert len(seen[1]["jobs"]) == 1


def test_every_back_end_sees_the_same_of_registers_that_are_and_are_not_complete() -> None:
    rng = random.Random(5)
    made = programme(
        one="member or any(jobs, insured)",
        two="all(jobs, wage > 0) and count(jobs) >= 1",
        three="count(jobs, insured) + 1 >= 3",
        four="sum(jobs, wage) <= limit_fen",
    )
    people = [(str(at), *kit.random_subject(rng, DAY)) for at in range(300)]
    units = {name: ("town", "county") if int(name) % 2 else ("village",) for name, _readings, _records in people}
    registers = Registers((full("employment", "town"), full("members", "county")))
    known = in_bulk(catalogue(), people, units=units, registers=registers, day=DAY)
    seen = [(dict(readings), dict(records)) for _name, readings, records in known]

    assert any(isinstance(rows, Partial) for _readings, records in seen for rows in records.values())
    assert differences(made, seen, DAY) == []
