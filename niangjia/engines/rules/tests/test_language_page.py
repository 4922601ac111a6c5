"""The page of the language has each construct, and each of its examples comes out as it says, three times."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlglot import exp

from niangjia.engines.rules import PROOFS, Partial, Programme, Reading, RuleErrors, load
from niangjia.engines.rules.caps import CAP_KEYS, PER
from niangjia.engines.rules.facts import Fact
from niangjia.engines.rules.kinds import HINTS, USAGE
from niangjia.engines.rules.language import AGGREGATES, READERS
from niangjia.engines.rules.load_amounts import ENTRY_KEYS
from niangjia.engines.rules.load_rules import CONDITION_KEYS
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.parity import BACK_ENDS, Subject, differences
from niangjia.engines.rules.words import REASONS

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "rule-language.md"
TODAY = dt.date(2020, 2, 29)
# The headings under which each kind of node of the parser is explained; a name stands for three things.
HEADINGS: Mapping[type[exp.Expr], tuple[str, ...]] = {
    exp.Literal: ("number", "'text'"),
    exp.Boolean: ("true, false",),
    exp.Cast: ("date '2020-02-29'",),
    exp.Paren: ("( )",),
    exp.Neg: ("-",),
    exp.Column: ("fact", "linked.fact", "amount"),
    exp.Not: ("not",),
    exp.And: ("and",),
    exp.Or: ("or",),
    exp.In: ("in",),
    exp.Between: ("between",),
    exp.Case: ("case",),
    exp.Anonymous: (),
    exp.EQ: ("=",),
    exp.NEQ: ("<>",),
    exp.LT: ("<",),
    exp.LTE: ("<=",),
    exp.GT: (">",),
    exp.GTE: (">=",),
    exp.Add: ("+",),
    exp.Sub: ("-",),
    exp.Mul: ("*",),
}
BOUNDS = re.compile(r"(-?\d*)\.\.(-?\d*)\Z")


@dataclass(frozen=True)
class Example:
    """One row of the page: an expression, what is known, and what comes out."""

    heading: str
    text: str
    known: str
    answer: str


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    """Return the text under each heading of a construct."""
    parts = re.split(r"^### `(.+)`$", text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], (re.split(r"^## ", part, flags=re.MULTILINE)[0] for part in parts[2::2]), strict=True))


def examples() -> list[Example]:
    rows = []
    for heading, body in sections().items():
        for line in body.splitlines():
            if line.startswith("| `"):
                one, two, three = (cell.strip() for cell in line.strip("|").split("|"))
                rows.append(Example(heading, one.strip("`"), two.strip("`"), three))
    return rows


def reading(fact: Fact, value: Any) -> Reading:
    bounds = BOUNDS.match(str(value))
    if bounds:
        low, high = (int(end) if end else None for end in bounds.groups())
        return Reading(None, 5, TODAY, low=low, high=high)
    return Reading(value, 5, TODAY)


def subject(known: str) -> Subject:
    """Return who an example is about; a relation that is not named is not complete."""
    found = {} if known == "nothing" else yaml.safe_load("{" + known + "}")
    jobs = found.pop("jobs", None)
    readings = {}
    for code, value in found.items():
        fact = kit.CATALOGUE.fact(code)
        assert fact is not None, code
        readings[code] = reading(fact, value)
    if jobs is None:
        return readings, {}
    columns = {column.code: column for column in kit.JOBS.columns}
    listed: list[dict[str, Any]] = jobs["incomplete"] if isinstance(jobs, dict) else jobs
    rows = [{code: reading(columns[code], v) for code, v in job.items()} for job in listed]
    return readings, {"jobs": Partial(rows) if isinstance(jobs, dict) else rows}


def shown(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


@cache
def programme() -> tuple[Programme, dict[str, str]]:
    """Return one programme with every expression of the page as a formula, and their names."""
    texts = dict.fromkeys(example.text for example in examples())
    names = {one: f"e{at}" for at, one in enumerate(texts)}
    return kit.programme({"member": "member"}, {name: one for one, name in names.items()}), names


def test_every_construct_has_an_entry_and_every_entry_a_construct() -> None:
    assert set(HEADINGS) == set(READERS)
    wanted = {heading for several in HEADINGS.values() for heading in several}
    assert set(sections()) == wanted | set(USAGE) | set(AGGREGATES) | {"band"}


@pytest.mark.parametrize("heading", sections())
def test_every_entry_says_what_unknown_means_and_shows_it(heading: str) -> None:
    body = sections()[heading]
    assert "Unknown:" in body.split("|")[0]
    rows = [example for example in examples() if example.heading == heading]
    assert len(rows) >= 2
    never = "Unknown: never" in " ".join(body.split())
    assert never or any(row.answer == "unknown" for row in rows) or heading == "amount"


def test_every_example_comes_out_as_the_page_says_in_every_back_end() -> None:
    made, names = programme()
    rows = examples()
    people = [subject(row.known) for row in rows]
    assert len(rows) > 90
    for back_end in BACK_ENDS.values():
        found = back_end(made, people, TODAY)
        got = [shown(line[f"a_{names[row.text]}"]) for row, line in zip(rows, found, strict=True)]
        assert [(row, answer) for row, answer in zip(rows, got, strict=True) if answer != row.answer] == []


def test_every_example_of_the_page_is_as_the_oracle_says_for_everybody_on_it() -> None:
    made, _names = programme()
    assert differences(made, [subject(row.known) for row in examples()], TODAY) == []


def test_every_key_reason_and_level_of_proof_is_named() -> None:
    words = set(re.findall(r"`([^`]+)`", text()))
    keys = {
        *CONDITION_KEYS,
        *ENTRY_KEYS,
        "conditions",
        "amounts",
        "group",
        "rank_key",
        "per",
        "as_of",
        "caps",
        *CAP_KEYS,
        *PER,
    }
    assert {*keys, *PROOFS, *REASONS} - words == set()


REFUSED = {
    "is null": "member is null",
    "coalesce": "coalesce(member, true)",
    "/": "bill / 2 > 1",
    "like": "grade like 'a'",
    "select": "bill > (select 1)",
    "exists": "exists(jobs, insured)",
    "cast": "cast(bill as date) > first_day",
    "if": "if(member, true, false)",
    "min": "min(bill, paid) > 1",
    "max": "max(bill, paid) > 1",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_page_says_is_refused_is_refused_with_advice_of_its_own(name: str) -> None:
    assert f"`{name}`" in text().split("Not in the language")[1]
    with pytest.raises(RuleErrors) as caught:
        load(kit.bundle({"one": REFUSED[name]}), kit.CATALOGUE, check_examples=False)
    found = caught.value.problems[0]
    assert found.code == "construct"
    assert found.advice_en in {words[1] for words in HINTS.values()}


def test_an_entry_that_lies_or_names_nothing_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = text().replace("| `not member` | `member: false` | yes |", "| `not member` | `member: false` | no |")
    page = tmp_path / "page.md"
    page.write_text(wrong + "\n### `median`\n\nUnknown: never.\n", encoding="utf-8")
    monkeypatch.setattr("niangjia.engines.rules.tests.test_language_page.PAGE", page)
    programme.cache_clear()
    with pytest.raises(AssertionError):
        test_every_construct_has_an_entry_and_every_entry_a_construct()
    with pytest.raises(AssertionError):
        test_every_example_comes_out_as_the_page_says_in_every_back_end()
    programme.cache_clear()
