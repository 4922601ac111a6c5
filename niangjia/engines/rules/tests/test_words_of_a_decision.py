"""Every number in an explanation stands in the stored decision, and the fact asked first is the right one."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from niangjia.engines.rules import Decider, Programme, Reading, compile_python, explain, words
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.subjects import subjects, thresholds
from niangjia.engines.rules.tests.test_parity import FOLDERS, TODAY, ready
from niangjia.engines.rules.tests.test_smallest_change import INVENTED

DATES = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
MONEY = re.compile(r"(-?[\d,]+)\.(\d\d)(?:元| yuan)")
RATIO = re.compile(r"(-?\d+)(?:\.(\d+))?%")
WHOLE = re.compile(r"-?\d[\d,]*")


def numbers_in(text: str, year: int) -> Iterator[Any]:
    """Yield each number that a text says: days, fen, millionths, whole numbers."""
    for found in DATES.finditer(text):
        one, two, three, four, five, six = found.groups()
        parts = (one, two, three) if one else (four or year, five, six)
        yield dt.date(*(int(part) for part in parts)).isoformat()
    text = DATES.sub(" ", text)
    for found in MONEY.finditer(text):
        sign = -1 if found[1].startswith("-") else 1
        yield sign * (abs(int(found[1].replace(",", ""))) * 100 + int(found[2]))
    text = MONEY.sub(" ", text)
    for found in RATIO.finditer(text):
        yield round(float(found[0].rstrip("%")) * 10_000)
    for found in WHOLE.finditer(RATIO.sub(" ", text)):
        yield int(found[0].replace(",", ""))


def kept(value: Any) -> Iterator[Any]:
    """Yield each number and day of a stored decision; how many are asked is one of them."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name == "ask":
                yield len(item)
            # The words of the rule are kept with it; a number in them is one of the decision.
            if name in {"when", "zh", "en", "near", "title", "article"} and isinstance(item, str):
                yield from (int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", item))
            if name != "digests":
                yield from kept(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, Mapping) for item in value):
            yield len(value)
        for item in value:
            yield from kept(item)
    elif isinstance(value, int | str) and not isinstance(value, bool):
        yield value


def said(row: Mapping[str, Any], language: str) -> Iterator[str]:
    """Yield every text of an explanation."""
    found = explain(row, language)
    yield from (found.headline, found.amount_text, found.as_of_text)
    for line in (*found.ask, *(line for sentence in found.sentences for line in sentence.facts)):
        yield from (line.label, line.value_text, line.reason_text, line.supplier_text)
    for sentence in found.sentences:
        yield from (sentence.text, sentence.threshold_text, sentence.fact_value_text)


def foreign_numbers(row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the numbers that an explanation says and the decision does not hold."""
    known, year = set(kept(row)), int(str(row["today"])[:4])
    return [
        (text, number)
        for language in ("zh", "en")
        for text in said(row, language)
        for number in numbers_in(text, year)
        if number not in known
    ]


def rows(programme: Programme, count: int) -> Iterator[dict[str, Any]]:
    decider = compile_python(programme)
    for readings in [*subjects(programme, 4 * count, TODAY, 4)][-count:]:
        yield json.loads(json.dumps(decider.decide(readings, {}, TODAY).to_json()))


PROGRAMMES = {folder.name: folder for folder in FOLDERS}


def made(name: str) -> Programme:
    return kit.programme(INVENTED[name]) if name in INVENTED else ready(PROGRAMMES[name])


@pytest.mark.parametrize("name", [*PROGRAMMES, *INVENTED])
def test_every_number_of_an_explanation_stands_in_the_decision(name: str) -> None:
    found = list(rows(made(name), 40))
    assert {row["outcome"] for row in found} >= {"no", "unknown"}
    assert [wrong for row in found for wrong in foreign_numbers(row)] == []


def test_a_number_that_comes_from_elsewhere_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = words.money
    found = list(rows(made("sums"), 40))
    monkeypatch.setattr(words, "money", lambda fen, language: honest(fen + 1_234_567, language))
    assert any(foreign_numbers(row) for row in found)


def settles(decider: Decider, readings: Mapping[str, Reading], code: str) -> int:
    """Return 0 where every value of a fact decides, 1 where some do, 2 where none does: by trying them."""
    fact = decider.programme.catalogue.fact(code)
    assert fact is not None
    known = [r.value for r in readings.values() if type(r.value) is int]
    values = [*thresholds(decider.programme, fact, TODAY)]
    if fact.type in {"int", "fen"}:
        plain = [int(str(value)) for value in values]
        values += [a + b + step for a in plain for b in known for step in (-1, 0, 1)]
        values += [-(10**9), 10**9]
    decided = set()
    for value in values:
        tried = {**readings, code: Reading(value, 5, TODAY)}
        decided.add(decider.verdict(tried, {}, TODAY).outcome != "unknown")
    return 0 if decided == {True} else 1 if True in decided else 2


def hold_the_first(name: str, count: int) -> int:
    """Hold what is asked first to what trying says; return how many were asked more than one thing."""
    decider, held = compile_python(made(name)), 0
    for readings in [*subjects(decider.programme, 4 * count, TODAY, 6)][-4 * count :]:
        decision = decider.decide(readings, {}, TODAY)
        if decision.outcome != "unknown" or len(decision.ask) < 2:
            continue
        ranks = {}
        for code in decision.ask:
            fact = decider.programme.catalogue.fact(code)
            assert fact is not None
            ranks[code] = (settles(decider, readings, code), fact.cost)
        assert ranks[decision.ask[0]] == min(ranks.values()), (readings, ranks)
        held += 1
        if held >= count:
            break
    return held


@pytest.mark.parametrize("name", ["henan-autumn-study-aid", "either", "least", "sums", "case"])
def test_what_settles_it_alone_and_costs_least_is_asked_first_by_trying_all(name: str) -> None:
    assert hold_the_first(name, 15) > 0


@pytest.mark.nightly
@pytest.mark.parametrize("name", [*PROGRAMMES, *INVENTED])
def test_the_first_question_is_the_right_one_for_hundreds(name: str) -> None:
    asked = hold_the_first(name, 500)
    assert asked > 0 or len(made(name).fact_codes) < 2
