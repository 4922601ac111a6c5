"""An upper system beside the files here: compared by its export, typed field by field, marked as recorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from niangjia.core.errors import NotFoundHere
from niangjia.federation.models import AuditRow
from niangjia.federation.services.looks import open_task
from niangjia.people.models import Household, RosterImport, UpperRecord
from niangjia.people.services import upper
from niangjia.people.services.households import open_hardship_file
from niangjia.people.tests.tables import DAY, digests, enter, hand_in, rows_of, take_back, workbook
from niangjia.people.tests.test_cross_checks import BORN, PLANTS, home
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.world import World, identity_number
from niangjia.people.upper.records import (
    DIFFERS,
    MISSING,
    RECORDED,
    WORDS,
    differing,
    next_to_copy,
    standing_so,
    statuses,
)
from niangjia.people.upper.systems import systems

pytestmark = pytest.mark.one_database

SYSTEM = systems()["acftu"]
HEADS = ("姓名", "身份证号", "困难类别", "家庭人口", "建档日期")


def in_file(world: World, order: int, name: str) -> Household:
    """A household with an open file of difficulty."""
    household = home(world, order, name)
    open_hardship_file(
        household_id=household.pk, grade="deep", cause="本人大病", entered_on=date(2025, 1, 6),
        review_due_on=date(2027, 1, 6), acting_user=world.user("su"),
    )  # fmt: skip
    return household


def codes(*households: Household) -> list[str]:
    """Where each stands."""
    found = statuses(SYSTEM, {one.pk: one.union_id for one in households})
    rows = Household.objects.filter(pk__in=[one.pk for one in households])
    for code in WORDS:  # what the list narrows to is what each is said to be
        same = {pk for pk, status in found.items() if status.code == code}
        assert set(standing_so(SYSTEM, rows, code).values_list("pk", flat=True)) == same, code
    return [found[one.pk].code for one in households]


def export(world: World, *rows: tuple[object, ...]) -> RosterImport:
    """An export of the system, handed in and checked."""
    return hand_in(workbook([HEADS, *rows]), world.user("su"), world.union("county").pk, SYSTEM.kind)


def line(order: int, *, grade: str = "深度困难", members: int = 1) -> tuple[object, ...]:
    """One row of it."""
    return PLANTS[order], identity_number(BORN, order), grade, members, date(2025, 1, 6)


def test_an_export_tells_recorded_from_differing_from_missing_and_changes_no_file(world: World) -> None:
    homes = [in_file(world, at, name) for at, name in enumerate(PLANTS[:3])]
    assert codes(*homes) == [MISSING] * 3
    before = digests()
    roster = export(
        world, line(0), line(1, grade="相对困难", members=2), ("外人", identity_number(BORN, 88), "", 1, "")
    )
    assert (roster.counts["new"], roster.counts["refused"]) == (2, 1)
    changes = {d["column"] for row in rows_of(roster, "new") for d in row["d"]}
    assert changes == {"seen_on", "grade", "members"}
    done = enter(roster, world.user("su"))
    assert codes(*homes) == [RECORDED, DIFFERS, MISSING]
    assert statuses(SYSTEM, {homes[1].pk: homes[1].union_id})[homes[1].pk].labels == "家庭人口、困难类别"
    after = digests()
    assert {name for name in after if after[name] != before[name]} == {"people.UpperRecord"}
    again = export(world, line(0), line(1, grade="相对困难", members=2))
    assert again.counts["same"] == 2
    take_back(done, world.user("su"))
    assert codes(*homes) == [MISSING] * 3


def test_who_is_not_in_a_newer_export_is_missing_again_and_a_mark_counts_until_then(world: World) -> None:
    homes = [in_file(world, at, name) for at, name in enumerate(PLANTS[:2])]
    upper.mark_recorded(household=homes[1], system=SYSTEM, acting_user=world.user("su"))
    assert codes(*homes) == [MISSING, RECORDED]
    UpperRecord.objects.update(marked_on=DAY - timedelta(days=1))
    enter(export(world, line(0)), world.user("su"))
    assert codes(*homes) == [RECORDED, MISSING]


def test_a_field_that_is_empty_there_says_nothing() -> None:
    assert differing(SYSTEM, {"grade": "deep", "cause": "本人 大病"}, {"cause": "本人大病", "phone": ""}) == []
    assert differing(SYSTEM, {"grade": "deep"}, {"grade": "relative"}) == ["grade"]


def test_the_fields_stand_in_the_systems_order() -> None:
    assert [field.code for field in SYSTEM.fields][:3] == ["name", "id_number", "sex"]
    assert {"id_number", "phone", "address", "income", "cause"} == {f.code for f in SYSTEM.fields if f.is_sensitive}


def test_copying_opens_a_number_under_the_tasks_reason_only(world: World) -> None:
    households, client = [in_file(world, at, name) for at, name in enumerate(PLANTS[:2])], client_of(world, "su")
    address, number = reverse("upper_copy", args=[households[0].public_id]), identity_number(BORN, 0)
    shown = client.get(address).content.decode()
    assert number not in shown
    assert shown.index("身份证号") < shown.index("主要致困原因")
    assert 'data-key="n"' in shown
    refused = client.post(address, {"field": "id_number", "at": "2"})
    assert refused.status_code == 422
    assert number not in refused.content.decode()
    open_task(reason="录全国系统", most=8, hours=2, acting_user=world.user("su"))
    assert number in client.post(address, {"field": "id_number", "at": "2"}).content.decode()
    look = AuditRow.objects.get(action="people.upper:copy")
    assert (look.object_kind, look.object_id, look.reason) == ("household", households[0].pk, "录全国系统")
    assert number not in client.get(address).content.decode()
    marked = client.post(reverse("upper_mark", args=[households[0].public_id]))
    assert marked["Location"] == reverse("upper_copy", args=[households[1].public_id])
    listed = client.get(reverse("household_list")).content.decode()
    assert "已录" in listed
    assert "未录" in listed
    assert "全国系统" in client.get(reverse("household_file", args=[households[0].public_id])).content.decode()


def test_the_next_to_copy_goes_round_and_ends(world: World) -> None:
    homes = [in_file(world, at, name) for at, name in enumerate(PLANTS[:3])]
    upper.mark_recorded(household=homes[1], system=SYSTEM, acting_user=world.user("su"))
    scope = upper.require(world.user("su"), "people.registry:read")
    assert next_to_copy(SYSTEM, scope, homes[0]) == homes[2]
    assert next_to_copy(SYSTEM, scope, homes[2]) == homes[0]
    for one in homes:
        upper.mark_recorded(household=one, system=SYSTEM, acting_user=world.user("su"))
    assert next_to_copy(SYSTEM, scope, homes[0]) is None


def test_a_town_neither_sees_nor_marks_a_siblings_household(world: World) -> None:
    household = in_file(world, 1, "柏青松")
    for route in ("upper_copy", "upper_mark"):
        assert client_of(world, "bai").post(reverse(route, args=[household.public_id])).status_code == 404
    with pytest.raises(NotFoundHere):
        upper.mark_recorded(household=household, system=SYSTEM, acting_user=world.user("bai"))
