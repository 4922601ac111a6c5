"""A folder that is wrong gets a sentence with file, line and advice, and never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from niangjia.engines.rules import Problem, RuleErrors, load, read_folder
from niangjia.engines.rules.errors import SENTENCES, problem
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.catalogue import CATALOGUE

PROGRAMMES = Path(__file__).parents[4] / "programmes"
ZONE = read_folder(PROGRAMMES / "jianghua-early-return-subsidy")
Bundle = dict[str, str]
Mutation = tuple[str, str, str, str, int]

P, R, A, E = "programme.yaml", "rules.yaml", "amounts.yaml", "examples.yaml"

IDLE = "idle: [{from: 2020-02-01, value: 1, stated: true}]\n"

# file, what is there, what is written instead, the code of the problem, its line (0: any)
ZONE_MUTATIONS: list[Mutation] = [
    (P, "format: 1", "format: 2", "choice-unknown", 1),
    (P, "subject: person", "subject: persn", "choice-unknown", 6),
    (P, "owner_level: county", "owner_levle: county", "key-unknown", 5),
    (P, "per: [person]", "per: [month_of_birth]", "choice-unknown", 8),
    (P, "ask: automatic\n", "", "key-missing", 1),
    (P, "{from: 2020-02-01, to: 2020-12-31}", "{from: 2020-12-31, to: 2020-02-01}", "period-backwards", 9),
    (P, "to: 2020-12-31", "to: 2020-12-32", "date-invalid", 9),
    (P, "zone_started_on, plus", "zone_started, plus", "name-unknown", 11),
    (P, "amount: subsidy", "amount: subsidies", "give-amount", 14),
    (P, "decide: rule", "decide: rule\ndecide: draw", "key-repeated", 14),
    (P, "system: S74", "system: &x S74", "yaml-feature", 2),
    (P, "name: {zh", "name: {zh: [", "yaml-syntax", 0),
    (R, "zone_started_on <= last_start_day\n", "zone_startd_on <= last_start_day\n", "name-unknown", 3),
    (R, "zone_started_on <= last_start_day\n", "zone_started_on <= 3\n", "type", 3),
    (R, "zone_started_on <= last_start_day\n", "zone_started_on <=\n", "syntax", 3),
    (R, "zone_started_on <= last_start_day\n", "zone_started_on is null\n", "construct", 3),
    (R, "zone_started_on <= last_start_day\n", "coalesce(zone_started_on, last_start_day)\n", "construct", 3),
    (R, "zone_started_on <= last_start_day\n", "zone_started_on <= '2020-02-29'\n", "type", 3),
    (R, "zone_started_on <= last_start_day\n", "zone_started_on <= date '2020-02-30'\n", "date-invalid", 3),
    (R, "zone_started_on <= last_start_day\n", "zone_started_on\n", "not-yes-no", 3),
    (R, "zone_unbroken_months >= months_required", "zone_unbroken_months >= near_days", "unit", 9),
    (R, "zone_unbroken_months >= months_required", "zone_unbroken_months / 2 >= 1", "construct", 9),
    (R, "zone_unbroken_months >= months_required", "zone_unbroken_months >= 1.5", "number-not-whole", 9),
    (R, "zone_unbroken_months >= months_required", "exists (select 1)", "construct", 9),
    (R, "zone_unbroken_months >= months_required", "true; drop table subjects", "construct", 9),
    (R, "zone_unbroken_months >= months_required", "near_days > 99999999999999999999", "number-too-large", 9),
    (R, "zone_unbroken_months >= months_required", "least(zone_unbroken_months) > 1", "arguments", 9),
    (R, "zone_unbroken_months >= months_required", "'\"zone_unbroken_months\" >= 3'", "construct", 9),
    (R, "id: unbroken", "id: early", "id-repeated", 8),
    (R, "id: unbroken", "id: Unbroken-Months", "id-invalid", 8),
    (R, "满{months_required}个月", "满{months}个月", "placeholder", 10),
    (R, "    en: Worked", "    fr: Worked", "key-unknown", 11),
    (R, "id: unbroken", "id: unbroken\n    proof: hearsay", "choice-unknown", 9),
    (R, "id: unbroken", "id: unbroken\n    fresh_days: 0", "shape", 9),
    (A, "value: 3, unit: month", "value: three, unit: month", "amount-value", 2),
    (A, "value: 3, unit: month", "value: 3.5, unit: month", "number-not-whole", 2),
    (A, "value: 3, unit: month, stated: true", "value: 3, unit: month", "amount-origin", 2),
    (A, "value: 3, unit: month, stated: true", "value: 3, unit: month, derived: true", "amount-derived", 2),
    (A, "value: 3, unit: month, stated: true", "missing: true", "amount-unit", 2),
    (A, "from: 2020-02-01, value: 3,", "from: 2020-03-01, value: 3,", "amount-gap", 2),
    (A, "from: 2020-02-01, value: 3,", "from: 2020-02-01, to: 2020-03-31, value: 3,", "amount-gap", 2),
    (A, "months_required:    [", IDLE + "months_required: [", "amount-unused", 2),
    (A, "by: 本项目", "bye: 本项目", "key-unknown", 0),
    (E, "amount_fen: 30000", "amount_fen: 30001", "example-failed", 0),
    (E, "zone_unbroken_months: 3", "zone_unbroken_month: 3", "name-unknown", 0),
    (E, "outcome: unknown", "outcome: maybe", "choice-unknown", 0),
]  # fmt: skip


def problems(bundle: Bundle) -> list[tuple[str, str, int]]:
    """Return code, file and line of everything wrong, after checking that each can be read."""
    with pytest.raises(RuleErrors) as caught:
        load(bundle, CATALOGUE)
    for item in caught.value.problems:
        texts = (item.message_zh, item.message_en, item.advice_zh, item.advice_en)
        assert all(text.strip() for text in texts)
        assert 0 <= item.line < 200
    return [(item.code, item.file, item.line) for item in caught.value.problems]


@pytest.mark.parametrize("mutation", ZONE_MUTATIONS, ids=lambda m: f"{m[3]}-{m[2][:30]}")
def test_a_wrong_place_is_named_with_file_line_and_advice(mutation: Mutation) -> None:
    file, old, new, code, line = mutation
    assert old in ZONE[file]

    found = problems({**ZONE, file: ZONE[file].replace(old, new, 1)})

    assert any(item[0] == code and item[1] == file and line in {0, item[2]} for item in found), found


def test_a_derived_number_may_stand_there_unused_and_may_not_be_used() -> None:
    idle = IDLE.replace("stated", "derived")
    programme = load({**ZONE, A: idle + ZONE[A]}, CATALOGUE)
    assert programme.amounts["idle"].derived
    assert "idle" not in programme.amount_codes

    used = ZONE[R].replace(">= months_required", ">= months_required * idle")
    assert ("amount-derived", A, 1) in problems({**ZONE, A: idle + ZONE[A], R: used})


def test_the_column_points_into_the_expression() -> None:
    text = ZONE[R].replace("zone_unbroken_months >= months_required", "zone_unbroken_months >= months_requird")
    with pytest.raises(RuleErrors) as caught:
        load({**ZONE, R: text}, CATALOGUE)
    found = caught.value.problems[0]

    assert text.split("\n")[found.line - 1][found.column - 1 :] == "months_requird"
    assert "months_required" in found.advice_en


LONG = "1" + " + 1" * 600 + "\n"
MORE: list[tuple[str, Callable[[Bundle], Bundle], str]] = [
    ("a file is missing", lambda b: {k: v for k, v in b.items() if k != A}, "file-missing"),
    ("a file does not belong", lambda b: {**b, "extra.py": "import os"}, "file-unknown"),
    ("a notice is empty", lambda b: {**b, "notice.en.md": " \n"}, "shape"),
    ("a file is a list", lambda b: {**b, P: "- 1\n- 2\n"}, "shape"),
    ("a file is huge", lambda b: {**b, A: "#" * 300_000}, "file-too-large"),
    ("a file is deep", lambda b: {**b, A: "a: " + "[" * 60 + "]" * 60}, "too-long"),
    ("a file is very deep", lambda b: {**b, A: "a: " + "[" * 5_000 + "]" * 5_000}, "too-long"),
    ("a tag asks for code", lambda b: {**b, A: "a: !!python/object/apply:os.system [ls]\n"}, "yaml-feature"),
    ("no condition is left", lambda b: {**b, R: "conditions: []\n"}, "conditions-empty"),
    ("no example says no", lambda b: {**b, E: b[E].replace("outcome: no", "outcome: yes")}, "examples-incomplete"),
    ("a byte that YAML refuses", lambda b: {**b, A: "a: \x01\n"}, "yaml-syntax"),
    ("a rule is endless", lambda b: {**b, R: b[R].replace("months_required\n", LONG, 1)}, "too-long"),
    ("brackets without end", lambda b: {**b, R: b[R].replace(">= months_required", ">= " + "(" * 800)}, "too-long"),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "change", "code"), MORE, ids=[item[0] for item in MORE])
def test_a_folder_that_is_wrong_as_a_whole_is_refused(
    _what: str, change: Callable[[Bundle], Bundle], code: str
) -> None:
    assert code in {item[0] for item in problems(change(ZONE))}


BANDS = [
    ("the last band is closed", "{value: 20}", "{upto: 20000, value: 20}"),
    ("bands fall", "{upto: 5000, value: 80}", "{upto: 50000, value: 80}"),
]


@pytest.mark.parametrize(("_what", "old", "new"), BANDS, ids=[item[0] for item in BANDS])
def test_bands_rise_and_end_open(_what: str, old: str, new: str) -> None:
    bundle = kit.bundle({"one": "member"}, amounts=kit.AMOUNTS.replace(old, new))
    with pytest.raises(RuleErrors) as caught:
        load(bundle, kit.CATALOGUE, check_examples=False)

    assert "bands" in {item.code for item in caught.value.problems}


RULES = [
    ("grade = 'd'", "code-unknown"),
    ("grade in ('a', 'z')", "code-unknown"),
    ("grade < 'b'", "construct"),
    ("bill * paid > 0", "type"),
    ("bill * part > 0", "construct"),
    ("any(jobs, any(jobs, insured))", "construct"),
    ("any(job, insured)", "name-unknown"),
    ("count(jobs, wage)", "type"),
    ("wage > 0", "name-unknown"),
    ("band(limit_fen, bill) > 0", "name-unknown"),
    ("steps > 0", "arguments"),
    ("lost_on + 3 > first_day", "construct"),
    ("case when member then true end", "arguments"),
    ("case grade when 'a' then true else false end", "construct"),
    ("bill in (paid, 3)", "arguments"),
    ("member and bill", "type"),
    ("born_on = grade", "type"),
    ("x.y.z = 1", "construct"),
    ("member ?? true", "construct"),
    ("count(*) > 1", "arguments"),
    ("member member", "construct"),
    ("years_since(born_on) >= months_needed", "unit"),
    ("plus_months(born_on, years_needed) > first_day", "unit"),
    ("share(bill, months) > 0", "type"),
    ("bill like '1%'", "construct"),
    ("sum(jobs, began_on) > 0", "type"),
]


@pytest.mark.parametrize(("text", "code"), RULES, ids=[item[0] for item in RULES])
def test_what_is_not_in_the_language_is_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(RuleErrors) as caught:
        load(kit.bundle({"one": text}), kit.CATALOGUE, check_examples=False)

    assert code in {item.code for item in caught.value.problems}


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_any_text_as_a_condition_is_a_programme_or_a_list_of_problems(text: str) -> None:
    bundle = kit.bundle({"one": "member"})
    quoted = "'" + text.replace("'", "''") + "'"
    bundle["rules.yaml"] = bundle["rules.yaml"].replace("when: >-\n      member", f"when: {quoted}")
    found: tuple[Problem, ...] = ()
    try:
        load(bundle, kit.CATALOGUE, check_examples=False)
    except RuleErrors as error:
        found = error.problems
    assert all(item.line >= 0 for item in found)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(ZONE)), st.integers(0, 2_000), st.integers(0, 12), st.text(max_size=6))
def test_any_edit_of_a_folder_is_a_programme_or_a_list_of_problems(file: str, at: int, length: int, text: str) -> None:
    old = ZONE[file]
    at = at % len(old)
    found: tuple[Problem, ...] = ()
    try:
        load({**ZONE, file: old[:at] + text + old[at + length :]}, CATALOGUE)
    except RuleErrors as error:
        found = error.problems
    assert all(item.line >= 0 for item in found)


def test_every_problem_has_four_sentences() -> None:
    for code in SENTENCES:
        found = problem(
            code, "x", 1, 1, dict.fromkeys(("hint_zh", "hint_en", "zh", "en", "advice_zh", "advice_en"), "…")
        )
        assert all((found.message_zh, found.message_en, found.advice_zh, found.advice_en))


def test_a_section_of_another_room_is_checked_by_that_room() -> None:
    def refuse(value: object) -> list[tuple[str, str, str, str]]:
        assert value == {"line": "stabilising-employment"}
        return [("没有这条预算。", "There is no such budget line.", "请先建预算。", "Open the line first.")]

    with pytest.raises(RuleErrors) as caught:
        load(ZONE, CATALOGUE, {"fund": refuse})

    found = caught.value.problems[0]
    assert (found.code, found.line, found.message_en) == ("section", 15, "There is no such budget line.")
