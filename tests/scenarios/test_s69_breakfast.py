"""S69 · 为环卫工人提供免费早餐: who has a breakfast card this month, by the employer's roster; no price is stated."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.core.facts import SEAL
from tests.scenarios import steps
from tests.scenarios.village import Village

PROGRAMME = "环卫工人免费早餐"


def _roster(village: Village, *names: str, days: int = 26) -> None:
    """The employer's sealed roster of this month, taken over before anything is published."""
    for name in names:
        village.person(name)
        village.start_work(name, date(2026, 3, 2))
        village.take_over_facts("person", name, SEAL, sanitation_roster_listed=True, sanitation_shift_days=days)
    village.is_complete("环卫作业花名册")


def test_who_is_on_the_roster_and_in_work_has_a_card_and_who_leaves_is_off_the_list(village: Village) -> None:
    """Two of three at the firm are on it: 26 days at 5 yuan each, 260.00 at most; one leaves, and one is left."""
    _roster(village, "向日葵", "金银花")
    village.person("无患子")
    village.start_work("无患子", date(2026, 3, 2))
    village.publish(PROGRAMME, {"number_meal_price": "5"})
    desk = steps.open_list(village.desk(), PROGRAMME)
    assert [(row["姓名"].split()[0], row["金额"]) for row in desk.page.rows] == [
        ("向日葵", "130.00元"), ("金银花", "130.00元"),
    ]  # fmt: skip
    assert desk.page.figures["金额"].number == "260.00元"
    assert desk.page.tabs["差一项"] == "0"
    village.end_work("金银花", date(2026, 8, 2))
    assert village.names(PROGRAMME) == ["向日葵"]


@pytest.mark.nightly
def test_a_roster_of_31_days_ago_still_counts_and_then_the_employer_is_asked_for_a_new_one(village: Village) -> None:
    """The roster of 3 August: the card of August, on 3 September that of September, on 4 September nobody's."""
    _roster(village, "向日葵")
    village.publish(PROGRAMME, {"number_meal_price": "5"})
    frozen = steps.freeze(village.desk(), PROGRAMME)
    steps.give_notice(village.desk(), frozen)
    with steps.morning(date(2026, 8, 11)):
        steps.approve(village, frozen)
        steps.hand_out(village.desk(), frozen)
        assert village.names(PROGRAMME) == []
    with steps.morning(date(2026, 9, 3)):
        assert village.names(PROGRAMME) == ["向日葵"]
    with steps.morning(date(2026, 9, 4)):
        assert village.names(PROGRAMME) == []
        desk = steps.open_list(village.desk(), PROGRAMME, "差一项")
        assert "缺在环卫作业花名册上 · 1人 · 单位能答" in desk.page.text
        village.know("向日葵", "sanitation_roster_listed", "是", "单位盖章")
        assert village.names(PROGRAMME) == ["向日葵"]


def test_the_price_of_a_meal_is_asked_for_and_the_average_of_five_years_is_not_offered(village: Village) -> None:
    """1.54 yuan is a division of two totals: the recipe leaves the price open, and without one it cannot be sent."""
    desk = village.desk()
    desk.open("desk_recipes")
    desk.click(PROGRAMME)
    assert "每份早餐结算价：来源没有写金额" in desk.page.text
    assert "1.54" not in desk.page.text
    desk.press("复制成本县草稿")
    desk.click("送复核")
    assert any("每份早餐结算价" in problem for problem in desk.page.problems)
