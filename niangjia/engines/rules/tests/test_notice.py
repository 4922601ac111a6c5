from __future__ import annotations

import re
from pathlib import Path

import pytest

from niangjia.engines.rules import RuleErrors, load, load_folder, read_folder, set_amount
from niangjia.engines.rules.notice import PLACEHOLDER, notice_in_words
from niangjia.engines.rules.tests.catalogue import CATALOGUE, SECTIONS

RECIPES = Path(__file__).resolve().parents[4] / "programmes"
EARLY = RECIPES / "jianghua-early-return-subsidy"


def test_a_notice_tells_the_numbers_of_its_own_edition() -> None:
    own = set_amount(read_folder(EARLY), "subsidy_per_person", 35_000, "云工发〔2026〕9号", "云禾县总工会")
    words = notice_in_words(load(own, CATALOGUE, check_examples=False), "zh")
    assert "350.00元" in words
    assert "300.00元" in notice_in_words(load_folder(EARLY, CATALOGUE), "zh")
    assert "{" not in words


def test_a_notice_that_names_no_number_of_the_programme_is_refused_with_its_line() -> None:
    bundle = read_folder(EARLY)
    bundle["notice.zh.md"] += "\n补贴{subsidy}。\n"
    with pytest.raises(RuleErrors) as caught:
        load(bundle, CATALOGUE)
    found = [(p.code, p.file, p.line) for p in caught.value.problems]
    assert found == [("notice-number", "notice.zh.md", bundle["notice.zh.md"].count("\n"))]


def test_a_label_of_no_number_is_refused_with_its_line() -> None:
    bundle = read_folder(EARLY)
    bundle["programme.yaml"] += "labels:\n  subsidy: {zh: 补贴, en: Subsidy}\n"
    with pytest.raises(RuleErrors) as caught:
        load(bundle, CATALOGUE)
    found = [(p.code, p.file, p.line) for p in caught.value.problems]
    assert found == [("name-unknown", "programme.yaml", bundle["programme.yaml"].count("\n"))]


def test_a_number_that_only_a_section_of_a_room_names_is_used() -> None:
    bundle = read_folder(EARLY)
    bundle["amounts.yaml"] += "seats: [{from: 2020-02-01, value: 9, unit: number, stated: true, line: 1}]\n"
    with pytest.raises(RuleErrors) as caught:
        load(bundle, CATALOGUE, SECTIONS)
    assert [p.code for p in caught.value.problems] == ["amount-unused"]
    bundle["programme.yaml"] += "places: {number: seats}\n"
    assert load(bundle, CATALOGUE, SECTIONS).amounts["seats"].entries[0].value == 9


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*/notice.*.md")), ids=str)
def test_no_notice_writes_a_number_of_its_own(path: Path) -> None:
    text = PLACEHOLDER.sub("", path.read_text(encoding="utf-8"))
    assert not re.findall(r"\d+", text), "a number in a notice comes from amounts.yaml, in braces"
