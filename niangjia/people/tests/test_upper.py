"""An upper system beside the files here: compared by its export, typed field by field, marked as recorded."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.models import AuditRow
from niangjia.federation.services.looks import open_task
from niangjia.people.models import HardshipFile, Household, HouseholdMember, Person, RosterImport, UpperRecord
from niangjia.people.services import upper
from niangjia.people.services.households import add_member, open_hardship_file
from niangjia.people.services.persons import register_person
from niangjia.people.tests.tables import DAY, digests, enter, hand_in, rows_of, take_back, workbook
from niangjia.people.tests.test_cross_checks import BORN, PLANTS, home, state
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.world import World, identity_number
from niangjia.people.upper.records import (
    DIFFERS,
    MISSING,
    RECORDED,
    WORDS,
    UpperStatus,
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


def standing(household: Household) -> UpperStatus:
    """How one stands."""
    return statuses(SYSTEM, {household.pk: household.union_id})[household.pk]


def codes(*households: Household) -> list[str]:
    """Where each stands."""
    found = {one.pk: standing(one) for one in households}
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
    assert standing(homes[1]).labels == "家庭人口、困难类别"
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
    following = reverse("upper_copy", args=[households[1].public_id])
    assert marked["Location"] == f"{following}?marked={households[0].public_id}"
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
    for route in ("upper_copy", "upper_mark", "upper_unmark"):
        assert client_of(world, "bai").post(reverse(route, args=[household.public_id])).status_code == 404
    with pytest.raises(NotFoundHere):
        upper.mark_recorded(household=household, system=SYSTEM, acting_user=world.user("bai"))


def joins(world: World, household: Household, order: int = 700) -> Person:
    """Another member of it."""
    person = register_person(
        union_id=household.union_id, name="艾草青", id_number=identity_number(BORN, order), acting_user=world.user("su")
    )
    add_member(
        household_id=household.pk, person_id=person.pk, relation="other", valid_from=date(2025, 1, 1),
        acting_user=world.user("su"),
    )  # fmt: skip
    return person


def listed(world: World, code: str) -> set[str]:
    """Whom the list of households shows under one standing."""
    shown = client_of(world, "su").get(reverse("household_list"), {"upper": code}).content.decode()
    return {name for name in PLANTS if name in shown}


def test_what_changes_here_after_the_export_was_read_is_told_and_counts_as_different(world: World) -> None:
    homes = [in_file(world, at, name) for at, name in enumerate(PLANTS[:2])]
    enter(export(world, line(0), line(1)), world.user("su"))
    assert codes(*homes) == [RECORDED, RECORDED]
    person = joins(world, homes[0])
    assert codes(*homes) == [DIFFERS, RECORDED]
    assert (standing(homes[0]).fields, standing(homes[0]).changed_labels) == ((), "家庭人口")
    for route in ("household_file", "upper_copy"):
        shown = client_of(world, "su").get(reverse(route, args=[homes[0].public_id])).content.decode()
        assert f"{DAY}以后这里改过：家庭人口" in shown, route
    assert (listed(world, DIFFERS), listed(world, RECORDED)) == ({PLANTS[0]}, {PLANTS[1]})
    assert next_to_copy(SYSTEM, upper.require(world.user("su"), "people.registry:read"), homes[1]) == homes[0]
    HouseholdMember.objects.filter(person=person).delete()
    assert codes(*homes) == [RECORDED, RECORDED], "as it was when the export was read"


def test_each_compared_field_is_noticed_and_none_of_their_values_is_kept_beside_it(world: World) -> None:
    household = in_file(world, 0, PLANTS[0])
    enter(export(world, line(0)), world.user("su"))
    head = household.members.get().person
    head.phone, head.name = "+8613800000321", "柏青柏"
    head.save()
    Household.objects.filter(pk=household.pk).update(address="小满巷9号")
    HardshipFile.objects.filter(household=household).update(cause="子女上学", grade="relative")
    state(world, household, 123_400)
    assert standing(household).changed_labels == "姓名、联系电话、家庭住址、家庭月人均收入、困难类别、主要致困原因"
    upper.mark_recorded(household=household, system=SYSTEM, acting_user=world.user("su"))
    assert codes(household) == [RECORDED], "typed in as it stands now"
    row = UpperRecord.objects.get()
    kept = json.dumps([row.seen_marks, row.marked_marks], ensure_ascii=False)
    for value in ("柏", "13800000321", "小满", "上学", "relative", "1234", "123400", identity_number(BORN, 0)):
        assert value not in kept
    other = in_file(world, 1, PLANTS[0])
    upper.mark_recorded(household=other, system=SYSTEM, acting_user=world.user("su"))
    alike = UpperRecord.objects.get(household=other).marked_marks
    assert not set(alike.values()) & set(row.seen_marks.values()), "who has the same value is not told either"


def test_what_changes_here_after_the_mark_is_told_until_it_is_typed_in_again(world: World) -> None:
    household, su = in_file(world, 0, PLANTS[0]), world.user("su")
    upper.mark_recorded(household=household, system=SYSTEM, acting_user=su)
    with clock.frozen(clock.now() + timedelta(days=3)):
        upper.mark_recorded(household=household, system=SYSTEM, acting_user=su)
        assert UpperRecord.objects.get().marked_on == clock.today() - timedelta(days=3), "marked so already"
        joins(world, household)
        assert codes(household) == [DIFFERS]
        assert standing(household).on == clock.today() - timedelta(days=3)
        assert standing(household).changed_labels == "家庭人口"
        upper.mark_recorded(household=household, system=SYSTEM, acting_user=su)
        assert codes(household) == [RECORDED]
        assert standing(household).on == clock.today()


def test_a_mark_is_taken_back_over_the_page(world: World) -> None:
    homes, client = [in_file(world, at, name) for at, name in enumerate(PLANTS[:3])], client_of(world, "su")
    enter(export(world, line(0, grade="相对困难")), world.user("su"))
    before = digests()
    assert codes(*homes) == [DIFFERS, MISSING, MISSING]
    for one in homes[:2]:
        nxt = client.post(reverse("upper_mark", args=[one.public_id]))["Location"]
        back = reverse("upper_unmark", args=[one.public_id])
        assert (
            f'data-undo="10"><span>{PLANTS[homes.index(one)]}已标记为已录。</span><form method="post" action="{back}"'
            in (client.get(nxt).content.decode())
        )
    assert codes(*homes) == [RECORDED, RECORDED, MISSING]
    for one in homes[:2]:
        back = reverse("upper_unmark", args=[one.public_id])
        assert back in client.get(reverse("household_file", args=[one.public_id])).content.decode()
        assert "标记已撤销。" in client.post(back, follow=True).content.decode()
    assert digests() == before
    assert codes(*homes) == [DIFFERS, MISSING, MISSING]
    assert standing(homes[0]).labels == "困难类别"
    rows = AuditRow.objects.filter(action="people.upper:unmark").order_by("pk")
    assert [(row.actor, row.object_kind, row.object_id) for row in rows] == [
        (world.user("su"), "household", one.pk) for one in homes[:2]
    ]
    assert (
        "没有标记为已录"
        in client.post(reverse("upper_unmark", args=[homes[2].public_id]), follow=True).content.decode()
    )


def test_an_export_read_again_and_taken_back_says_again_what_the_first_said(world: World) -> None:
    household, su = in_file(world, 0, PLANTS[0]), world.user("su")
    enter(export(world, line(0)), su)
    joins(world, household)
    again = enter(export(world, line(0, members=2)), su)
    assert codes(household) == [RECORDED]
    take_back(again, su)
    assert (codes(household), standing(household).changed_labels) == ([DIFFERS], "家庭人口")
