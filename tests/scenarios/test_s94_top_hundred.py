"""S94 · 百强建会企业名额: 1,000 + 1,000 places for those of the top hundred that have a union, to the last place."""

from __future__ import annotations

import pytest

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor

PROGRAMMES = ("百强建会企业体检名额", "百强建会企业疗休养名额")
PAPER = {"文号": "云工发〔2026〕41号", "通过的会议": "主席办公会", "会议日期": "2026-07-31"}


@pytest.fixture
def firms(county: DemoCounty) -> dict[str, int]:
    """Three of the top hundred have a union, a fourth has none; both programmes are published. Staff by name."""
    officer = steps.visit(county, "苏木")
    known = [firm for firm in county.stage.world.employers if firm.staff_count][:4]
    for at, firm in enumerate(known):
        _record(officer, firm.public_id, "district_top_100")
        if at < 3:
            _record(officer, firm.public_id, "has_union")
    for programme in PROGRAMMES:
        steps.publish(county, programme, PAPER)
    return {firm.name: firm.staff_count or 0 for firm in known}


def _record(officer: Visitor, employer: str, code: str) -> None:
    officer.open("fact_new", "employer", employer, code)
    officer.press("记录", {"是": True, "来源": "区百强名册"})


def _given(county: DemoCounty, programme: str) -> dict[str, int]:
    desk = steps.open_list(steps.visit(county, "苏木"), programme)
    rows = [row for row in sheet_of(steps.export(desk)) if row[0].isdigit()]
    return {row[1]: int(row[9].removesuffix("个名额").replace(",", "")) for row in rows}


def test_both_thousands_are_given_to_the_last_place_by_number_of_staff(
    county: DemoCounty, firms: dict[str, int]
) -> None:
    """1,000 and 1,000: three enterprises, in proportion to their staff, each within one place of its share."""
    names = list(firms)[:3]
    staff = sum(firms[name] for name in names)
    for programme in PROGRAMMES:
        given = _given(county, programme)
        assert sorted(given) == sorted(names)
        assert sum(given.values()) == 1_000
        for name, places in given.items():
            # Rounded once at the town and once at the enterprise.
            assert abs(places - 1_000 * firms[name] / staff) < 2, name


@pytest.mark.nightly
def test_an_enterprise_without_a_union_gets_nothing_until_it_has_one(county: DemoCounty, firms: dict[str, int]) -> None:
    """The fourth of the top hundred stands on no list; once its union is recorded it has its part, and 1,000 stays."""
    without = list(firms)[3]
    assert without not in _given(county, PROGRAMMES[0])
    firm = next(one for one in county.stage.world.employers if one.name == without)
    _record(steps.visit(county, "苏木"), firm.public_id, "has_union")
    steps.ticker()
    given = _given(county, PROGRAMMES[0])
    assert given[without] > 0
    assert sum(given.values()) == 1_000


@pytest.mark.nightly
def test_what_an_enterprise_declines_is_given_to_the_others_and_the_thousand_stays(
    county: DemoCounty, firms: dict[str, int]
) -> None:
    """One enterprise gives 20 places back; the county gives them out; the others get them, nobody loses one."""
    before = _given(county, PROGRAMMES[0])
    first, *others = list(firms)[:3]
    desk = steps.open_list(steps.visit(county, "苏木"), PROGRAMMES[0])
    version = desk.page.address.split("/")[3]
    desk.open("desk_quotas", version)
    whose = next(one.text for one in desk.page.main.walk("option") if one.text.startswith(first))
    desk.press("退回", {"哪家的名额": whose, "退几个": "20", "理由（一句话）": "已经自己组织"})
    assert _given(county, PROGRAMMES[0]) == {**before, first: before[first] - 20}
    desk.open("desk_quotas", version)
    desk.press("再分下去")
    after = _given(county, PROGRAMMES[0])
    assert sum(after.values()) == 1_000
    assert after[first] == before[first] - 20
    gained = {name: after[name] - before[name] for name in others}
    assert sum(gained.values()) == 20
    assert min(gained.values()) >= 0
    for name in others:
        assert f"{name} +{gained[name]}" in desk.open("desk_quotas", version).text or not gained[name]
    # The other thousand is a quota of its own.
    assert sum(_given(county, PROGRAMMES[1]).values()) == 1_000
