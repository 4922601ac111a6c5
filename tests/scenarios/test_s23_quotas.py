"""S23 · 服务职工十件实事: 150,000 + 25,000 + 15,000 places go down the tree and add up at every level."""

from __future__ import annotations

import pytest

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor

PLACES = {"一线职工送清凉": 150_000, "一线职工免费健康体检": 25_000, "一线职工免费疗休养": 15_000}
# Front-line workers that the towns report.
WORKERS = {"立春街道总工会": 3_001, "谷雨街道总工会": 2_000, "小满镇总工会": 999, "白露镇总工会": 7}
PAPER = {"文号": "云工发〔2026〕40号", "通过的会议": "主席办公会", "会议日期": "2026-07-31"}


@pytest.fixture
def desk(county: DemoCounty) -> Visitor:
    """Four towns have reported their front-line workers."""
    officer = steps.visit(county, "苏木")
    units = {unit.name: unit.public_id for unit in county.stage.world.units.values()}
    for name, workers in WORKERS.items():
        officer.open("fact_new", "union", units[name], "front_line_workers")
        officer.press("记录", {"一线职工人数": str(workers), "来源": "各镇上报"})
    return officer


def test_each_service_is_a_quota_of_its_own_and_adds_up_at_every_level(county: DemoCounty, desk: Visitor) -> None:
    """Each of the three: its places at the county, split over four towns by their workers, to the last place."""
    workers = sum(WORKERS.values())
    for programme, places in PLACES.items():
        steps.publish(county, programme, PAPER)
        page = steps.open_list(desk, programme).page
        assert page.figures["名额"].number == f"{places:,}个"
        rows = {row["工会"]: int(row["名额"].replace(",", "")) for row in page.rows if "权数" in row}
        assert rows.pop("云禾县总工会") == places
        assert rows.keys() == WORKERS.keys()
        assert sum(rows.values()) == places
        for name, got in rows.items():
            assert abs(got - places * WORKERS[name] / workers) < 1, name
    assert sum(PLACES.values()) == 190_000


def test_the_export_names_each_union_s_places_and_none_without_a_report(county: DemoCounty, desk: Visitor) -> None:
    """15,000 places of recuperation, to the last one in the export; 惊蛰镇, which sent no number, has none."""
    steps.publish(county, "一线职工免费疗休养", PAPER)
    steps.open_list(desk, "一线职工免费疗休养")
    assert not [row for row in desk.page.rows if "惊蛰镇" in row.get("工会", "")]
    rows = [row for row in sheet_of(steps.export(desk)) if row[0].isdigit()]
    given = {row[1]: int(row[9].removesuffix("个名额").replace(",", "")) for row in rows}
    assert given.keys() == WORKERS.keys()
    assert sum(given.values()) == 15_000
