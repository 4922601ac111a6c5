"""Caps are data, and hold in every back end: what was received is a fact, and unknown is not nothing."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from niangjia.engines.rules import Catalogue, Fact, Programme, Reading, RuleErrors, compile_python, load
from niangjia.engines.rules.model import Cap
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.parity import Subject, differences

DAY = dt.date(2020, 2, 29)
FACTS = (
    Fact("received_fen", "fen", "今年已领", "received this year"),
    Fact("received_times", "int", "已领次数", "times received", unit="time"),
)
CATALOGUE = Catalogue((*kit.FACTS, *FACTS), (kit.JOBS,))
CAPS = """caps:
  - {per: [person, year], fen: limit_fen, received: received_fen}
  - {per: [household, payee], times: most, received: received_times}
"""
HEAD = kit.HEAD.replace("give: {kind: honour}", "give: {kind: cash, amount: grant}") + CAPS
AMOUNTS = kit.AMOUNTS + "most: [{from: 2020-01-01, value: 3, unit: time, stated: true}]\n"


def programme(head: str = HEAD, amounts: str = AMOUNTS) -> Programme:
    bundle = kit.bundle({"one": "member"}, {"grant": "bill - paid"}, head=head, amounts=amounts)
    return load(bundle, CATALOGUE, check_examples=False)


def amount(fen: Reading | None, times: Reading | None, bill: int = 8_000) -> int | None:
    given = {"member": Reading(True, 5), "bill": Reading(bill, 5), "paid": Reading(0, 5)}
    if fen is not None:
        given["received_fen"] = fen
    if times is not None:
        given["received_times"] = times
    return compile_python(programme()).decide(given, {}, DAY).amount_fen


def test_the_caps_of_a_programme_are_kept_as_data() -> None:
    assert programme().caps == (
        Cap(("person", "year"), "fen", "limit_fen", "received_fen"),
        Cap(("household", "payee"), "times", "most", "received_times"),
    )


@pytest.mark.parametrize(
    ("fen", "times", "wanted"),
    [(0, 0, 8_000), (2_000, 2, 8_000), (2_001, 2, 7_999), (9_999, 2, 1), (10_000, 2, 0), (20_000, 0, 0), (0, 3, 0)],
)
def test_what_is_given_stays_under_each_cap(fen: int, times: int, wanted: int) -> None:
    assert amount(Reading(fen, 5), Reading(times, 5)) == wanted


def test_what_was_received_is_not_taken_for_nothing_while_it_is_unknown() -> None:
    assert amount(None, Reading(0, 5)) is None
    assert amount(Reading(0, 5), None) is None
    # Within these bounds the cap cannot matter, or leaves nothing in any case.
    assert amount(Reading(None, 5, low=0, high=2_000), Reading(None, 5, low=0, high=2)) == 8_000
    assert amount(Reading(None, 5, low=10_000), Reading(0, 5)) == 0


def test_every_back_end_holds_the_caps_alike() -> None:
    rng = random.Random(9)
    people: list[Subject] = []
    for _at in range(300):
        readings, records = kit.random_subject(rng, DAY)
        for fact in FACTS:
            found = kit.random_reading(rng, fact, DAY)
            readings = readings if found is None else {**readings, fact.code: found}
        people.append((readings, records))

    assert differences(programme(), people, DAY) == []
    # A programme without its caps gives another answer, so that the comparison above is about them.
    free = programme(HEAD.replace(CAPS, ""), kit.AMOUNTS)
    held, open_ = compile_python(programme()), compile_python(free)
    assert any(held.verdict(*who, DAY).amount_fen != open_.verdict(*who, DAY).amount_fen for who in people)


WRONG = [
    ("fen: limit_fen", "fen: limit", "name-unknown"),
    ("fen: limit_fen", "fen: months_needed", "type"),
    ("received: received_fen", "received: member", "type"),
    ("times: most", "times: months_needed", "unit"),
    ("per: [person, year]", "per: [person, week]", "choice-unknown"),
    ("fen: limit_fen, ", "", "shape"),
    ("fen: limit_fen", "feng: limit_fen", "key-unknown"),
    ("received: received_times", "", "key-missing"),
]


@pytest.mark.parametrize(("old", "new", "code"), WRONG, ids=[row[1] or "left out" for row in WRONG])
def test_a_cap_that_is_wrong_is_named_where_it_stands(old: str, new: str, code: str) -> None:
    first = HEAD[: HEAD.index("caps:")].count("\n") + 1
    with pytest.raises(RuleErrors) as caught:
        programme(HEAD.replace(old, new))
    found = [item for item in caught.value.problems if item.code == code]
    assert found
    assert (found[0].file, found[0].line in range(first, first + 3)) == ("programme.yaml", True)
