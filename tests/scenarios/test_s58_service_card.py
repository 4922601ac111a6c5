"""S58 · 服务卡: half of the agreed price by the union, half by the worker; settled by what the card confirmed."""

from __future__ import annotations

import pytest

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor

PROGRAMME = "服务卡协议服务补贴"
ON_PAPER = {"文号": "云工发〔2026〕28号", "通过的会议": "云禾县总工会主席办公会", "会议日期": "2026-07-30"}
BILL, CONFIRMED = {"依据": "单位盖章", "来源": "协议单位结算单"}, {"依据": "单位盖章", "来源": "刷卡记录"}


def _billed(
    county: DemoCounty, desk: Visitor, name: str, yuan: str, billed: int, confirmed: int, *, card: str = "是"
) -> None:
    """One worker's month: the card, the sealed bill, and what the card itself confirmed."""
    public_id = county.person(name).public_id
    for code, values in (
        ("service_card_in_force", {card: True, "来源": "服务卡发放表"}),
        ("card_bills_this_month", {"本月凭卡服务的协议价合计": yuan, **BILL}),
        ("card_sessions_billed", {"本月结算单上的次数": str(billed), **BILL}),
        ("card_sessions_confirmed", {"本月刷卡确认的次数": str(confirmed), **CONFIRMED}),
    ):
        steps.record(desk, "person", public_id, code, values)


def test_the_union_pays_half_of_what_the_card_confirmed_and_no_fen_is_lost(county: DemoCounty) -> None:
    """99.99: the union 50.00, the worker 49.99; one session too many billed, or no card: nothing."""
    desk = steps.visit(county, "苏木")
    _billed(county, desk, "向日葵", "99.99", 1, 1)
    _billed(county, desk, "高粱红", "360", 3, 2)
    _billed(county, desk, "艾草青", "120", 1, 1, card="否")
    steps.publish(county, PROGRAMME, ON_PAPER)
    steps.open_list(desk, PROGRAMME)
    assert {row["姓名"].split()[0]: row["金额"] for row in desk.page.rows} == {"向日葵": "50.00元"}
    assert desk.page.figures["金额"].number == "50.00元"
    assert next(row for row in sheet_of(steps.export(desk)) if "合计" in row)[6] == "50"


@pytest.mark.nightly
def test_nothing_says_what_a_session_was_about(county: DemoCounty) -> None:
    """The decision and the export name sessions and sums; there is no fact in which a subject could be written."""
    desk = steps.visit(county, "苏木")
    _billed(county, desk, "向日葵", "99.99", 1, 1)
    steps.publish(county, PROGRAMME, ON_PAPER)
    steps.open_list(desk, PROGRAMME)
    sheet = str(sheet_of(steps.export(desk)))
    desk.click("向日葵")
    assert "本月刷卡确认的次数" in desk.page.text
    for word in ("心理", "咨询", "诊断", "病"):
        assert word not in desk.page.main.text, word
        assert word not in sheet, word
