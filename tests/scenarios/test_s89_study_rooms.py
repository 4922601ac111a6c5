"""S89 · 小象书屋: a room to study in for children in hardship, at most 10,000 yuan for a household."""

from __future__ import annotations

from datetime import date

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor

PROGRAMME = "小象书屋"


def _yuan(text: str) -> float:
    return float(text.removesuffix("元").replace(",", ""))


def _estimate(county: DemoCounty, yuan: str) -> Visitor:
    """The officer measures again at 柏青松's home."""
    desk = steps.visit(county, "苏木")
    desk.open("fact_new", "household", county.household("柏青松").public_id, "study_room_estimate")
    desk.press("记录", {"书屋改造概算": yuan, "来源": "入户量房"})
    return steps.open_list(desk, PROGRAMME)


def test_28_households_none_above_10000_yuan_and_one_at_9860(county: DemoCounty) -> None:
    """28 rows, each at most 10,000.00 yuan; 柏青松's is 9,860.00; together within the 280,000.00 of the budget."""
    desk = steps.open_list(steps.visit(county, "苏木"), PROGRAMME)
    assert desk.page.figures["符合"].number == "28户"
    amounts = [_yuan(row["金额"]) for row in desk.page.rows]
    assert len(amounts) == 28
    assert max(amounts) <= 10_000
    assert desk.page.row("柏青松")["金额"] == "9,860.00元"
    assert _yuan(desk.page.figures["金额"].number) == sum(amounts)
    assert "预算280,000.00元" in desk.page.figures["金额"].note


def test_the_cap_is_hard_and_gifts_in_kind_count_by_their_value(county: DemoCounty) -> None:
    """An estimate of 12,000 yuan is cut to 10,000.00; one of 10,000 stays; a fen more is cut."""
    for estimate, amount in (("12000", "10,000.00元"), ("10000", "10,000.00元"), ("10000.01", "10,000.00元"),
                             ("9999.99", "9,999.99元")):  # fmt: skip
        assert _estimate(county, estimate).page.row("柏青松")["金额"] == amount


def test_the_child_s_name_is_on_no_list_notice_or_export(county: DemoCounty) -> None:
    """柏小禾, nine, stands behind it: her name is on no list, paper, notice, roster, decision or Excel file."""
    desk = steps.open_list(steps.visit(county, "苏木"), PROGRAMME)
    heads = [row["户主"].split()[0] for row in desk.page.rows]
    seen = [desk.page.html, str(sheet_of(steps.export(desk)))]
    desk.click("导出或打印")
    seen.append(desk.press("导出", {"做什么用？": "上墙", "纸质，A4横向": True}).html)
    seen.append(steps.open_list(desk, PROGRAMME).click("柏青松").html)
    frozen = steps.freeze(desk, PROGRAMME)
    seen.append(desk.page.html)
    steps.give_notice(desk, frozen)
    seen += [desk.open(name, frozen).html for name in ("desk_notice", "desk_notice_sheet", "desk_notice_roster")]
    assert sum("柏青松" in text for text in seen) >= 6
    children = _children(county, heads)
    assert "柏小禾" in children
    for text in seen:
        for name in children:
            assert name not in text


def _children(county: DemoCounty, heads: list[str]) -> list[str]:
    """Names of the children of these households, but those that a listed grown-up bears too."""
    world = county.stage.world
    homes = [home for home in world.households if world.persons[home.members[0][0]].name in heads]
    names = {person.name for home in homes for person, _ in world.members(home) if person.age < 18}
    return sorted(name for name in names if not any(name in head for head in heads))


def test_the_notice_shows_masked_heads_only(county: DemoCounty) -> None:
    """公示表: 28 masked heads of household with their towns, nothing of the child, the home or the money."""
    desk = steps.visit(county, "苏木")
    frozen = steps.freeze(desk, PROGRAMME)
    sheet = desk.open("desk_notice_sheet", frozen)
    body = next(sheet.root.walk("article")).text
    assert len(sheet.rows) == 28
    assert "柏*松" in body
    for word in ("柏青松", "孩子", "学习", "9,860", "990", "困难"):
        assert word not in body


def test_a_room_is_handed_out_once_and_the_household_is_not_served_again(county: DemoCounty) -> None:
    """From the list over notice and approval to 28 rows handed out; after that nobody is left to freeze."""
    desk = steps.visit(county, "苏木")
    frozen = steps.freeze(desk, PROGRAMME)
    steps.give_notice(desk, frozen)
    with steps.later(date(2026, 8, 11)):
        steps.approve(county, frozen)
        desk = steps.visit(county, "苏木")
        steps.hand_out(desk, frozen)
        assert desk.page.figures["已发放"].number == "28户"
        steps.open_list(desk, PROGRAMME)
        assert (desk.page.tabs["符合未办"], desk.page.tabs["已发放"]) == ("0", "28")
        desk.open("desk_list_freeze", desk.page.address.split("/")[3])
        assert "没有可定稿的人。" in desk.page.text
