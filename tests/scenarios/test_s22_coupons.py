"""S22 · 绿色出行优惠券: who may claim, how often, and what it comes to; 3,000,000 for 6,000,000 yuan."""

from __future__ import annotations

from datetime import date

import pytest

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.village import ON_PAPER, Village

PROGRAMME, ROLLS = "绿色出行优惠券", "工会会员名册"
TWO_YUAN = {"number_coupon_value": "2"}


def _members(village: Village) -> None:
    """A member, one who joins today, one who left today, one who is on no roll."""
    for name in ("向日葵", "金银花", "无患子", "薄荷"):
        village.person(name)
    village.member("向日葵", date(2020, 3, 1))
    village.member("金银花", date(2026, 8, 3))
    village.member("无患子", date(2020, 3, 1), date(2026, 8, 3))


def test_members_may_claim_from_the_day_they_join_until_the_day_they_leave(village: Village) -> None:
    """Two of four may: two coupons of 2 yuan are 4.00; a third joins, and may from the next morning."""
    _members(village)
    village.publish(PROGRAMME, {**TWO_YUAN, "按人发": True})
    desk = steps.open_list(village.desk(), PROGRAMME)
    assert sorted(row["姓名"].split()[0] for row in desk.page.rows) == ["向日葵", "金银花"]
    assert desk.page.figures["金额"].number == "4.00元"
    village.is_complete(ROLLS)
    village.member("薄荷", date(2026, 8, 4))
    with steps.morning(date(2026, 8, 4)):
        steps.open_list(desk, PROGRAMME)
        assert sorted(row["姓名"].split()[0] for row in desk.page.rows) == ["向日葵", "薄荷", "金银花"]
        assert desk.page.figures["金额"].number == "6.00元"


def test_how_many_a_member_may_claim_is_chosen_by_the_union_and_not_read_from_the_totals(village: Village) -> None:
    """Three readings stand in the form; without one of them, and without a value, the edition cannot be sent."""
    desk = village.desk()
    version = steps.take_over(desk, PROGRAMME, ON_PAPER)
    labels = [node.text for node in desk.open("desk_version_draft", version).main.walk("label")]
    assert [label for label in labels if label.startswith("按人发")] == ["按人发、每月", "按人发、每年", "按人发"]
    desk.open("desk_version_request", version)
    assert len(desk.page.problems) == 2
    assert any("每份优惠券抵多少元" in problem for problem in desk.page.problems)
    assert any("可以每月一份、每年一份，或者只领一份" in problem for problem in desk.page.problems)
    assert desk.client.post(desk.page.address).status_code == 422


@pytest.mark.nightly
def test_every_member_of_the_county_may_claim_and_nobody_else(county: DemoCounty) -> None:
    """As many as the rolls have open lines; two yuan each is the sum of the export's rows."""
    world = county.stage.world
    members = {line.person for line in world.memberships if line.ended_on is None}
    steps.publish(county, PROGRAMME, {**ON_PAPER, **TWO_YUAN, "按人发、每年": True})
    desk = steps.open_list(steps.visit(county, "苏木"), PROGRAMME)
    assert desk.page.figures["符合"].note == f"{len(members):,}人"
    assert desk.page.figures["金额"].number == f"{2 * len(members):,}.00元"
    # More rows than leave on one day: a second person allows it first.
    desk.click("导出或打印")
    asked = desk.press("导出", {"purpose": "周一部务会"})
    deputy = steps.visit(county, "连翘")
    number = asked.address.rstrip("/").rpartition("/")[2]
    deputy.open("export", number)
    deputy.press("同意导出")
    desk.open("export", number)
    sheet = sheet_of(desk.download("导出"))
    rows = [row for row in sheet if row[0].isdigit()]
    assert len(rows) == len(members)
    assert {row[6] for row in rows} == {"2"}
    assert next(row for row in sheet if "合计" in row)[6] == str(2 * len(members))
