"""A stored decision is checked from its row and its version alone, and a change is named."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from niangjia.engines.rules import (
    SEMANTICS,
    Decision,
    Reading,
    compile_python,
    explain,
    load,
    read_folder,
    replay,
    set_amount,
)
from niangjia.engines.rules.codec import digests_of, sha256_hex
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.catalogue import CATALOGUE

FOLDER = Path(__file__).parents[4] / "programmes" / "henan-autumn-study-aid"
TODAY = dt.date(2026, 8, 3)


def adopted() -> dict[str, str]:
    """Return the recipe as a county adopts it, with invented numbers."""
    bundle = read_folder(FOLDER)
    for code, value in (("aid_per_student", 200_000), ("income_line", 150_000), ("near_band", 10_000)):
        bundle = set_amount(bundle, code, value, "云工发〔2026〕6号", "云禾县总工会")
    return bundle


def stored(income: int = 118_000) -> dict[str, Any]:
    """Return one decision as a row keeps it."""
    readings = {
        "school_stage": Reading("university", 5, TODAY, "教育局", "education bureau"),
        "admission_letter": Reading(True, 2, dt.date(2026, 8, 1)),
        "household.hardship_in_file": Reading(False, 5, TODAY),
        "household.migrant_household": Reading(True, 4, dt.date(2026, 5, 14)),
        "household.income_per_head": Reading(income, 4, dt.date(2026, 5, 14)),
    }
    decider = compile_python(load(adopted(), CATALOGUE))
    return json.loads(json.dumps(decider.decide(readings, {}, TODAY).to_json()))  # type: ignore[no-any-return]


def named(row: dict[str, Any], bundle: dict[str, str]) -> set[tuple[str, str]]:
    return {(item.kind, item.name) for item in replay(row, bundle)}


def test_an_untouched_decision_replays_without_a_difference() -> None:
    assert stored()["outcome"] == "yes"
    assert replay(stored(), adopted()) == []


def test_a_stored_decision_comes_back_as_the_same_value() -> None:
    row = stored()

    assert Decision.from_json(row).to_json() == row


@pytest.mark.parametrize(
    ("code", "value"),
    [("household.income_per_head", 119_000), ("admission_letter", False), ("school_stage", "college")],
)
def test_one_altered_fact_is_named_even_when_the_outcome_stays(code: str, value: object) -> None:
    row = stored()
    row["facts"][code]["reading"]["value"] = value

    assert ("fact", code) in named(row, adopted())
    assert {name for kind, name in named(row, adopted()) if kind == "fact"} == {code}


@pytest.mark.parametrize("part", ["proof", "on", "source_zh"])
def test_an_altered_proof_date_or_source_is_named_too(part: str) -> None:
    row = stored()
    row["facts"]["school_stage"]["reading"][part] = {"proof": 4, "on": "2026-08-02", "source_zh": "本人"}[part]

    assert ("fact", "school_stage") in named(row, adopted())


@pytest.mark.parametrize("code", ["aid_per_student", "income_line", "near_band"])
def test_one_amount_altered_in_the_version_is_named(code: str) -> None:
    bundle = adopted()
    bundle = set_amount(bundle, code, 160_000, "云工发〔2026〕6号", "云禾县总工会")

    assert {name for kind, name in named(stored(), bundle) if kind == "amount"} == {code}


def test_one_amount_altered_in_the_row_is_named() -> None:
    row = stored()
    row["amounts_used"]["income_line"]["value"] = 150_001

    assert ("amount", "income_line") in named(row, adopted())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("household.income_per_head <= income_line\n", "household.income_per_head < income_line\n"),
        ("fresh_days: 365", "fresh_days: 366"),
        ("proof: visit", "proof: seal"),
        ("<= income_line + near_band", "< income_line + near_band"),
        ("家庭人均月收入不超过", "家庭人均收入不超过"),
    ],
)
def test_one_condition_altered_in_the_version_is_named(old: str, new: str) -> None:
    bundle = adopted()
    assert old in bundle["rules.yaml"]
    bundle["rules.yaml"] = bundle["rules.yaml"].replace(old, new)

    assert {name for kind, name in named(stored(), bundle) if kind == "condition"} == {"income"}


def test_a_condition_that_no_longer_loads_is_still_named() -> None:
    bundle = adopted()
    bundle["rules.yaml"] = bundle["rules.yaml"].replace("when: admission_letter", "when: something_else")

    found = named(stored(), bundle)

    assert ("condition", "letter") in found
    assert ("version", "rules.yaml") in found


def test_a_condition_added_or_taken_away_is_named() -> None:
    bundle = adopted()
    bundle["rules.yaml"] = bundle["rules.yaml"].replace("- id: letter", "- id: paper")

    assert {("condition", "letter"), ("condition", "paper")} <= named(stored(), bundle)


def test_an_altered_result_is_named() -> None:
    row = stored()
    row["amount_fen"] = 300_000

    assert ("outcome", "amount_fen") in named(row, adopted())


def test_an_altered_notice_is_seen_as_another_version() -> None:
    bundle = {**adopted(), "notice.zh.md": "别的话\n"}

    assert named(stored(), bundle) == {("version", "bundle")}


def test_who_recomputes_the_digests_without_the_key_is_found_out() -> None:
    def keyed(text: str) -> str:
        return hmac.new(b"county key", text.encode(), hashlib.sha256).hexdigest()

    row = Decision.from_json(stored()).to_json(keyed)
    assert replay(row, adopted(), digest=keyed) == []

    forged = copy.deepcopy(stored(income=117_000))
    assert replay(forged, adopted()) == []
    assert ("fact", "household.income_per_head") in {(d.kind, d.name) for d in replay(forged, adopted(), digest=keyed)}


def test_a_damaged_row_gives_a_difference_and_no_traceback() -> None:
    for part in ("facts", "conditions", "digests", "amounts_used", "as_of_rule"):
        row = stored()
        row[part] = None
        assert replay(row, adopted()) != []


def test_records_of_a_relation_are_replayed_and_named() -> None:
    bundle = kit.bundle({"two": "count(jobs, insured) >= 2"})
    decider = compile_python(load(bundle, kit.CATALOGUE, check_examples=False))
    rows = [{"insured": Reading(True, 5)}, {"insured": Reading(True, 5)}, {"insured": Reading(None)}]
    row = json.loads(json.dumps(decider.decide({}, {"jobs": rows}, TODAY).to_json()))
    assert replay(row, bundle) == []

    row["relations"]["jobs"]["rows"][0]["insured"]["value"] = False

    assert ("relation", "jobs") in named(row, bundle)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_stored_decision_explains_itself_with_its_own_numbers(language: str) -> None:
    row = stored(income=155_000)
    words = explain(row, language)
    income = next(item for item in words.sentences if item.id == "income")

    assert (words.outcome, words.near_miss, income.mark) == ("no", True, "no")
    assert "1,500" in income.text
    assert income.fact_value_text.startswith("1,550.00")
    assert income.on == dt.date(2026, 5, 14)


CHANGES = [
    ("zh", {"one": "months >= months_needed"}, {"months": 1}, "月数现在是1个月，至少3个月才符合"),
    ("en", {"one": "months >= months_needed"}, {"months": 1}, "now 1 month, at least 3 months needed"),
    ("zh", {"one": "months <= months_needed"}, {"months": 5}, "现在是5个月，不超过3个月才符合"),
    ("en", {"one": "months <= months_needed"}, {"months": 5}, "now 5 months, at most 3 months needed"),
    ("zh", {"one": "months = months_needed"}, {"months": 5}, "现在是5个月，要3个月才符合"),
    ("zh", {"one": "member"}, {"member": False}, "要“是”才符合"),
]


@pytest.mark.parametrize(("language", "conditions", "known", "words"), CHANGES)
def test_the_smallest_change_names_an_edge_as_an_edge(
    language: str, conditions: dict[str, str], known: dict[str, Value], words: str
) -> None:
    decider = compile_python(kit.programme(conditions))
    readings = {code: Reading(value, 5, TODAY) for code, value in known.items()}
    assert words in explain(decider.decide(readings, {}, TODAY).to_json(), language).headline


def test_chinese_sentences_have_no_blank_beside_a_number() -> None:
    for income in (118_000, 155_000):
        words = explain(stored(income=income), "zh")
        for text in (words.headline, *(item.text for item in words.sentences)):
            assert " " not in text
            assert "{" not in text


def test_a_decision_of_an_older_reading_says_so_only_where_the_result_differs() -> None:
    """A bound settles today what an unknown left open then."""
    bundle = kit.bundle({"cap": "bill - paid >= 0"})
    readings = {"bill": Reading(None, 5, TODAY, low=7), "paid": Reading(7, 5, TODAY)}
    decision = compile_python(load(bundle, kit.CATALOGUE, check_examples=False)).decide(readings, {}, TODAY)
    row = json.loads(json.dumps(decision.to_json()))
    row["semantics"] = 1
    row["digests"] = digests_of(row, sha256_hex)
    assert replay(row, bundle) == []

    row["outcome"], row["conditions"][0]["answer"] = "unknown", None
    row["digests"] = digests_of(row, sha256_hex)
    assert ("semantics", "1") in named(row, bundle)
    row["semantics"] = SEMANTICS
    row["digests"] = digests_of(row, sha256_hex)
    assert not {name for kind, name in named(row, bundle) if kind == "semantics"}
