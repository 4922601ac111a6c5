"""S34 · 工会爱心驿站: a subsidy for each newly built station, after acceptance; the page states no rate."""

from __future__ import annotations

from niangjia.site.demo.world import Unit
from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor

PROGRAMME = "新建工会爱心驿站补助"
NO_RATE = "每个驿站补助：来源没有写金额，填上文号和金额才能发布。"
ON_PAPER = {
    "文号": "云工发〔2026〕26号",
    "通过的会议": "云禾县总工会主席办公会",
    "会议日期": "2026-07-30",
    "预算": "120000",
}


def _towns(county: DemoCounty) -> list[Unit]:
    return [unit for unit in county.stage.world.units.values() if unit.kind == "township_union"]


def _accepted(desk: Visitor, town: Unit, count: int, on: str = "2026-07-20", by: str = "入户") -> None:
    values = {"今年新建并验收合格的驿站": str(count), "依据": by, "哪天的情况": on, "来源": "验收单"}
    steps.record(desk, "union", town.public_id, "stations_accepted_this_year", values)


def test_the_average_of_the_page_is_no_rate_and_the_union_enters_its_own(county: DemoCounty) -> None:
    """5,500,000 for 500 stations is 11,000 on average: the form offers no such number and asks for the union's own."""
    desk = steps.visit(county, "苏木")
    version = steps.take_over(desk, PROGRAMME, ON_PAPER)
    desk.open("desk_version_request", version)
    assert desk.page.problems == [NO_RATE]
    desk.open("desk_version_draft", version)
    for trace in ("average_per_station", "11,000", "11000"):
        assert trace not in desk.page.html
    desk.press("保存", {"number_subsidy_per_station": "8000"})
    steps.send(county, version)
    assert "8,000.00元" in desk.open("desk_version", version).text


def test_stations_are_paid_after_acceptance_only_and_this_year_s_only(county: DemoCounty) -> None:
    """Twelve and one accepted: 96,000.00 and 8,000.00; only under seal: to be checked; last year's: nothing."""
    desk = steps.visit(county, "苏木")
    many, one, reported, last_year, planned = _towns(county)[:5]
    _accepted(desk, many, 12)
    _accepted(desk, one, 1)
    _accepted(desk, reported, 3, by="单位盖章")
    _accepted(desk, last_year, 2, on="2025-12-31")
    _accepted(desk, planned, 0)
    steps.publish(county, PROGRAMME, {**ON_PAPER, "number_subsidy_per_station": "8000"})
    steps.open_list(desk, PROGRAMME)
    assert {row["工会"].split()[0]: row["金额"] for row in desk.page.rows} == {
        many.name: "96,000.00元", one.name: "8,000.00元",
    }  # fmt: skip
    assert desk.page.figures["金额"].number == "104,000.00元"
    assert "16,000.00元" in desk.page.figures["金额"].note
    assert desk.page.tabs["待核实"] == "1"
    assert next(row for row in sheet_of(steps.export(desk)) if "合计" in row)[6] == "104000"
    steps.open_list(desk, PROGRAMME, "待核实")
    assert desk.page.row(reported.name)
