"""S24 · “妈咪暖心小屋”和“候鸟”爱心班: rooms new in the year, classes that were held, and the children who may come."""

from __future__ import annotations

from datetime import date

from niangjia.core.facts import DOCUMENT
from tests.scenarios import steps
from tests.scenarios.village import Village

ROOM, SUPPORT, PLACE = "妈咪暖心小屋", "“候鸟”爱心班扶持", "“候鸟”爱心班报名"
CLASSES = {"number_first_class_day": "2026-08-10", "number_youngest": "6", "number_oldest": "12"}


def test_a_room_counts_in_the_year_in_which_it_was_accepted(village: Village) -> None:
    """Accepted on 1 January and on 31 December of 2026: yes; a day before: no. Plaques are counted, not money."""
    days = {"葵园食品": "2026-01-01", "葵园服装": "2025-12-31", "葵园电子": "2026-12-31"}
    village.publish(ROOM, {"number_year_from": "2026-01-01", "number_year_to": "2026-12-31"})
    with steps.later(date(2026, 12, 31)):
        for firm, day in days.items():
            village.firm(firm)
            village.know_firm(firm, "mothers_room_accepted_on", day, "入户")
        desk = steps.open_list(village.desk(), ROOM)
        assert "金额" not in desk.page.figures
        assert desk.page.figures["符合"].number == "2家"
        assert desk.page.row("葵园食品")
        assert desk.page.row("葵园电子")
        assert "葵园服装" not in desk.page.text


def test_support_is_by_the_class_and_only_for_classes_that_somebody_saw(village: Village) -> None:
    """Three classes seen: 3 × 5,000.01 yuan; two more that only the union itself reports wait to be seen."""
    village.publish(SUPPORT, {"number_support_per_class": "5000.01"})
    village.know_union("town-a", "summer_classes_held", "3", "入户")
    village.know_union("town-b", "summer_classes_held", "2", "单位盖章")
    desk = steps.open_list(village.desk(), SUPPORT)
    assert [row["金额"] for row in desk.page.rows] == ["15,000.03元"]
    assert desk.page.tabs["待核实"] == "1"


def test_a_place_is_for_a_worker_s_child_of_the_age_with_consent_and_no_child_is_put_up(village: Village) -> None:
    """Six on the first day, not yet six, no consent, no worker at home: one place, approved without a notice."""
    born = {"葵一": date(2020, 8, 10), "葵二": date(2020, 8, 11), "葵三": date(2015, 1, 1)}
    village.household("向日葵", *born.items(), in_file=False)
    village.household("无患子", ("葵四", date(2015, 1, 1)), in_file=False)
    village.start_work("向日葵", date(2026, 3, 2))
    village.is_complete("就业登记")
    for child in ("葵一", "葵二", "葵四"):
        village.take_over_facts("person", child, DOCUMENT, guardian_consent_to_class=True)
    village.publish(PLACE, CLASSES)
    assert village.names(PLACE) == ["葵一"]
    desk = steps.open_list(village.desk(), PLACE, "差一项")
    assert "缺家长同意参加暑期班 · 1人 · 本人能答" in desk.page.text
    frozen = steps.freeze(desk, PLACE)
    assert "开始公示" not in [node.text for node in desk.page.main.walk("button")]
    steps.approve(village, frozen)
    steps.hand_out(village.desk(), frozen)
    assert village.names(PLACE, "已发放") == ["葵一"]
