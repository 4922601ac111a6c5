"""S21 · 工会会员学历提升和高技能人才奖励: a grant by proof of study; every certified worker is rewarded, none left."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.core.facts import DOCUMENT, SEAL
from tests.scenarios import steps
from tests.scenarios.village import Village

DEGREE, SKILL = "工会会员学历提升补助", "高技能人才奖励"


def _student(village: Village, name: str, *, member: bool, **facts: bool | str) -> None:
    village.person(name)
    if member:
        village.member(name, date(2020, 3, 1))
    village.take_over_facts("person", name, DOCUMENT, degree_level="bachelor", **facts)


def _certified(village: Village, name: str, grade: str, by: str = "enterprise", proof: int = SEAL) -> None:
    village.person(name)
    village.take_over_facts("person", name, proof, skill_level=grade, skill_certified_by=by)


def test_members_who_study_or_have_finished_get_the_grant_and_who_gave_up_does_not(village: Village) -> None:
    """Letter, diploma, neither, no member, paper still to come: the first two are granted 3,000.00 yuan each."""
    _student(village, "向日葵", member=True, admission_letter=True)
    _student(village, "金银花", member=True, admission_letter=False, degree_diploma=True)
    _student(village, "薄荷", member=True, admission_letter=False, degree_diploma=False)
    _student(village, "无患子", member=False, admission_letter=True)
    _student(village, "车前", member=True, admission_letter=False)
    village.is_complete("工会会员名册")
    village.publish(DEGREE, {"number_grant_per_member": "3000", "预算": "14000000"})
    desk = steps.open_list(village.desk(), DEGREE)
    assert [(row["姓名"].split()[0], row["金额"]) for row in desk.page.rows] == [
        ("向日葵", "3,000.00元"), ("金银花", "3,000.00元"),
    ]  # fmt: skip
    assert desk.page.figures["金额"].note == "预算14,000,000.00元，结余13,994,000.00元"
    assert village.names(DEGREE, "差一项") == ["车前"]


def test_the_average_of_7000_yuan_is_nowhere_offered_as_a_rate(village: Village) -> None:
    """14 million for 2,000 members are totals: the recipe leaves the rate open and refuses to be sent without one."""
    desk = village.desk()
    desk.open("desk_recipes")
    desk.click(DEGREE)
    assert "每名会员补助：来源没有写金额" in desk.page.text
    assert "7,000" not in desk.page.text
    desk.press("复制成本县草稿")
    desk.click("送复核")
    assert any("每名会员补助" in problem for problem in desk.page.problems)


@pytest.mark.nightly
def test_everyone_certified_is_rewarded_and_the_list_of_those_not_yet_rewarded_empties(village: Village) -> None:
    """应奖尽奖: two eligible, two handed out, none left; one more certified later, one left. Others get nothing."""
    _certified(village, "向日葵", "senior")
    _certified(village, "金银花", "chief_technician")
    _certified(village, "薄荷", "intermediate")
    _certified(village, "无患子", "technician", by="institution")
    _certified(village, "车前", "technician", proof=DOCUMENT)
    village.publish(SKILL, {"number_reward_per_worker": "1000"})
    assert village.names(SKILL) == ["向日葵", "金银花"]
    assert village.names(SKILL, "待核实") == ["车前"]
    frozen = steps.freeze(village.desk(), SKILL)
    steps.give_notice(village.desk(), frozen)
    with steps.later(date(2026, 8, 11)):
        steps.approve(village, frozen)
        steps.hand_out(village.desk(), frozen)
        assert village.names(SKILL) == []
        assert village.names(SKILL, "已发放") == ["向日葵", "金银花"]
        village.know("薄荷", "skill_level", "高级工", "单位盖章")
        assert village.names(SKILL) == ["薄荷"]
