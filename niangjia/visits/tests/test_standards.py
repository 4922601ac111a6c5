"""Editions of a standard: which one holds where and when; months and papers at their edges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from niangjia.people.tests.world import World
from niangjia.visits import queries
from niangjia.visits.householdpage import paper_lines
from niangjia.visits.models import Paper
from niangjia.visits.services.standards import EditionThere, EditionTooEarly, adopt_standard
from niangjia.visits.standards import MINIMUM, PaperNeed, Rules, months_later, read_rules, whole_months

TODAY = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("since", "on", "months"),
    [
        (date(2026, 5, 11), date(2026, 7, 10), 1),
        (date(2026, 5, 11), date(2026, 7, 11), 2),
        (date(2025, 12, 31), date(2026, 2, 27), 1),
        (date(2025, 12, 31), date(2026, 2, 28), 2),
        (date(2026, 8, 3), date(2026, 8, 3), 0),
    ],
)
def test_a_month_is_whole_on_its_day_and_not_before(since: date, on: date, months: int) -> None:
    assert whole_months(since, on) == months


def test_the_day_it_may_be_left_is_the_first_on_which_the_months_are_whole() -> None:
    for days in range(400):
        since = date(2025, 11, 1) + timedelta(days=days)
        for months in (1, 2, 3, 6, 12):
            day = months_later(since, months)
            assert whole_months(since, day) == months, (since, months)
            assert whole_months(since, day - timedelta(days=1)) == months - 1, (since, months)


def test_what_is_kept_is_what_was_adopted() -> None:
    rules = Rules(10, 3, 150_000, (6,), 60, {"deep": "低保"}, (PaperNeed("证", 30, ("deep",), ("病",)),), ("a.b",))
    assert read_rules(rules.to_text()) == rules
    assert read_rules(MINIMUM.to_text()) == MINIMUM


def test_papers_are_fresh_to_the_last_day_and_asked_of_those_they_concern() -> None:
    needs = [PaperNeed("收入证明", 30), PaperNeed("诊断证明", None, ("deep",), ("病", "伤"))]
    rules = Rules(papers=tuple(needs))
    assert [one.name for one in rules.needed("deep", "本人大病")] == ["收入证明", "诊断证明"]
    assert [one.name for one in rules.needed("relative", "本人大病")] == ["收入证明"]
    assert [one.name for one in rules.needed("deep", "子女就学")] == ["收入证明"]
    for age, state in ((30, "there"), (31, "stale")):
        paper = Paper(kind="收入证明", name="收入证明", dated_on=TODAY - timedelta(days=age))
        assert [line.state for line in paper_lines(needs[:1], [paper], TODAY)] == [state]
    assert [line.state for line in paper_lines([], [Paper(kind="x", name="x", dated_on=TODAY)], TODAY)] == ["more"]


def test_the_nearest_edition_in_force_holds(world: World) -> None:
    su, county, town = world.user("su"), world.union("county").pk, world.union("town-a").pk
    assert queries.standard_for(town, TODAY) == (None, MINIMUM)
    adopt_standard(union_id=county, valid_from=TODAY, document_number="县1号", rules=Rules(20), acting_user=su)
    with pytest.raises(EditionThere):
        adopt_standard(union_id=county, valid_from=TODAY, document_number="县2号", rules=Rules(9), acting_user=su)
    with pytest.raises(EditionTooEarly):
        adopt_standard(
            union_id=county, valid_from=date(2026, 8, 2), document_number="县3号", rules=Rules(9), acting_user=su
        )
    later = TODAY + timedelta(days=10)
    adopt_standard(union_id=town, valid_from=later, document_number="镇1号", rules=Rules(5), acting_user=su)
    city = world.union("city").pk
    adopt_standard(union_id=city, valid_from=TODAY, document_number="市1号", rules=Rules(60), acting_user=None)
    days = {place: queries.standard_for(world.union(place).pk, later)[1].check_days for place in world.unions}
    assert days == {
        "province": 30, "city": 60, "county": 20, "other-county": 60, "town-a": 5, "grid-a": 5, "town-b": 20,
        "far-town": 60,
    }  # fmt: skip
    assert queries.standard_for(town, later - timedelta(days=1))[1].check_days == 20
    ids = {world.union(place).pk: days[place] for place in world.unions}
    assert {pk: rules.check_days for pk, rules in queries.rules_for(set(ids), later).items()} == ids
