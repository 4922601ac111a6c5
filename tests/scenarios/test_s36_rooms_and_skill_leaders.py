"""S36 · 职工书屋奖补、技能带头人津贴: an award after assessment; an allowance that stops when the term ends."""

from __future__ import annotations

from datetime import date

import pytest

from tests.demo_stage import DemoCounty
from tests.scenarios import steps

AWARD, ALLOWANCE = "基层职工书屋奖补", "技能带头人津贴"
ON_PAPER = {"文号": "云工发〔2026〕27号", "通过的会议": "云禾县总工会主席办公会", "会议日期": "2026-07-30"}


def test_a_room_is_awarded_after_somebody_came_to_see_it_within_the_sum_set_aside(county: DemoCounty) -> None:
    """Passed on a visit: 5,000.00; by its own paper: to be checked; failed: nothing; the rest of 1,000,000 is shown."""
    desk = steps.visit(county, "苏木")
    unions = [unit for unit in county.stage.world.units.values() if "-Q" in unit.code][:3]
    for union, answer, by in zip(unions, ("是", "是", "否"), ("入户", "材料核验", "入户"), strict=True):
        values = {answer: True, "依据": by, "来源": "书屋评估表"}
        steps.record(desk, "union", union.public_id, "reading_room_passed", values)
    steps.publish(county, AWARD, {**ON_PAPER, "number_award_per_room": "5000", "预算": "1000000"})
    steps.open_list(desk, AWARD)
    assert desk.page.row(unions[0].name)["金额"] == "5,000.00元"
    assert (desk.page.tabs["符合未办"], desk.page.tabs["待核实"]) == ("1", "1")
    assert "995,000.00元" in desk.page.figures["金额"].note


def _appointed(county: DemoCounty, terms: dict[str, tuple[str, str]]) -> None:
    desk = steps.visit(county, "苏木")
    for name, (first, last) in terms.items():
        public_id = county.person(name).public_id
        for code, label, day in (
            ("skill_leader_from", "聘为技能带头人的第一天", first),
            ("skill_leader_until", "技能带头人聘期最后一天", last),
        ):
            values = {label: day, "哪天的情况": "2025-09-01", "来源": "聘书"}
            steps.record(desk, "person", public_id, code, values)
    steps.publish(county, ALLOWANCE, {**ON_PAPER, "每月津贴": "200", "预算": "8000000"})


def test_the_allowance_is_for_the_days_of_the_term_the_first_and_the_last_included(county: DemoCounty) -> None:
    """On 3 August: begun that day and ending that day get 200.00; ended on the 2nd and beginning on the 4th do not."""
    _appointed(county, {
        "向日葵": ("2026-08-03", "2027-08-02"), "向阳花": ("2025-08-04", "2026-08-03"),
        "高粱红": ("2025-08-03", "2026-08-02"), "谷满仓": ("2026-08-04", "2027-08-03"),
    })  # fmt: skip
    desk = steps.open_list(steps.visit(county, "苏木"), ALLOWANCE)
    assert {row["姓名"].split()[0]: row["金额"] for row in desk.page.rows} == {
        "向日葵": "200.00元",
        "向阳花": "200.00元",
    }
    assert desk.page.figures["金额"].number == "400.00元"


@pytest.mark.nightly
def test_it_is_paid_once_a_month_and_stops_when_the_term_ends(county: DemoCounty) -> None:
    """Term to 15 September: paid once in August and once in September; in October nobody is left."""
    _appointed(county, {"向日葵": ("2025-09-16", "2026-09-15")})
    for paid, day in enumerate((date(2026, 8, 3), date(2026, 9, 2)), 1):
        with steps.morning(day):
            desk = steps.open_list(steps.visit(county, "苏木"), ALLOWANCE)
            assert desk.page.tabs["符合未办"] == "1", day
            frozen = steps.freeze(desk, ALLOWANCE)
            steps.give_notice(desk, frozen)
        with steps.later(date(2026, day.month, 14)):
            steps.approve(county, frozen)
            desk = steps.visit(county, "苏木")
            steps.hand_out(desk, frozen)
            steps.open_list(desk, ALLOWANCE)
            assert (desk.page.tabs["符合未办"], desk.page.tabs["已发放"]) == ("0", str(paid))
    with steps.morning(date(2026, 9, 16)):
        desk = steps.open_list(steps.visit(county, "苏木"), ALLOWANCE)
        assert desk.page.tabs["不再符合"] == "1"
    with steps.morning(date(2026, 10, 2)):
        assert steps.open_list(steps.visit(county, "苏木"), ALLOWANCE).page.tabs["符合未办"] == "0"
