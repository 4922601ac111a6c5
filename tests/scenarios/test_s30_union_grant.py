"""S30 · 新业态行业工会: 100,000 yuan a year for three budget years to each new union of a new-form industry."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.federation.models import Union
from niangjia.federation.services.tree import found_union
from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor

PROGRAMME = "新业态行业工会工作经费补助"
ON_PAPER = {
    "文号": "云工发〔2026〕25号", "通过的会议": "云禾县总工会主席办公会", "会议日期": "2026-07-30",
    "number_first_founding_day": "2024-01-01", "截止日期": "",
}  # fmt: skip


def _union(county: DemoCounty, name: str, founded: date, *, is_new_form: bool = True) -> Union:
    """A union in the county's register (there is no page that founds one yet), named as a new-form industry union."""
    parent = Union.objects.get(pk=county.stage.unions["990123"])
    made = found_union(code=name, name=name, kind="industrial_union", level="primary", parent=parent, on=founded,
                       acting_user=None)  # fmt: skip
    if is_new_form:
        desk = steps.visit(county, "苏木")
        steps.record(desk, "union", made.public_id, "new_form_industry_union", {"是": True, "来源": "工会成立批复"})
    return made


def _checked(desk: Visitor, union: Union, answer: str = "是") -> None:
    steps.record(
        desk, "union", union.public_id, "grant_check_passed", {answer: True, "依据": "入户", "来源": "检查记录"}
    )


def _list(county: DemoCounty, *, check_from_year: int) -> Visitor:
    steps.publish(county, PROGRAMME, {**ON_PAPER, "number_check_from_year": str(check_from_year)})
    return steps.open_list(steps.visit(county, "苏木"), PROGRAMME)


def test_three_budget_years_from_the_founding_and_no_fourth(county: DemoCounty) -> None:
    """Founded November 2024, 2025, this March: 100,000.00 each; December 2023 and an ordinary union: nothing."""
    for name, founded in (("外卖行业工会", date(2024, 11, 30)), ("快递行业工会", date(2025, 6, 1)),
                          ("网约车行业工会", date(2026, 3, 1)), ("代驾行业工会", date(2023, 12, 31))):  # fmt: skip
        _union(county, name, founded)
    _union(county, "木器行业工会", date(2026, 3, 1), is_new_form=False)
    desk = _list(county, check_from_year=4)
    assert {row["工会"].split()[0]: row["金额"] for row in desk.page.rows} == dict.fromkeys(
        ("外卖行业工会", "快递行业工会", "网约车行业工会"), "100,000.00元"
    )
    assert desk.page.figures["金额"].number == "300,000.00元"
    amounts = [row[6] for row in sheet_of(steps.export(desk)) if row[0].isdigit()]
    assert amounts == ["100000"] * 3


@pytest.mark.nightly
def test_from_the_second_year_on_a_check_comes_first_and_a_dissolved_union_gets_nothing(county: DemoCounty) -> None:
    """In its first year: yes; in its second: one fact is missing, then yes, or no; dissolved: no."""
    first = _union(county, "网约车行业工会", date(2026, 3, 1))
    second = _union(county, "快递行业工会", date(2025, 6, 1))
    dissolved = _union(county, "外卖行业工会", date(2026, 2, 1))
    Union.objects.filter(pk=dissolved.pk).update(ended_on=date(2026, 7, 1))
    desk = _list(county, check_from_year=2)
    assert [row["工会"].split()[0] for row in desk.page.rows] == [first.name]
    desk.click("差一项")
    assert "本年度工作经费检查合格" in desk.page.row(second.name)["为什么"]
    _checked(desk, second)
    steps.open_list(desk, PROGRAMME)
    assert desk.page.figures["金额"].number == "200,000.00元"
    _checked(desk, second, "否")
    steps.open_list(desk, PROGRAMME)
    assert desk.page.figures["金额"].number == "100,000.00元"
    assert desk.page.tabs["不再符合"] == "1"


@pytest.mark.nightly
def test_three_payments_in_all_though_it_was_founded_in_november(county: DemoCounty) -> None:
    """Founded in November 2026: paid in 2026, 2027 and 2028, once each, 300,000 in all; in 2029 nobody meets it."""
    with steps.later(date(2026, 11, 20)):
        _union(county, "外卖行业工会", date(2026, 11, 15))
        _list(county, check_from_year=4)
    paid = []
    for day in (date(2026, 12, 1), date(2027, 12, 1), date(2028, 12, 1)):
        with steps.morning(day):
            desk = steps.open_list(steps.visit(county, "苏木"), PROGRAMME)
            assert desk.page.tabs["符合未办"] == "1"
            frozen = steps.freeze(desk, PROGRAMME)
            steps.give_notice(desk, frozen)
        with steps.later(date(day.year, 12, 12)):
            steps.approve(county, frozen)
            desk = steps.visit(county, "苏木")
            steps.hand_out(desk, frozen)
            paid.append(desk.page.figures["合计"].number)
            steps.open_list(desk, PROGRAMME)
            assert (desk.page.tabs["符合未办"], desk.page.tabs["已发放"]) == ("0", str(len(paid)))
    assert paid == ["100,000.00元"] * 3
    with steps.morning(date(2029, 1, 2)):
        assert steps.open_list(steps.visit(county, "苏木"), PROGRAMME).page.tabs["符合未办"] == "0"
