"""Who is entered by a roster is decided about; when the roster is taken back, no list holds him any more."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from niangjia.federation.scopes import scope_of
from niangjia.federation.services.audit import advance_feed

if TYPE_CHECKING:
    from tests.demo_stage import DemoCounty


def test_a_roster_taken_back_leaves_nobody_on_a_list(county: DemoCounty) -> None:
    from niangjia.people.models import HouseholdMember  # noqa: PLC0415  models cannot be imported when tests are collected
    from niangjia.people.tests.tables import enter, hand_in, take_back, text_table  # noqa: PLC0415
    from niangjia.people.tests.world import identity_number  # noqa: PLC0415
    from niangjia.policy.models import Decision, Standing  # noqa: PLC0415

    su = county.user("苏木")
    union_id = next(iter(scope_of(su, "people.registry:write").roots))
    numbers = [identity_number(date(1975, 3, 4), 700 + at, "990888") for at in range(3)]
    headings = ("姓名", "身份证号", "困难类别", "致困原因", "建档日期", "复核日期")
    rows = [
        (f"柳絮{at}", number, "深度困难", "本人患病", "2026-01-05", "2027-01-05")
        for at, number in zip("甲乙丙", numbers, strict=True)
    ]
    before = Standing.objects.count()
    roster = enter(hand_in(text_table([headings, *rows]), su, union_id, "hardship", name="名册.csv"), su)
    homes = list(HouseholdMember.objects.filter(person__name__startswith="柳絮").values_list("household_id", flat=True))
    assert len(homes) == 3
    advance_feed()
    assert Standing.objects.filter(subject_kind="household", subject_id__in=homes).exists(), "they were decided about"
    decided = Decision.objects.count()
    roster = take_back(roster, su)
    assert (roster.state, roster.counts["kept"]) == ("undone", 0)
    assert Standing.objects.count() == before
    assert Decision.objects.count() == decided, "decisions are never changed"
    advance_feed()
    assert Standing.objects.count() == before
    assert county.client("苏木").get(reverse("desk_lists")).status_code == 200
