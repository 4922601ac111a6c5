"""S33 · 就业技能培训: free training for workers in hardship and migrant workers who lost work; never paid for twice."""

from __future__ import annotations

import pytest

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.visitor import Visitor, paper

PROGRAMME = "失业困难职工、农民工免费培训"
ON_PAPER = {
    "文号": "云工发〔2026〕30号", "通过的会议": "云禾县总工会主席办公会", "会议日期": "2026-07-30",
    "每人培训成本": "1200", "预算": "3000000",
}  # fmt: skip


def _compared(county: DemoCounty, desk: Visitor, name: str, answer: str) -> None:
    """The labour bureau's list was compared: whether it pays for this person's training."""
    values = {answer: True, "依据": "部门比对", "来源": "人社局培训补贴名单"}
    steps.record(desk, "person", county.person(name).public_id, "bureau_pays_training", values)


def _lost_work(county: DemoCounty, desk: Visitor, name: str) -> None:
    values = {"是": True, "来源": "解除劳动关系证明"}
    steps.record(desk, "person", county.person(name).public_id, "epidemic_job_loss", values)


def test_a_place_is_free_for_the_target_group_and_never_paid_for_twice(county: DemoCounty) -> None:
    """苗禾香, migrant worker's household, out of work: 1,200.00 of 3,000,000; once the bureau pays: no longer."""
    desk = steps.visit(county, "苏木")
    _lost_work(county, desk, "苗禾香")
    steps.publish(county, PROGRAMME, ON_PAPER)
    steps.open_list(desk, PROGRAMME, "差一项")
    assert "人社部门今年已补贴培训" in desk.page.row("苗禾香")["为什么"]
    _compared(county, desk, "苗禾香", "否")
    steps.open_list(desk, PROGRAMME)
    assert desk.page.row("苗禾香")["金额"] == "1,200.00元"
    assert "2,998,800.00元" in desk.page.figures["金额"].note
    _compared(county, desk, "苗禾香", "是")
    steps.open_list(desk, PROGRAMME)
    assert (desk.page.tabs["符合未办"], desk.page.tabs["不再符合"]) == ("0", "1")


@pytest.mark.nightly
def test_her_husband_hands_in_the_paper_and_an_officer_confirms_it(county: DemoCounty) -> None:
    """Only the paper is missing: 麦芒种 photographs it for 苗禾香, it waits to be checked, and then counts."""
    desk = steps.visit(county, "苏木")
    _compared(county, desk, "苗禾香", "否")
    steps.publish(county, PROGRAMME, ON_PAPER)
    worker = steps.visit(county, "麦芒种")
    worker.open("my_home")
    worker.click("去交因疫情失去工作")
    worker.press("交材料", {"photograph": paper("ended")})
    steps.open_list(desk, PROGRAMME)
    assert (desk.page.tabs["符合未办"], desk.page.tabs["待核实"]) == ("0", "1")
    desk.open("verify_queue")
    desk.click("苗禾香")
    desk.press("确认")
    steps.open_list(desk, PROGRAMME)
    assert desk.page.row("苗禾香")["金额"] == "1,200.00元"
