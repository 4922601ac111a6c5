"""S71 · 送温暖和职工医疗互助保障: visits by a list with reasons; a mutual plan by its table."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.core.facts import VISIT
from tests.scenarios import steps
from tests.scenarios.village import Village

pytestmark = pytest.mark.one_database

VISITS, ENTERPRISES, MUTUAL = "送温暖", "送温暖走访企业", "职工医疗互助保障"
PLAN = {"number_waiting_days": "30", "number_term_months": "12", "number_first_band_to": "5000",
        "number_first_ratio": "40", "number_second_ratio": "60", "number_cap": "20000"}  # fmt: skip


def _workers(village: Village, *names: str) -> None:
    for name in names:
        village.person(name)
        village.start_work(name, date(2026, 3, 2))


@pytest.mark.nightly
def test_a_visit_needs_a_place_on_the_list_and_a_reason_and_is_given_once_a_year(village: Village) -> None:
    """Listed for illness, listed without a reason, not listed: the first is visited, and not again this year."""
    _workers(village, "向日葵", "金银花", "无患子")
    village.take_over_facts("person", "向日葵", VISIT, visit_listed=True, visit_reason="illness")
    village.take_over_facts("person", "金银花", VISIT, visit_listed=True)
    village.publish(VISITS, {"number_money_per_visit": "1000", "按人发、每年": True})
    assert village.names(VISITS) == ["向日葵"]
    assert village.names(VISITS, "差一项") == ["金银花"]
    frozen = steps.freeze(village.desk(), VISITS)
    steps.give_notice(village.desk(), frozen)
    sheet = village.desk().open("desk_notice_sheet", frozen)
    body = next(sheet.root.walk("article")).text
    assert "向*葵" in body
    for word in ("患病", "困难", "1,000"):
        assert word not in body
    with steps.later(date(2026, 8, 11)):
        steps.approve(village, frozen)
        steps.hand_out(village.desk(), frozen)
        village.know("向日葵", "visit_reason", "生活困难", "入户")
        desk = steps.open_list(village.desk(), VISITS)
        assert (desk.page.tabs["符合未办"], desk.page.tabs["已发放"]) == ("0", "1")


@pytest.mark.nightly
def test_money_and_goods_stand_apart_and_so_do_workers_and_enterprises(village: Village) -> None:
    """1,000.00 yuan and goods for a worker, 5,000.00 and goods for an enterprise: two lists, two units, two sums."""
    _workers(village, "向日葵")
    village.take_over_facts("person", "向日葵", VISIT, visit_listed=True, visit_reason="frontline")
    version = village.publish(VISITS, {"number_money_per_visit": "1000", "按人发、每月": True})
    village.publish(ENTERPRISES, {"number_money_per_visit": "5000", "按单位、每年": True})
    village.firm("葵园食品")
    village.know_firm("葵园环卫", "visit_listed", "是", "入户")
    desk = village.desk()
    assert "1,000.00元、慰问品" in desk.open("desk_version", version).text
    steps.open_list(desk, VISITS)
    assert (desk.page.figures["符合"].number, desk.page.figures["金额"].number) == ("1人", "1,000.00元")
    steps.open_list(desk, ENTERPRISES)
    assert (desk.page.figures["符合"].number, desk.page.figures["金额"].number) == ("1家", "5,000.00元")
    assert desk.page.row("葵园环卫")
    assert "葵园食品" not in desk.page.text


@pytest.mark.nightly
def test_the_mutual_plan_pays_by_its_table_after_the_waiting_days_and_within_its_term(village: Village) -> None:
    """After 29 days nothing; after 30, 40 % of 5,000 and 60 % of the rest, at most 20,000; after the term nothing."""
    stays = {
        "葵一": (date(2026, 1, 30), 500_000), "葵二": (date(2026, 1, 31), 500_000), "葵三": (date(2026, 6, 1), 800_000),
        "葵四": (date(2026, 6, 1), 9_900_000), "葵五": (date(2026, 6, 1), 0),
    }  # fmt: skip
    for name, (admitted_on, own_fen) in stays.items():
        village.person(name)
        village.take_over_facts("person", name, mutual_plan_joined_on=date(2026, 1, 1),
                                hospital_admitted_on=admitted_on, hospital_own_cost=own_fen)  # fmt: skip
    village.person("葵六")
    village.take_over_facts("person", "葵六", mutual_plan_joined_on=date(2025, 6, 1),
                            hospital_admitted_on=date(2026, 6, 1), hospital_own_cost=500_000)  # fmt: skip
    village.publish(MUTUAL, PLAN)
    desk = steps.open_list(village.desk(), MUTUAL)
    assert {row["姓名"].split()[0]: row["金额"] for row in desk.page.rows} == {
        "葵二": "2,000.00元", "葵三": "3,800.00元", "葵四": "20,000.00元",
    }  # fmt: skip
    assert desk.page.figures["金额"].number == "25,800.00元"
