"""S29 · 工会经费返还: contributions returned to small and micro enterprises out of a fund of 50 million yuan."""

from __future__ import annotations

import pytest

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.visitor import Visitor

PROGRAMME = "小微企业工会经费返还"
FUND = "50,000,000.00元"
ON_PAPER = {
    "文号": "云工发〔2026〕24号", "通过的会议": "云禾县总工会主席办公会", "会议日期": "2026-07-30",
    "number_returned_share": "60", "预算": "50000000",
}  # fmt: skip


def _small_firms(county: DemoCounty, payments: tuple[str, ...]) -> Visitor:
    """As many small enterprises as there are payments, each with its one payment of March."""
    desk = steps.visit(county, "苏木")
    for firm, yuan in zip(county.stage.world.employers[10:], payments, strict=False):
        day = {"哪天的情况": "2026-03-02", "来源": "税务局代收台账"}
        steps.record(desk, "employer", firm.public_id, "firm_size", {"企业规模": "小型企业", **day})
        label = "工会经费缴款（一笔一记，日期写到账当天）"
        steps.record(desk, "employer", firm.public_id, "contribution_payment", {label: yuan, **day})
    steps.publish(county, PROGRAMME, ON_PAPER)
    return steps.open_list(steps.visit(county, "苏木"), PROGRAMME)


def test_each_gets_its_share_without_asking_and_the_fund_says_what_is_left(county: DemoCounty) -> None:
    """At 60%: 5,000 gives 3,000.00, a fen gives a fen; the rows add up, and the fund of 50,000,000 has the rest."""
    desk = _small_firms(county, ("5000", "0.01", "1234.56"))
    assert sorted(row["金额"] for row in desk.page.rows) == ["0.01元", "3,000.00元", "740.74元"]
    assert desk.page.figures["符合"].number == "3家"
    assert desk.page.figures["金额"].number == "3,740.75元"
    assert FUND in desk.page.figures["金额"].note
    assert "49,996,259.25元" in desk.page.figures["金额"].note


@pytest.mark.nightly
def test_returns_never_exceed_the_fund(county: DemoCounty) -> None:
    """Exactly 50,000,000.00 of returns can be frozen; with one more payment of two fen the list cannot."""
    desk = _small_firms(county, ("83333333.33",))
    assert desk.page.figures["金额"].number == FUND
    desk.click("定稿")
    assert FUND in desk.page.text
    firm = county.stage.world.employers[11]
    day = {"哪天的情况": "2026-03-03", "来源": "税务局代收台账"}
    steps.record(desk, "employer", firm.public_id, "firm_size", {"企业规模": "微型企业", **day})
    label = "工会经费缴款（一笔一记，日期写到账当天）"
    steps.record(desk, "employer", firm.public_id, "contribution_payment", {label: "0.02", **day})
    steps.open_list(desk, PROGRAMME).click("定稿")
    steps.confirm_freeze(desk, expect=422)
    assert [problem for problem in desk.page.problems if "50,000,000.01元" in problem and FUND in problem]
