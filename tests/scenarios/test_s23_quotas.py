"""S23 · 服务职工十件实事: 150,000 + 25,000 + 15,000 places go down the tree and add up at every level."""

from __future__ import annotations

import pytest
from django.urls import reverse

from niangjia.benefits.models import QuotaReturn
from niangjia.site.demo.world import Unit
from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import Page, sheet_of
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


@pytest.mark.nightly
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


CHECKS = "一线职工免费健康体检"
# Below 立春街道 three unions report their own front line; the street has no other.
BASES = {0: 300, 1: 200, 2: 100}


def _tree(page: Page) -> dict[str, int]:
    return {row["工会"]: int(row["名额"].replace(",", "")) for row in page.rows if "权数" in row}


def _base_unions(county: DemoCounty) -> list[Unit]:
    units = list(county.stage.world.units.values())
    street = next(unit.code for unit in units if unit.name == "立春街道总工会")
    return [unit for unit in units if unit.parent == street][: len(BASES)]


def _report(officer: Visitor, unit: Unit, workers: int) -> None:
    officer.open("fact_new", "union", unit.public_id, "front_line_workers")
    officer.press("记录", {"一线职工人数": str(workers), "来源": "基层上报"})


def _whose(officer: Visitor, name: str) -> str:
    options = [one for one in officer.page.main.walk("option") if one.text.startswith(name)]
    assert len(options) == 1, name
    return options[0].text


def test_what_a_town_does_not_use_goes_to_the_others_and_everybody_sees_it(county: DemoCounty, desk: Visitor) -> None:
    """小满镇 gives 999 back, undoes it, gives 300 back; the county gives them out; nobody else loses one."""
    steps.publish(county, CHECKS, PAPER)
    version = steps.open_list(desk, CHECKS).page.address.split("/")[3]
    before = _tree(desk.page)
    town = steps.visit(county, "江篱")
    town.open("desk_quotas", version)
    town.press("退回", {"退几个": "999999", "理由（一句话）": "今年停产检修"}, expect=422)
    assert any("最多退" in words for words in town.page.problems)
    town.press("退回", {"退几个": str(before["小满镇总工会"]), "理由（一句话）": "今年停产检修"})
    given_back = _tree(desk.open("desk_quotas", version))
    returned = QuotaReturn.objects.get().public_id
    elsewhere = reverse("desk_quota_undo", args=["zzzzzzzzzzzzzz"])
    assert county.client("江篱").post(elsewhere, {"returned": returned}).status_code == 404
    assert _tree(desk.open("desk_quotas", version)) == given_back != before
    town.press("撤销")
    assert _tree(desk.open("desk_quotas", version)) == before
    town.press("退回", {"退几个": "300", "理由（一句话）": "今年停产检修"})

    other = steps.visit(county, "白薇")
    page = other.open("desk_quotas", version)
    assert "今年停产检修" in page.text
    assert "小满镇总工会" in page.text
    seen = desk.open("desk_quotas", version)
    assert _tree(seen)["云禾县总工会"] == before["云禾县总工会"]
    assert _tree(seen)["小满镇总工会"] == before["小满镇总工会"] - 300
    desk.press("再分下去")
    after = _tree(desk.page)
    assert after.pop("云禾县总工会") == 25_000 == sum(after.values())
    assert after["小满镇总工会"] == before["小满镇总工会"] - 300
    gained = {name: after[name] - before[name] for name in WORKERS if name != "小满镇总工会"}
    assert sum(gained.values()) == 300
    weights = sum(WORKERS[name] for name in gained)
    for name, more in gained.items():
        assert abs(more - 300 * WORKERS[name] / weights) < 1, name
    told = other.open("desk_quotas", version).text
    assert f"立春街道总工会 +{gained['立春街道总工会']}" in told
    # What others count on stands.
    assert not [one for one in town.open("desk_quotas", version).main.walk("button") if "撤销" in one.text]


def test_the_places_go_from_the_province_to_a_base_union_in_four_steps_and_back_to_the_nearest(
    county: DemoCounty,
) -> None:
    """Province, city, county, town, base union: every level adds up; what one gives back its sisters get first."""
    officer, bases = steps.visit(county, "苏木"), _base_unions(county)
    for at, workers in BASES.items():
        _report(officer, bases[at], workers)
    far = next(unit for unit in county.stage.world.units.values() if unit.name == "白露镇总工会")
    _report(officer, far, 400)
    steps.publish(county, CHECKS, PAPER, "云柏", "雪松")
    top = steps.open_list(steps.visit(county, "云柏"), CHECKS)
    version = top.page.address.split("/")[3]
    rows = [row for row in top.page.rows if "权数" in row]
    depths = {int(row["下几级"]) for row in rows}
    assert depths == {0, 1, 2, 3, 4}
    before = _tree(top.page)
    names = [unit.name for unit in bases]
    assert before["立春街道总工会"] == sum(before[name] for name in names) == 15_000
    assert before["云禾县总工会"] == before["立春街道总工会"] + before["白露镇总工会"] == 25_000
    officer.open("desk_quotas", version)
    officer.press(
        "退回", {"哪家的名额": _whose(officer, bases[0].name), "退几个": "300", "理由（一句话）": "已经自己安排"}
    )
    top.open("desk_quotas", version)
    top.press("再分下去")
    after = _tree(top.page)
    gained = {name: after[name] - before[name] for name in (*names[1:], "白露镇总工会")}
    # Two sisters want 300 between them, in proportion 2 to 1; nothing is left for the next town.
    assert gained == {names[1]: 200, names[2]: 100, "白露镇总工会": 0}
    assert after["示范省总工会"] == 25_000
