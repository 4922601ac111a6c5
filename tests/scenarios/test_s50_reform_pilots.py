"""S50 · “产改”试点补助: 2 × 500,000 + 5 × 300,000 + 14 × 200,000 yuan for 21 accepted pilots."""

from __future__ import annotations

from collections import Counter

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor

PROGRAMME = "“产改”试点补助"
PROVINCE, COUNTY = "示工发〔2026〕21号", "云工发〔2026〕17号"
TIERS = {"500,000.00元": 2, "300,000.00元": 5, "200,000.00元": 14}


def _new_pilot(county: DemoCounty, name: str) -> Visitor:
    """The province names one more union as a project pilot."""
    desk = steps.visit(county, "云柏")
    _record(desk, county, name, "pilot_kind", {"试点类型": "项目试点", "来源": "省总工会试点名册"})
    return desk


def _record(desk: Visitor, county: DemoCounty, name: str, code: str, values: dict[str, str]) -> None:
    public_id = next(unit.public_id for unit in county.stage.world.units.values() if unit.name == name)
    desk.open("fact_list", "union", public_id)
    desk.open("fact_new", "union", public_id, code)
    desk.press("记录", values)


def test_the_province_sees_21_pilots_in_three_tiers_and_5300000_yuan(county: DemoCounty) -> None:
    """The provincial viewer's page: 21 rows, tiers of 2, 5 and 14, 5,300,000.00 yuan in all."""
    viewer = steps.open_list(steps.visit(county, "云杉"), PROGRAMME, document=PROVINCE)
    assert viewer.page.figures["符合"].number == "21家"
    assert viewer.page.figures["金额"].number == "5,300,000.00元"
    assert len(viewer.page.rows) == 21
    assert Counter(row["金额"] for row in viewer.page.rows) == TIERS


def test_the_county_adds_money_of_its_own_for_the_two_pilots_in_it(county: DemoCounty) -> None:
    """The county's own edition: its document, its amount, its two pilots; the province's list is as it was."""
    desk = steps.open_list(steps.visit(county, "苏木"), PROGRAMME, document=COUNTY)
    assert [row["金额"] for row in desk.page.rows] == ["50,000.00元", "50,000.00元"]
    assert desk.page.figures["金额"].number == "100,000.00元"
    desk.click("紫藤软件新职业试点单位工会")
    assert "试点类型：项目试点" in desk.page.text


def test_each_pilot_opens_to_the_two_conditions_and_its_tier(county: DemoCounty) -> None:
    """A comprehensive city opens to its kind and its day of acceptance, and to 500,000.00 yuan."""
    officer = steps.open_list(steps.visit(county, "云柏"), PROGRAMME, document=PROVINCE)
    officer.click("青岚市总工会")
    assert "试点类型：综合试点城市" in officer.page.text
    assert "试点验收通过日期" in officer.page.text
    assert "500,000.00元" in officer.page.text


def test_who_only_looks_cannot_freeze_or_hand_out(county: DemoCounty) -> None:
    """The provincial viewer has no button for it, and the address is not there for her."""
    viewer = steps.open_list(steps.visit(county, "云杉"), PROGRAMME, document=PROVINCE)
    version = viewer.page.address.split("/")[3]
    assert not [text for text, _ in viewer.page.links if text == "定稿"]
    assert viewer.client.get(f"/desk/lists/{version}/freeze/").status_code == 404


def test_a_pilot_that_was_not_accepted_gets_nothing(county: DemoCounty) -> None:
    """Named as a pilot without acceptance: it is asked for the day, and the allocation stays 5,300,000.00 yuan."""
    officer = _new_pilot(county, "小满镇总工会")
    steps.open_list(officer, PROGRAMME, document=PROVINCE)
    assert officer.page.tabs["符合未办"] == "21"
    assert officer.page.figures["金额"].number == "5,300,000.00元"
    officer.click("差一项")
    assert "试点验收通过日期" in officer.page.row("小满镇总工会")["为什么"]
    assert "小满镇总工会" not in str(sheet_of(steps.export(steps.open_list(officer, PROGRAMME, document=PROVINCE))))


def test_acceptance_after_the_term_gives_nothing_and_within_it_the_tier(county: DemoCounty) -> None:
    """Accepted a day after the year: no; accepted on its last day: 200,000.00 yuan more."""
    officer = _new_pilot(county, "小满镇总工会")
    late = {"试点验收通过日期": "2026-07-02", "来源": "验收报告"}
    _record(officer, county, "小满镇总工会", "pilot_accepted_on", late)
    steps.open_list(officer, PROGRAMME, document=PROVINCE)
    assert officer.page.tabs["符合未办"] == "21"
    assert officer.page.tabs["差一项"] == "0"
    _new_pilot(county, "白露镇总工会")
    in_time = {"试点验收通过日期": "2026-07-01", "来源": "验收报告"}
    _record(officer, county, "白露镇总工会", "pilot_accepted_on", in_time)
    steps.open_list(officer, PROGRAMME, document=PROVINCE)
    assert officer.page.row("白露镇总工会")["金额"] == "200,000.00元"
    assert officer.page.figures["金额"].number == "5,500,000.00元"


def test_more_than_the_budget_cannot_be_frozen(county: DemoCounty) -> None:
    """A 22nd pilot would take the allocation over 5,300,000.00 yuan: freezing refuses with the missing sum."""
    officer = _new_pilot(county, "白露镇总工会")
    in_time = {"试点验收通过日期": "2026-07-01", "来源": "验收报告"}
    _record(officer, county, "白露镇总工会", "pilot_accepted_on", in_time)
    steps.open_list(officer, PROGRAMME, document=PROVINCE).click("定稿")
    steps.confirm_freeze(officer, expect=422)
    assert [problem for problem in officer.page.problems if "5,500,000.00元" in problem and "5,300,000.00元" in problem]


def test_the_export_adds_up_to_the_allocation(county: DemoCounty) -> None:
    """The Excel file of the province: 21 rows, and a total that is the sum of its rows: 5,300,000 yuan."""
    sheet = sheet_of(steps.export(steps.open_list(steps.visit(county, "云柏"), PROGRAMME, document=PROVINCE)))
    amounts = [int(row[6]) for row in sheet if row[0].isdigit()]
    assert len(amounts) == 21
    assert sum(amounts) == 5_300_000
    assert next(row for row in sheet if "合计" in row)[6] == "5300000"
