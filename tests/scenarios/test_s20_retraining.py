"""S20 · 105万元专项资金: training for workers who must change post; a person counts once a year; no stated rate."""

from __future__ import annotations

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.visitor import Visitor

PROGRAMME = "转岗、再就业职工技能培训"
ON_PAPER = {
    "文号": "云工发〔2026〕29号", "通过的会议": "云禾县总工会主席办公会", "会议日期": "2026-07-30",
    "每人培训费": "180", "number_hours_required": "24", "预算": "1050000",
}  # fmt: skip
PAPER = {"是": True, "来源": "转岗通知"}


def _trained(county: DemoCounty, desk: Visitor, name: str, hours: int, on: str = "2026-07-31") -> None:
    public_id = county.person(name).public_id
    steps.record(desk, "person", public_id, "epidemic_job_change", PAPER)
    signed = {"今年签到的培训学时": str(hours), "哪天的情况": on, "来源": "签到表"}
    steps.record(desk, "person", public_id, "training_hours_this_year", signed)


def test_a_school_is_paid_for_those_who_came_once_a_person_and_within_the_fund(county: DemoCounty) -> None:
    """24 hours: 180.00; two courses, 48 hours: 180.00; 23 hours and last year's: nothing; the fund keeps the rest."""
    desk = steps.visit(county, "苏木")
    _trained(county, desk, "向日葵", 24)
    _trained(county, desk, "谷满仓", 48)
    _trained(county, desk, "高粱红", 23)
    _trained(county, desk, "向阳花", 30, on="2025-12-20")
    steps.publish(county, PROGRAMME, ON_PAPER)
    steps.open_list(desk, PROGRAMME)
    assert {row["姓名"].split()[0]: row["金额"] for row in desk.page.rows} == {
        "向日葵": "180.00元",
        "谷满仓": "180.00元",
    }
    assert desk.page.figures["金额"].number == "360.00元"
    assert "1,049,640.00元" in desk.page.figures["金额"].note
    desk.click("差一项")
    assert "今年签到的培训学时" in desk.page.row("向阳花")["为什么"]


def test_the_average_of_the_page_is_no_fee(county: DemoCounty) -> None:
    """1,050,000 for 5,250 persons is 200 on average: nothing is published before the union enters its own fee."""
    desk = steps.visit(county, "苏木")
    version = steps.take_over(desk, PROGRAMME, {key: ON_PAPER[key] for key in ON_PAPER if key != "每人培训费"})
    desk.open("desk_version_request", version)
    assert len(desk.page.problems) == 1
    assert desk.page.problems[0].startswith("每人培训费：来源没有写金额")
    assert "200.00元" not in desk.page.text
