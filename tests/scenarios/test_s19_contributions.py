"""S19 · 工会经费缓缴20%、全额退还: a fifth of the contributions put off; all of them refunded to small enterprises."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.site.demo.world import Employer
from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor

REFUND, DEFERRAL = "小微企业工会经费全额退还", "企业工会经费缓缴"
ON_PAPER = {"文号": "云工发〔2026〕23号", "通过的会议": "云禾县总工会主席办公会", "会议日期": "2026-07-30"}
LEDGER = {"来源": "税务局代收台账"}


def _firms(county: DemoCounty, count: int) -> list[Employer]:
    """Some employers of the county."""
    return [firm for firm in county.stage.world.employers if firm.in_zone][:count]


def _size(desk: Visitor, firm: Employer, size: str, since: str) -> None:
    steps.record(
        desk, "employer", firm.public_id, "firm_size", {"企业规模": size, "哪天的情况": since, "来源": "中小企业声明函"}
    )


def _pays(desk: Visitor, firm: Employer, yuan: str, on: str) -> None:
    label = "工会经费缴款（一笔一记，日期写到账当天）"
    steps.record(desk, "employer", firm.public_id, "contribution_payment", {label: yuan, "哪天的情况": on, **LEDGER})


def _payroll(desk: Visitor, firm: Employer, yuan: str) -> None:
    sealed = {"依据": "单位盖章", "来源": "盖章工资表"}
    steps.record(desk, "employer", firm.public_id, "payroll_this_month", {"本月全部职工工资总额": yuan, **sealed})


def _refunds(county: DemoCounty) -> Visitor:
    steps.publish(county, REFUND, {**ON_PAPER, "number_own_share": "60"})
    return steps.visit(county, "苏木")


def test_all_is_refunded_to_the_small_and_what_came_after_growing_is_not(county: DemoCounty) -> None:
    """Paid 3,000 small, then 4,000 medium: 3,000.00 back; micro 1,250.50 back; large nothing; no size: asked for."""
    grown, micro, large, unsized = _firms(county, 4)
    desk = steps.visit(county, "苏木")
    _size(desk, grown, "小型企业", "2026-01-01")
    _size(desk, grown, "中型企业", "2026-05-10")
    _pays(desk, grown, "3000", "2026-05-09")
    _pays(desk, grown, "4000", "2026-05-10")
    _size(desk, micro, "微型企业", "2026-01-01")
    desk.open("employer_file", micro.public_id)
    desk.click("记一条事实")
    assert desk.page.row("工会经费缴款")["现在的记录"] == ""
    _pays(desk, micro, "1250.50", "2026-03-02")
    assert desk.page.row("今年在小型、微型企业期间缴的工会经费")["内容"] == "1,250.50元"
    _size(desk, large, "大型企业", "2026-01-01")
    _pays(desk, large, "90000", "2026-03-02")
    _pays(desk, unsized, "800", "2026-03-02")
    desk = steps.open_list(_refunds(county), REFUND)
    assert {row["用人单位"].split()[0]: row["金额"] for row in desk.page.rows} == {
        grown.name: "3,000.00元", micro.name: "1,250.50元",
    }  # fmt: skip
    assert desk.page.figures["金额"].number == "4,250.50元"
    sheet = sheet_of(steps.export(desk))
    assert next(row for row in sheet if "合计" in row)[6] == "4250.5"
    steps.open_list(desk, REFUND, "差一项")
    assert "今年在小型、微型企业期间缴的工会经费" in desk.page.row(unsized.name)["为什么"]


@pytest.mark.nightly
def test_a_year_s_refund_is_paid_once(county: DemoCounty) -> None:
    """Refunded in August; a payment of September is on no second list of the year."""
    (firm,) = _firms(county, 1)
    desk = steps.visit(county, "苏木")
    _size(desk, firm, "小型企业", "2026-01-01")
    _pays(desk, firm, "3000", "2026-05-09")
    desk = _refunds(county)
    frozen = steps.freeze(desk, REFUND)
    steps.give_notice(desk, frozen)
    with steps.later(date(2026, 8, 12)):
        steps.approve(county, frozen)
        desk = steps.visit(county, "苏木")
        steps.hand_out(desk, frozen)
        assert desk.page.figures["已发放"].number == "1家"
    with steps.later(date(2026, 9, 15)):
        desk = steps.visit(county, "苏木")
        _pays(desk, firm, "700", "2026-09-14")
        steps.open_list(desk, REFUND)
        assert (desk.page.tabs["符合未办"], desk.page.tabs["已发放"]) == ("0", "1")


def _deferrals(county: DemoCounty) -> tuple[Employer, Employer]:
    """A large and a micro enterprise with August's payroll under seal; the deferral is published."""
    large, micro = _firms(county, 2)
    desk = steps.visit(county, "苏木")
    for firm, size, yuan in ((large, "大型企业", "500000"), (micro, "微型企业", "1234.56")):
        _size(desk, firm, size, "2026-01-01")
        _payroll(desk, firm, yuan)
    steps.publish(county, DEFERRAL, ON_PAPER)
    return large, micro


@pytest.mark.nightly
def test_a_fifth_of_what_is_due_is_put_off(county: DemoCounty) -> None:
    """Payroll 500,000: 10,000 due, 2,000.00 put off; of 24.69 due, 4.94 put off; 2,004.94 to be collected later."""
    large, micro = _deferrals(county)
    desk = steps.open_list(steps.visit(county, "苏木"), DEFERRAL)
    assert {row["用人单位"].split()[0]: row["金额"] for row in desk.page.rows} == {
        large.name: "2,000.00元",
        micro.name: "4.94元",
    }
    assert desk.page.figures["金额"].number == "2,004.94元"


@pytest.mark.nightly
def test_august_s_payroll_says_nothing_of_september(county: DemoCounty) -> None:
    """On 1 September nobody meets it: the month's payroll is what is missing, and asked for."""
    large, _micro = _deferrals(county)
    with steps.morning(date(2026, 9, 1)):
        desk = steps.open_list(steps.visit(county, "苏木"), DEFERRAL)
        assert desk.page.tabs["符合未办"] == "0"
        desk.click("差一项")
        assert "本月全部职工工资总额" in desk.page.row(large.name)["为什么"]
