"""Two households become one in one step, are refused with a sentence, and part again to the last digest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal, RightMissing
from niangjia.people import queries
from niangjia.people.filepage import UnderWay, under_way
from niangjia.people.models import Household, HouseholdMember, HouseholdStep, Mandate, Person
from niangjia.people.services import homes, merges, uniting
from niangjia.people.services.home_rows import FromTomorrow
from niangjia.people.services.households import (
    DatesOutOfOrder,
    HouseholdClosed,
    add_member,
    open_hardship_file as open_file,
    register_household,
)
from niangjia.people.services.persons import move_person, register_person
from niangjia.people.tests.tables import digests
from niangjia.people.tests.test_homes import NUMBER, SINCE, Home, home as home
from niangjia.people.tests.world import identity_number

pytestmark = pytest.mark.one_database

GRANNY = identity_number(date(1950, 5, 6), 8)
# What undoing adds to: the step itself. Everything else must stand as it stood.
STEP = "people.HouseholdStep"


@pytest.fixture
def other(home: Home) -> Household:
    """The parents' household beside it: a widow and her grown son."""
    su, union_id = home.world.user("su"), home.world.union("town-a").pk
    granny = register_person(union_id=union_id, name="桑老娘", id_number=GRANNY, acting_user=su)
    son = register_person(union_id=union_id, name="桑小弟", acting_user=su)
    found = register_household(
        union_id=union_id, head_id=granny.pk, address="谷雨巷1号", registered_on=SINCE, acting_user=su
    )
    add_member(household_id=found.pk, person_id=son.pk, relation="child", valid_from=SINCE, acting_user=su)
    return found


def places(household: Household) -> dict[str, int]:
    rows = HouseholdMember.objects.filter(household=household, valid_to__isnull=True)
    return dict(rows.values_list("person__name", "pk"))


def unite(home: Home, other: Household, name: str = "su", **changed: object) -> HouseholdStep:
    told = {"桑老娘": "parent", "桑小弟": "other"}
    given = {
        "on": clock.today(), "reason": "together",
        "relations": {pk: told[person] for person, pk in places(other).items()},
    }  # fmt: skip
    return uniting.unite_households(
        household_id=home.household.pk, other_id=other.pk, acting_user=home.world.user(name), **{**given, **changed}
    )  # fmt: skip


def test_all_of_one_household_move_into_the_other_and_back_to_the_last_digest(home: Home, other: Household) -> None:
    su, before, rows = home.world.user("su"), digests(), home.rows()
    yesterday = clock.today() - timedelta(days=1)
    granny = Person.objects.get(name="桑老娘")
    key = queries.seal_key("household", other.pk)
    unite(home, other, "jiang")
    members = dict(queries.members_of([home.household.pk]).values_list("person__name", "relation"))
    assert members == {
        "麦芒种": "head", "麦二花": "spouse", "麦小满": "child", "桑老娘": "parent", "桑小弟": "other",
    }  # fmt: skip
    other.refresh_from_db()
    assert other.closed_on == clock.today()
    assert queries.household_ids_of(granny.pk, yesterday) == [other.pk], "until then she lived there"
    assert key in queries.opening_keys("household", [other.pk])[other.pk], "what was sealed there is read further on"
    homes.undo_step(household_id=other.pk, acting_user=su)
    after = digests()
    assert {label for label in after if after[label] != before[label]} == {STEP}
    assert home.rows() == rows
    for pk in (home.household.pk, other.pk):
        with pytest.raises(homes.NoStepToUndo):
            homes.undo_step(household_id=pk, acting_user=su)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"reason": "left"}, uniting.WhyJoined),
        ({"relations": {}}, uniting.RelationMissing),
        ({"on": date(2019, 1, 1)}, DatesOutOfOrder),
        ({"on": date(2099, 1, 1)}, FromTomorrow),
    ],
)
@pytest.mark.nightly
def test_a_day_a_reason_and_a_relation_that_cannot_be(
    home: Home,
    other: Household,
    changed: dict[str, object],
    refusal: type[Refusal],
) -> None:
    before = digests()
    with pytest.raises(refusal):
        unite(home, other, **changed)
    assert digests() == before


def test_what_runs_in_the_household_that_would_close_stands_in_the_way(
    home: Home,
    other: Household,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    su = home.world.user("su")
    listed = lambda opened: [UnderWay("慰问：已在名单，未发放")] if opened.household_id == other.pk else []  # noqa: E731
    with monkeypatch.context() as patched:
        patched.setattr(under_way, "all", lambda: [listed])
        with pytest.raises(uniting.RunsThere, match="已在名单，未发放"):
            unite(home, other)
    open_file(
        household_id=other.pk, grade="deep", cause="因病", entered_on=SINCE, review_due_on=date(2030, 1, 1),
        acting_user=su,
    )  # fmt: skip
    before = digests()
    with pytest.raises(uniting.RunsThere, match="困难档案"):
        unite(home, other)
    assert digests() == before
    page = reverse("household_unite", args=[home.household.public_id]) + f"?other={other.public_id}"
    stands = uniting.in_the_way(household_id=home.household.pk, other_id=other.pk, acting_user=su)
    assert "困难档案" in stands
    assert stands in home.client().get(page).content.decode()
    # The other way round the file goes on.
    told = dict.fromkeys(places(home.household).values(), "other")
    uniting.unite_households(
        household_id=other.pk, other_id=home.household.pk, on=clock.today(), reason="married", relations=told,
        acting_user=su,
    )  # fmt: skip
    assert queries.members_of([other.pk]).count() == 5


def test_two_unions_stand_in_the_way_and_so_does_a_member_whose_file_lies_elsewhere(
    home: Home,
    other: Household,
) -> None:
    su, town_b = home.world.user("su"), home.world.union("town-b").pk
    son = Person.objects.get(name="桑小弟")
    move_person(person_id=son.pk, to_union_id=town_b, on=clock.today(), acting_user=su)
    before = digests()
    with pytest.raises(uniting.FileElsewhere, match="桑小弟"):
        unite(home, other, "jiang")
    granny = Person.objects.get(name="桑老娘")
    assert digests() == before
    move_person(person_id=granny.pk, to_union_id=town_b, on=clock.today(), acting_user=su)
    with pytest.raises(uniting.OtherUnion, match="请先把"):
        unite(home, other)
    with pytest.raises((NotFoundHere, RightMissing)):
        unite(home, other, "jiang")
    address = reverse("household_unite", args=[home.household.public_id])
    assert home.client("jiang").get(f"{address}?other={other.public_id}").status_code == 404
    assert home.client("jiang").post(address, {"head": GRANNY}).status_code == 422, "as if it were not there"


def test_it_is_not_undone_over_what_came_after_in_either(home: Home, other: Household) -> None:
    su = home.world.user("su")
    unite(home, other)
    with pytest.raises(HouseholdClosed):
        unite(home, other)
    son, head = Person.objects.get(name="桑小弟"), home.head
    mandate = Mandate.objects.create(
        person=head, deputy=son, union_id=son.union_id, way="window", given_by=su, given_at=clock.now()
    )
    with pytest.raises(homes.ActsAcross):
        homes.undo_step(household_id=other.pk, acting_user=su)
    Mandate.objects.filter(pk=mandate.pk).update(ended_at=clock.now(), ended_by=su)
    home.leave(son, "moved")
    with pytest.raises(homes.ChangedSinceStep):
        homes.undo_step(household_id=other.pk, acting_user=su)
    homes.undo_step(household_id=home.household.pk, acting_user=su)
    homes.undo_step(household_id=home.household.pk, acting_user=su)
    assert set(places(other)) == {"桑老娘", "桑小弟"}


def test_an_officer_finds_the_other_one_sees_both_and_joins_them(home: Home, other: Household) -> None:
    client, address = home.client("jiang"), reverse("household_unite", args=[home.household.public_id])
    assert address in home.page("jiang")
    assert client.post(address, {"head": "没有这个人"}).status_code == 422
    assert client.post(address, {"head": NUMBER}).status_code == 422, "itself"
    found = client.post(address, {"head": GRANNY})
    assert GRANNY not in found["Location"], "no number stands in an address"
    page = client.get(found["Location"]).content.decode()
    for told in ("麦芒种", "桑老娘", "桑小弟", "小满巷9号", "谷雨巷1号"):
        assert told in page
    assert GRANNY not in page
    sent = {f"relation-{pk}": "parent" for pk in places(other).values()} | {"on": clock.today()}
    assert client.post(found["Location"], sent).status_code == 422, "no reason"
    assert client.post(found["Location"], sent | {"reason": "twice"}).status_code == 302
    assert len(places(home.household)) == 5
    assert "另一户并入本户：一家录成了两户" in home.page("jiang")
    page = client.get(reverse("household_file", args=[other.public_id])).content.decode()
    assert "本户并入另一户：一家录成了两户" in page
    assert reverse("household_file", args=[home.household.public_id]) in page, "from there the way leads here"
    undo = reverse("step_undo", args=[other.public_id])
    assert "本户并入另一户" in client.get(undo).content.decode()
    assert client.post(undo).status_code == 302
    assert len(places(other)) == 2


@pytest.mark.nightly
def test_two_files_of_one_person_who_heads_both_are_merged_after_the_households_are_one(
    home: Home, other: Household
) -> None:
    su, before, granny = home.world.user("su"), home.rows(), Person.objects.get(name="桑老娘")
    for kept, gone in ((home.head, granny), (granny, home.head)):
        with pytest.raises(merges.InTheWay, match="并入"):
            merges.merge_persons(survivor_id=kept.pk, absorbed_id=gone.pk, reason="同一人", acting_user=su)
    granny.id_number = ""
    granny.save()
    unite(home, other, reason="twice")
    merge = merges.merge_persons(survivor_id=home.head.pk, absorbed_id=granny.pk, reason="同一人", acting_user=su)
    with pytest.raises(homes.ChangedSinceStep):
        homes.undo_step(household_id=other.pk, acting_user=su)
    merges.part_persons(public_id=merge.public_id, reason="看错了", acting_user=su)
    homes.undo_step(household_id=other.pk, acting_user=su)
    assert home.rows() == before
