"""S09 · 帮扶救助平台: 2,000 yuan for workers in file, per worker or per household; second reimbursement of bills."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import Page, sheet_of
from tests.scenarios.visitor import Visitor, paper

CONSOLATION, REIMBURSEMENT = "在档困难职工慰问金", "困难职工医疗费二次报销"
ON_PAPER = {"文号": "云工发〔2026〕31号", "通过的会议": "主席办公会", "会议日期": "2026-07-30", "预算": "220000"}
SLIP = "请拍第三次住院的医保结算单。"
PAYERS = ("医保已报", "大病保险已报", "医疗互助已补")
DAY_AFTER_NOTICE = date(2026, 8, 11)


def _fen(page: Page, label: str) -> int:
    """An amount of a page in fen, by the words before it."""
    found = re.search(rf"{label}：(-?[\d,]+)\.(\d\d)元", page.text)
    assert found, f"{label} at {page.address}"
    return int(found[1].replace(",", "")) * 100 + int(found[2])


def _edition(county: DemoCounty, per: str) -> Visitor:
    """A new edition of the consolation money, per person or per household; shows its trial."""
    desk = steps.visit(county, "苏木")
    desk.open("desk_recipes")
    desk.click(CONSOLATION)
    desk.press("复制成本县草稿")
    version = desk.page.address.split("/")[3]
    desk.open("desk_version_draft", version)
    desk.press("保存", {**ON_PAPER, "文件": paper(), "number_cut_off_day": "2026-07-31", per: True})
    desk.open("desk_version", version)
    desk.click("测算")
    return desk


def _slip_handed_in_and_confirmed(county: DemoCounty) -> Visitor:
    wife = steps.visit(county, "桑果红")
    wife.open("my_home")
    wife.click("去交医保结算单")
    wife.press("交材料", {SLIP: paper("slip")})
    desk = steps.visit(county, "苏木")
    desk.open("verify_queue")
    desk.click("杜仲山")
    desk.press("确认")
    return desk


@pytest.mark.nightly
def test_per_worker_or_per_household_is_a_choice_with_a_price(county: DemoCounty) -> None:
    """104 workers × 2,000 = 208,000.00 yuan, 96 households × 2,000 = 192,000.00: both stand on the trial page."""
    desk = _edition(county, "按人发")
    assert "按人发：发104份 · 208,000.00元 （已选）" in desk.page.text
    assert "按户发：发96份 · 192,000.00元" in desk.page.text
    assert desk.page.figures["金额"].number == "208,000.00元"
    desk.open("desk_version_draft", desk.page.address.split("/")[3])
    desk.press("保存", {"按户发": True})
    desk.click("测算")
    assert "按户发：发96份 · 192,000.00元 （已选）" in desk.page.text
    assert desk.page.figures["金额"].number == "192,000.00元"
    assert desk.page.figures["预算结余"].number == "28,000.00元"


def test_it_cannot_be_sent_until_one_reading_is_chosen(county: DemoCounty) -> None:
    """The paper says per worker, the file is per household: the page asks for the choice in a sentence."""
    desk = steps.visit(county, "苏木")
    desk.open("desk_recipes")
    desk.click(CONSOLATION)
    desk.press("复制成本县草稿")
    desk.click("送复核")
    assert any("按人发，一户有两名职工就发两份；按户发，一户一份。" in problem for problem in desk.page.problems)


def test_the_county_s_list_is_104_workers_in_96_households(county: DemoCounty) -> None:
    """The published edition per worker: 96 households, 104 workers, 208,000.00 yuan, in page and export."""
    desk = steps.open_list(steps.visit(county, "苏木"), CONSOLATION)
    assert desk.page.figures["符合"].number == "96户"
    assert desk.page.figures["符合"].note == "104人"
    assert desk.page.figures["金额"].number == "208,000.00元"
    sheet = sheet_of(steps.export(desk))
    assert len([row for row in sheet if row[0].isdigit()]) == 104
    assert next(row for row in sheet if "合计" in row)[6] == "208000"


def _publish_per_household(county: DemoCounty) -> Visitor:
    """The edition per household goes in force; shows its list."""
    desk = _edition(county, "按户发")
    version = desk.page.address.split("/")[3]
    steps.send(county, version)
    desk.open("desk_version", version)
    desk.click("看名单")
    return desk


@pytest.mark.nightly
def test_one_household_is_paid_once_where_the_union_chose_per_household(county: DemoCounty) -> None:
    """Published per household, 96 rows are frozen for 192,000.00 yuan; the second worker of a household is not."""
    desk = _publish_per_household(county)
    assert desk.page.figures["金额"].number == "192,000.00元"
    desk.click("定稿")
    steps.confirm_freeze(desk)
    assert desk.page.figures["在名单上"].number == "96人"
    assert desk.page.figures["合计"].number == "192,000.00元"


@pytest.mark.nightly
def test_nobody_is_paid_again_by_an_edition_that_counts_otherwise(county: DemoCounty) -> None:
    """Paid per worker, then published anew per household for the same cut-off: nobody of the first list is on it."""
    steps.freeze(steps.visit(county, "苏木"), CONSOLATION)
    desk = _publish_per_household(county)
    desk.open("desk_list_freeze", desk.page.address.split("/")[3])
    assert "没有可定稿的人。" in desk.page.text


def test_paying_twice_on_one_cut_off_is_refused(county: DemoCounty) -> None:
    """A second freezing finds nobody, the form sent twice is one list, and nothing handed out is handed out again."""
    desk = steps.visit(county, "苏木")
    version = steps.open_list(desk, CONSOLATION).page.address.split("/")[3]
    desk.click("定稿")
    form = desk.page
    steps.confirm_freeze(desk)
    first = desk.page.address
    desk.page = form
    steps.confirm_freeze(desk)
    assert desk.page.address == first
    desk.open("desk_list_freeze", version)
    assert "没有可定稿的人。" in desk.page.text
    steps.open_list(desk, CONSOLATION)
    assert "定稿" not in [text for text, _ in desk.page.links]
    assert len(desk.open("desk_notices").rows) == 1
    steps.give_notice(desk, first.split("/")[3])
    with steps.later(DAY_AFTER_NOTICE):
        steps.approve(county, first.split("/")[3])
        desk = steps.visit(county, "苏木")
        desk.open("desk_notice", first.split("/")[3])
        before = desk.page
        steps.hand_out(desk, first.split("/")[3])
        assert desk.page.figures["合计"].note == "已发208,000.00元"
        desk.page = before
        desk.press("登记", {"row": desk.tick(), "reference": "付字〔2026〕0816号"}, expect=422)
        desk.open("desk_notice", first.split("/")[3])
        assert desk.page.figures["合计"].note == "已发208,000.00元"
        assert desk.page.figures["已发放"].number == "104人"
        steps.open_list(desk, CONSOLATION)
        assert (desk.page.tabs["符合未办"], desk.page.tabs["已发放"]) == ("0", "104")


def test_the_last_11300_yuan_wait_for_the_slip_and_come_when_it_is_verified(county: DemoCounty) -> None:
    """One slip is missing; 桑果红 hands it in, 苏木 confirms it, and 杜仲山's household stands with 11,300.00 yuan."""
    desk = steps.open_list(steps.visit(county, "苏木"), REIMBURSEMENT)
    assert (desk.page.tabs["符合未办"], desk.page.tabs["差一项"]) == ("11", "1")
    desk.click("差一项")
    assert "只差一样：医保结算单（本人）" in desk.page.row("杜仲山")["为什么"]
    desk = steps.open_list(_slip_handed_in_and_confirmed(county), REIMBURSEMENT)
    assert (desk.page.tabs["符合未办"], desk.page.tabs["差一项"], desk.page.tabs["待核实"]) == ("12", "0", "0")
    assert desk.page.row("杜仲山")["金额"] == "11,300.00元"
    assert "测算11,300.00元，还没批" in steps.visit(county, "桑果红").open("my_home").part(REIMBURSEMENT)


def test_the_household_follows_the_money_on_its_own_page(county: DemoCounty) -> None:
    """桑果红 reads 初步符合, 公示中·到8月10日, 已批准 and 已发放 with the day; the sum is 测算 until it is approved."""
    desk, wife = _slip_handed_in_and_confirmed(county), steps.visit(county, "桑果红")
    frozen = steps.freeze(desk, REIMBURSEMENT)
    assert f"{REIMBURSEMENT} ✓初步符合 全家 测算11,300.00元，还没批" in wife.open("my_home").text
    steps.give_notice(desk, frozen)
    assert f"{REIMBURSEMENT} …公示中·到8月10日 全家 测算11,300.00元，还没批" in wife.open("my_home").text
    with steps.later(DAY_AFTER_NOTICE):
        steps.approve(county, frozen)
        wife = steps.visit(county, "桑果红")
        assert f"{REIMBURSEMENT} ✓已批准 全家 11,300.00元" in wife.open("my_home").text
        steps.hand_out(steps.visit(county, "苏木"), frozen)
        assert f"{REIMBURSEMENT} ✓已发放·8月11日 全家 11,300.00元" in wife.open("my_home").text


def test_the_union_pays_the_rest_of_each_bill_and_never_more(county: DemoCounty) -> None:
    """For each of the twelve households the amount is the bill less what the others paid, read from its decision."""
    desk = steps.open_list(_slip_handed_in_and_confirmed(county), REIMBURSEMENT)
    decisions = [href for _, href in desk.page.links if "/decisions/" in href]
    assert len(decisions) == 12
    for href in decisions:
        page = Page(href, 200, desk.client.get(href).content.decode())
        bill, paid = _fen(page, "医疗总费用"), sum(_fen(page, payer) for payer in PAYERS)
        assert _fen(page, "测算") == bill - paid
        assert 0 < _fen(page, "测算") <= bill


def test_where_others_paid_the_whole_bill_the_union_pays_nothing(county: DemoCounty) -> None:
    """Mutual aid paid 20,000 yuan more than was known: nothing is left, and the household is off the list."""
    desk = _slip_handed_in_and_confirmed(county)
    desk.open("fact_new", "household", county.household("杜仲山").public_id, "mutual_aid_paid")
    desk.press("记录", {"医疗互助已补": "24000", "来源": "医疗互助会"})
    steps.open_list(desk, REIMBURSEMENT)
    assert desk.page.tabs["符合未办"] == "11"
    assert "杜仲山" not in [row["户主"].split()[0] for row in desk.page.rows]
    wife = steps.visit(county, "桑果红")
    wife.open("my_home")
    assert "不符合这一条：各项报销以后还有自己负担的部分" in wife.page.text
    assert "11,300.00元" not in wife.page.text


def test_the_notice_says_nothing_of_illness(county: DemoCounty) -> None:
    """公示表 of the reimbursement: masked names and towns; no cause, no bill, no number, no whole name."""
    desk = _slip_handed_in_and_confirmed(county)
    names = [row["户主"].split()[0] for row in steps.open_list(desk, REIMBURSEMENT).page.rows]
    frozen = steps.freeze(desk, REIMBURSEMENT)
    sheet = desk.open("desk_notice_sheet", frozen)
    body = next(sheet.root.walk("article")).text
    assert "杜*山" in body
    assert len(sheet.rows) == 12
    for word in ("病", "住院", "11,300", "86,400", "990", *names):
        assert word not in body
