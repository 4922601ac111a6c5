"""S78 · 四种救助: living, schooling, medical aid counted in household-times, training in person-times, never added."""

from __future__ import annotations

from datetime import date

import pytest

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.village import ON_PAPER, Village

LIVING, SCHOOLING, TRAINING = "困难职工生活救助", "困难职工子女就学救助", "困难职工技能培训促就业"


def _serve(village: Village, programme: str) -> None:
    frozen = steps.freeze(village.desk(), programme)
    steps.give_notice(village.desk(), frozen)
    with steps.later(date(2026, 8, 11)):
        steps.approve(village, frozen)
        steps.hand_out(village.desk(), frozen)


def test_one_household_has_its_kinds_of_aid_on_one_line_of_time_and_each_kind_its_own_total(village: Village) -> None:
    """Two children at university: one household-time of schooling for 3,000.00 yuan, one of living aid for 800.00."""
    village.household("向日葵", ("葵小满", date(2006, 5, 1)), ("葵小暑", date(2007, 5, 1)))
    for child in ("葵小满", "葵小暑"):
        village.take_over_facts("person", child, school_stage="university")
    village.publish(LIVING, {"number_aid_per_household": "800", "按户发、每年": True})
    village.publish(SCHOOLING, {"number_aid_per_child": "1500"})
    _serve(village, LIVING)
    _serve(village, SCHOOLING)
    with steps.later(date(2026, 8, 11)):
        desk = village.desk()
        for programme, total in ((LIVING, "800.00元"), (SCHOOLING, "3,000.00元")):
            steps.open_list(desk, programme)
            assert (desk.page.figures["符合"].number, desk.page.tabs["已发放"]) == ("1户", "1")
            assert desk.page.figures["金额"].number == total
        desk.open("household_file", village.households["向日葵"])
        line = desk.page.part("历次帮扶")
        assert "困难职工子女就学救助" in line
        assert "3,000.00元" in line
        assert "困难职工生活救助" in line
        assert "800.00元" in line


@pytest.mark.nightly
def test_training_is_counted_in_persons_offered_to_workers_only_and_lapses_with_its_trial(village: Village) -> None:
    """Of a household in file the worker is asked what she wants, not her child; a day after it lapses it is gone."""
    village.household("向日葵", ("葵小满", date(2012, 5, 1)))
    village.start_work("向日葵", date(2026, 3, 2))
    village.is_complete("就业登记")
    village.publish(TRAINING, {"截止日期": "2026-09-30"})
    desk = steps.open_list(village.desk(), TRAINING, "差一项")
    assert [row["姓名"].split()[0] for row in desk.page.rows] == ["向日葵"]
    assert "缺想要的就业帮助 · 1人 · 本人能答" in desk.page.text
    village.know("向日葵", "training_wish", "技能培训")
    steps.open_list(desk, TRAINING)
    assert desk.page.figures["符合"].note == "1人"
    assert "金额" not in desk.page.figures
    with steps.morning(date(2026, 9, 30)):
        assert village.names(TRAINING) == ["向日葵"]
    with steps.morning(date(2026, 10, 1)):
        assert TRAINING not in village.desk().open("desk_lists").text


@pytest.mark.nightly
def test_the_county_s_schooling_aid_is_one_row_for_a_household_and_one_share_for_a_child(county: DemoCounty) -> None:
    """As many households and shares of 1,500.00 yuan as the registers hold by a plain count; none twice."""
    world = county.stage.world
    stages = {int(fact.subject): fact.value for fact in world.facts if fact.code == "school_stage"}
    open_files = {file.household for file in world.hardships if file.exited_on is None}
    homes = [home for home in world.households if home.index in open_files]
    families = [[person.index for person, relation in world.members(home) if relation == "child"] for home in homes]
    children = [sum(stages.get(child, "none") != "none" for child in family) for family in families]
    steps.publish(county, SCHOOLING, {**ON_PAPER, "number_aid_per_child": "1500"})
    desk = steps.open_list(steps.visit(county, "苏木"), SCHOOLING)
    assert desk.page.figures["符合"].number == f"{sum(count > 0 for count in children)}户"
    assert desk.page.figures["金额"].number == f"{sum(children) * 1500:,}.00元"
