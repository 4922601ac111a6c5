"""S70 · 金秋助学: children of households in hardship and of migrant workers; the source states no rate."""

from __future__ import annotations

import pytest

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor, paper

PROGRAMME = "金秋助学"
NUMBERS = {"number_aid_per_student": "5000", "number_income_line": "1500", "number_near_band": "150"}
ON_PAPER = {"文号": "云工发〔2026〕18号", "通过的会议": "云禾县总工会主席办公会", "会议日期": "2026-07-30"}
OPEN_AMOUNT = "金秋助学标准：来源没有写金额，填上文号和金额才能发布。"


def _tried(county: DemoCounty, moved: dict[str, str] | None = None) -> Visitor:
    desk = steps.visit(county, "苏木")
    version = steps.take_over(desk, PROGRAMME, {**NUMBERS, **ON_PAPER, "预算": "400000"})
    desk.open("desk_version_trial", version)
    if moved:
        desk.press("算一算", moved)
    return desk


def _published(county: DemoCounty) -> Visitor:
    steps.publish(county, PROGRAMME, {**NUMBERS, **ON_PAPER, "预算": "400000"})
    return steps.visit(county, "苏木")


@pytest.mark.nightly
def test_it_refuses_until_the_union_has_filled_in_its_own_amount(county: DemoCounty) -> None:
    """Nothing is invented: without an amount it cannot be sent, and the page says in a sentence what is missing."""
    desk = steps.visit(county, "苏木")
    desk.open("desk_recipes")
    desk.click(PROGRAMME)
    assert OPEN_AMOUNT in desk.page.text
    desk.press("复制成本县草稿")
    version = desk.page.address.split("/")[3]
    desk.click("送复核")
    assert OPEN_AMOUNT in desk.page.problems
    assert not list(desk.page.main.walk("form"))
    desk.click("填写")
    desk.press("保存", {**ON_PAPER, "文件": paper(), "number_income_line": "1500", "number_near_band": "150"})
    desk.open("desk_version_request", version)
    assert desk.page.problems == [OPEN_AMOUNT]
    forced = desk.client.post(desk.page.address)
    assert forced.status_code == 422
    assert not any(PROGRAMME in text for text, _ in steps.visit(county, "连翘").open("desk").links)
    desk.open("desk_version_draft", version)
    desk.press("保存", {"number_aid_per_student": "5000"})
    steps.send(county, version)
    assert "5,000.00元" in desk.open("desk_version", version).text


def test_the_trial_says_who_and_how_much_before_anything_is_decided(county: DemoCounty) -> None:
    """The trial: 67 students in 61 households, 335,000.00 yuan, 65,000.00 left of 400,000.00, 23 for the first time."""
    page = _tried(county).page
    figures = {label: figure.number for label, figure in page.figures.items()}
    assert figures["符合"] == "67人"
    assert figures["涉及家庭"] == "61户"
    assert figures["金额"] == "335,000.00元"
    assert figures["预算结余"] == "65,000.00元"
    assert page.figures["预算结余"].note == "预算400,000.00元"
    assert figures["从未领过"] == "23户"
    for head, lines in (("乡镇", 12), ("月份", 1), ("工会层级", 1)):
        rows = [row for row in page.rows if head in row]
        assert len(rows) == lines, head
        assert sum(int(row["人"].removesuffix("人")) for row in rows) == 67
        assert sum(float(row["金额"].removesuffix("元").replace(",", "")) for row in rows) == 335_000


def test_each_number_moved_one_step_says_who_gains_and_loses_and_what_it_costs(county: DemoCounty) -> None:
    """The income line a tenth up or down, the rate a tenth: one row each, nothing else moves."""
    rows = {(row["数字"].split(" 现在")[0], row["改成"]): row for row in _tried(county).page.rows if "改成" in row}
    rate = rows["金秋助学标准", "4,500.00元"]
    assert (rate["人"], rate["增减"], rate["金额"], rate["多或少"]) == ("67人", "没有", "301,500.00元", "-33,500.00元")
    line = next(row for (_label, value), row in rows.items() if value == "1,650.00元")
    assert line["增减"].startswith("+")
    assert int(line["人"].removesuffix("人")) == 67 + int(line["增减"].removeprefix("+").removesuffix("人"))


def test_moving_the_income_line_adds_25_students_and_empties_the_fund(county: DemoCounty) -> None:
    """With the line moved to 1,990 yuan, 25 more students, 125,000.00 more; the fund reaches to place 80."""
    page = _tried(county, {"number_income_line": "1990"}).page
    assert "+25人" in page.text
    assert "+125,000.00元" in page.text
    assert page.figures["符合"].number == "92人"
    assert page.figures["预算缺口"].number == "60,000.00元"
    assert "钱够到第80名，第81名起没钱了。" in page.text


def test_the_list_shows_who_meets_it_who_lacks_one_fact_who_is_near_and_who_no_longer(county: DemoCounty) -> None:
    """61 households, 23 for the first time; 19 lack one fact: 14 the letter, 5 the income; 11 near; 4 no longer."""
    desk = steps.open_list(_published(county), PROGRAMME)
    assert desk.page.figures["符合"].number == "61户"
    assert desk.page.figures["符合"].note == "67人"
    assert desk.page.figures["从未领过"].number == "23户"
    assert desk.page.figures["金额"].number == "335,000.00元"
    assert "结余65,000.00元" in desk.page.figures["金额"].note
    tabs = desk.page.tabs
    assert (tabs["符合未办"], tabs["差一项"], tabs["差一点"], tabs["不再符合"]) == ("67", "19", "11", "4")
    assert "初步符合61户67人，其中从未领过23户，合计335,000.00元" in desk.page.text
    sheet = sheet_of(steps.export(desk))
    rows = [row for row in sheet if row[0].isdigit()]
    assert len(rows) == 67
    assert next(row for row in sheet if "合计" in row)[6] == "335000"
    desk.click("差一项")
    assert "缺录取通知书或在读证明 · 14人 · 本人能答" in desk.page.text
    assert "缺家庭人均月收入 · 5人 · 民政局能答" in desk.page.text
    assert len(desk.page.rows) == 19


def test_a_student_one_letter_short_is_asked_for_the_letter_and_then_stands_in_the_list(county: DemoCounty) -> None:
    """麦芒种 hands in his daughter's letter, 核实 confirms it, and she moves from 差一样 to 初步符合."""
    desk = _published(county)
    steps.open_list(desk, PROGRAMME, "差一项").click("麦冬冬")
    assert "只差一样：录取通知书或在读证明" in desk.page.text
    assert "《中华人民共和国工会法》第六条 2021-12-24" in desk.page.text
    assert "1,180.00元" in desk.page.text
    father = steps.visit(county, "麦芒种")
    father.open("my_home")
    assert "现在只差一样" in father.page.text
    father.click("去交录取通知书或在读证明")
    father.press("交材料", {"photograph": paper("letter")})
    steps.open_list(desk, PROGRAMME)
    assert (desk.page.tabs["差一项"], desk.page.tabs["待核实"]) == ("18", "1")
    desk.open("verify_queue")
    desk.click("麦冬冬")
    desk.press("确认")
    steps.open_list(desk, PROGRAMME)
    assert desk.page.tabs["符合未办"] == "68"
    assert desk.page.figures["金额"].number == "340,000.00元"
    father.open("my_home")
    assert "金秋助学 ✓初步符合" in father.page.text


@pytest.mark.nightly
def test_the_notice_masks_names_and_prints_nothing_but_name_and_town(county: DemoCounty) -> None:
    """公示表: 67 masked names with their towns; no number, no income, no amount, no whole name."""
    desk = _published(county)
    names = [row["姓名"].split()[0] for row in steps.open_list(desk, PROGRAMME).page.rows]
    frozen = steps.freeze(desk, PROGRAMME)
    sheet = desk.open("desk_notice_sheet", frozen)
    assert len(sheet.rows) == 67
    assert all(set(row) == {"序号", "姓名", "乡镇", "项目"} for row in sheet.rows)
    assert all("*" in row["姓名"] for row in sheet.rows)
    body = next(sheet.root.walk("article")).text
    for name in names:
        assert name not in body
    for word in ("990", "收入", "困难", "5,000", "证号"):
        assert word not in body


@pytest.mark.nightly
def test_an_officer_of_another_town_meets_nobody_of_this_one(county: DemoCounty) -> None:
    """白薇 of 白露镇 sees her own town's five students only, and 麦芒种 and his daughter nowhere."""
    _published(county)
    desk = steps.visit(county, "白薇")
    steps.open_list(desk, PROGRAMME)
    assert desk.page.tabs["符合未办"] == "5"
    assert {row["乡镇"] for row in desk.page.rows} == {"白露镇"}
    steps.open_list(desk, PROGRAMME, "差一项")
    assert "麦冬冬" not in desk.page.text
    desk.open("desk_search", q="麦芒种")
    assert "没有找到，或不归您管。" in desk.page.text
