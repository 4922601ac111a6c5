"""Forms change a bundle one value at a time and leave the rest of the text alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from niangjia.engines.rules import (
    RuleErrors,
    choose,
    load,
    load_folder,
    read_folder,
    rows_in_words,
    set_amount,
    set_valid,
)
from niangjia.engines.rules.rows import open_amounts
from niangjia.engines.rules.tests import kit
from niangjia.engines.rules.tests.catalogue import CATALOGUE, SECTIONS
from niangjia.engines.rules.tests.test_parity import FOLDERS, ready

PROGRAMMES = Path(__file__).parents[4] / "programmes"
CONSOLATION = read_folder(PROGRAMMES / "yantai-consolation")
BY = ("云工发〔2026〕6号", "云禾县总工会")


def test_a_missing_number_is_set_under_a_document_and_the_comments_stay() -> None:
    bundle = set_amount(CONSOLATION, "cut_off_day", dt.date(2026, 8, 1), *BY)
    amount = load(bundle, CATALOGUE).amounts["cut_off_day"]

    assert (amount.entries[0].value, amount.entries[0].document, amount.entries[0].by) == (dt.date(2026, 8, 1), *BY)
    assert "# The day on which the files are counted" in bundle["amounts.yaml"]
    assert set(bundle) == set(CONSOLATION)


def test_a_choice_is_settled_only_by_one_of_its_options() -> None:
    assert load(CONSOLATION, CATALOGUE).missing == ("cut_off_day", "per")

    programme = load(choose(CONSOLATION, "per", ["household"]), CATALOGUE)
    assert (programme.per, programme.missing) == (("household",), ("cut_off_day",))

    with pytest.raises(RuleErrors):
        choose(CONSOLATION, "per", ["union"])


def test_a_number_may_change_later_and_the_earlier_one_stays_true() -> None:
    bundle = kit.bundle({"one": "member"})
    bundle = set_amount(bundle, "limit_fen", 12_000, *BY, from_=dt.date(2026, 1, 1))
    amount = load(bundle, kit.CATALOGUE, check_examples=False).amounts["limit_fen"]

    assert [(entry.from_, entry.value) for entry in amount.entries] == [
        (dt.date(2020, 1, 1), 10_000),
        (dt.date(2026, 1, 1), 12_000),
    ]


def test_a_missing_number_set_from_a_later_day_leaves_no_gap() -> None:
    bundle = set_amount(CONSOLATION, "cut_off_day", dt.date(2026, 8, 1), *BY, from_=dt.date(2026, 1, 1))

    assert load(bundle, CATALOGUE).amounts["cut_off_day"].entries[0].from_ == dt.date(2020, 2, 1)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_recipe_takes_another_validity(folder: Path) -> None:
    bundle = set_valid(read_folder(folder), dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    programme = load(bundle, CATALOGUE, SECTIONS, check_examples=False)

    assert (programme.valid_from, programme.valid_to) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def test_an_unknown_name_is_refused_with_its_file() -> None:
    with pytest.raises(RuleErrors) as caught:
        set_amount(CONSOLATION, "no_such_number", 1, *BY)

    assert caught.value.problems[0].file == "amounts.yaml"


def test_a_text_with_quotes_colons_and_line_ends_cannot_break_the_file() -> None:
    odd = "文件: '一' \"二\" # {三}\n- 四"
    bundle = set_amount(CONSOLATION, "cut_off_day", dt.date(2026, 8, 1), odd, odd)

    assert load(bundle, CATALOGUE).amounts["cut_off_day"].entries[0].document == odd


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_recipe_reads_as_rows_in_words(folder: Path, language: str) -> None:
    programme = ready(folder)
    rows = rows_in_words(programme, language)

    assert {row.condition for row in rows} == {item.id for item in programme.conditions}
    for row in rows:
        assert row.fact
        assert row.comparison
        assert "{" not in row.sentence
        assert "____" not in row.sentence


def test_a_proof_that_something_stronger_may_replace_says_so() -> None:
    programme = kit.programme({"one": "age >= 16"}, extra="proof: visit\n    fresh_days: 30")
    assert rows_in_words(programme, "zh")[0].need == "入户核实或更强的证明，30天内"
    assert rows_in_words(programme, "en")[0].need == "home visit or stronger proof, within 30 days"
    strongest = kit.programme({"one": "age >= 16"}, extra="proof: bureau")
    assert rows_in_words(strongest, "zh")[0].need == "部门数据或登记"


def test_a_number_that_is_still_open_shows_as_open_and_not_as_a_figure() -> None:
    programme = load_folder(PROGRAMMES / "henan-autumn-study-aid", CATALOGUE)
    income = next(row for row in rows_in_words(programme, "zh") if row.condition == "income")

    assert income.threshold == "（待定）"
    assert [code for code, _unit in open_amounts(programme, "zh")] == ["aid_per_student", "income_line", "near_band"]
