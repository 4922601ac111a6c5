"""Households change: who is known joins one, somebody leaves, another heads it, the last step is undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.facts import record_sets
from niangjia.people import queries
from niangjia.people.models import Household, HouseholdMember, HouseholdStep, Mandate, Person
from niangjia.people.services import homes, merges
from niangjia.people.services.employers import register_employer, start_employment
from niangjia.people.services.home_rows import FromTomorrow
from niangjia.people.services.households import (
    DatesOutOfOrder,
    HouseholdClosed,
    InAnotherHousehold,
    add_member,
    open_hardship_file,
    register_household,
)
from niangjia.people.services.persons import move_person, register_person
from niangjia.people.support_readers import children_at_school
from niangjia.people.tests.world import World, credit_code, identity_number

SINCE = date(2020, 1, 1)
NUMBER, PHONE = identity_number(date(1980, 1, 2), 3), "13800000009"


@dataclass
class Home:
    """A household in town A: its head, his wife and a child."""

    world: World
    household: Household
    head: Person
    wife: Person
    child: Person

    def place(self, person: Person) -> HouseholdMember:
        return HouseholdMember.objects.filter(household=self.household, person=person).latest("pk")

    def leave(self, person: Person, reason: str = "left", on: date | None = None) -> HouseholdStep:
        return homes.leave_household(
            household_id=self.household.pk, place=self.place(person).pk, on=on or clock.today(), reason=reason,
            acting_user=self.world.user("su"),
        )  # fmt: skip

    def lead(self, person: Person, **relations: str) -> HouseholdStep:
        told = {self.place(getattr(self, name)).pk: relation for name, relation in relations.items()}
        return homes.change_head(
            household_id=self.household.pk, place=self.place(person).pk, on=clock.today(), relations=told,
            acting_user=self.world.user("su"),
        )  # fmt: skip

    def rows(self) -> list[tuple[object, ...]]:
        columns = ("person__name", "relation", "valid_from", "valid_to")
        return sorted(HouseholdMember.objects.filter(household=self.household).values_list(*columns), key=repr)

    def client(self, name: str = "su") -> Client:
        client = Client()
        client.force_login(self.world.user(name))
        return client

    def page(self, name: str = "su", view: str = "household_file") -> str:
        return self.client(name).get(reverse(view, args=[self.household.public_id])).content.decode()


@pytest.fixture
def home(world: World) -> Home:
    su, union_id = world.user("su"), world.union("town-a").pk
    head = register_person(union_id=union_id, name="麦芒种", id_number=NUMBER, phone=PHONE, acting_user=su)
    wife = register_person(union_id=union_id, name="麦二花", acting_user=su)
    child = register_person(union_id=union_id, name="麦小满", born_on=date(2024, 1, 1), acting_user=su)
    household = register_household(
        union_id=union_id, head_id=head.pk, address="小满巷9号", registered_on=SINCE, acting_user=su
    )
    for person, relation in ((wife, "spouse"), (child, "child")):
        add_member(household_id=household.pk, person_id=person.pk, relation=relation, valid_from=SINCE, acting_user=su)
    return Home(world, household, head, wife, child)


def test_somebody_leaves_on_a_day_is_counted_no_more_and_comes_back_when_undone(home: Home) -> None:
    before, today = home.rows(), clock.today()
    home.leave(home.child, "moved")
    assert not queries.household_ids_of(home.child.pk, today)
    assert queries.household_ids_of(home.child.pk, today - timedelta(days=1)) == [home.household.pk]
    found = children_at_school([home.household.pk], today)[home.household.pk]
    assert (found.value, found.next_change_on) == (0, None), "no child lives there any more"
    page = home.page()
    assert "离开本户：迁走" in page
    assert page.count("麦小满") == 1, "on the line of time, and not among the members"
    with pytest.raises(InAnotherHousehold):
        add_member(
            household_id=home.household.pk, person_id=home.wife.pk, relation="other", valid_from=today,
            acting_user=home.world.user("su"),
        )  # fmt: skip
    homes.undo_step(household_id=home.household.pk, acting_user=home.world.user("su"))
    assert home.rows() == before
    assert "离开本户：迁走" not in home.page()
    with pytest.raises(homes.NoStepToUndo):
        homes.undo_step(household_id=home.household.pk, acting_user=home.world.user("su"))


@pytest.mark.nightly
def test_nobody_acts_any_more_for_a_family_he_has_left(home: Home) -> None:
    mandate = Mandate.objects.create(
        person=home.head, deputy=home.wife, union_id=home.head.union_id, way="window", given_by=home.world.user("su"),
        given_at=clock.now(),
    )  # fmt: skip
    home.leave(home.wife, "divorced")
    mandate.refresh_from_db()
    assert mandate.ended_at is not None
    homes.undo_step(household_id=home.household.pk, acting_user=home.world.user("su"))
    mandate.refresh_from_db()
    assert (mandate.ended_at, mandate.ended_by_id) == (None, None)


@pytest.mark.nightly
def test_who_was_entered_by_mistake_was_there_on_no_day(home: Home) -> None:
    home.leave(home.child, "mistake")
    assert home.place(home.child).valid_to == SINCE
    assert not queries.household_ids_of(home.child.pk, SINCE)


def test_the_head_leaves_only_when_another_heads_the_household(home: Home) -> None:
    with pytest.raises(homes.HeadStays):
        home.leave(home.head, "died")
    before = home.rows()
    home.lead(home.wife, head="spouse")
    relations = dict(queries.members_of([home.household.pk]).values_list("person__name", "relation"))
    assert relations == {"麦二花": "head", "麦芒种": "spouse", "麦小满": "child"}
    today = clock.today()
    assert queries.subject_cards("household", [home.household.pk], today=today)[home.household.pk].name == "麦二花"
    keys = queries.opening_keys("household", [home.household.pk])[home.household.pk]
    assert keys[0].hex() == home.wife.data_key
    assert bytes.fromhex(home.head.data_key) in keys, "what was sealed under the old head is read further on"
    home.leave(home.head, "died")
    for _step in range(2):
        homes.undo_step(household_id=home.household.pk, acting_user=home.world.user("su"))
    assert home.rows() == before


def test_the_last_one_closes_the_household_unless_something_runs(home: Home) -> None:
    su, pk = home.world.user("su"), home.household.pk
    open_hardship_file(
        household_id=pk, grade="deep", cause="因病", entered_on=SINCE, review_due_on=date(2030, 1, 1), acting_user=su
    )
    home.leave(home.wife, "divorced")
    home.leave(home.child)
    with pytest.raises(homes.StillRuns, match="困难档案"):
        home.leave(home.head)
    home.household.hardship_files.update(exited_on=clock.today())
    home.leave(home.head)
    home.household.refresh_from_db()
    assert home.household.closed_on == clock.today()
    households = record_sets.get("household")
    assert pk not in households.ids([home.household.union_id])
    assert pk not in households.unions([pk])
    assert home.household.public_id not in home.client().get(reverse("household_list")).content.decode()
    assert "已销户" in home.page()
    with pytest.raises(HouseholdClosed):
        add_member(household_id=pk, person_id=home.head.pk, relation="other", valid_from=SINCE, acting_user=su)
    homes.undo_step(household_id=pk, acting_user=su)
    home.household.refresh_from_db()
    assert home.household.closed_on is None
    assert pk in households.unions([pk])


@pytest.mark.nightly
def test_a_step_is_not_undone_over_what_came_after(home: Home) -> None:
    home.leave(home.wife, "divorced")
    register_household(
        union_id=home.wife.union_id, head_id=home.wife.pk, address="", registered_on=clock.today(),
        acting_user=home.world.user("su"),
    )  # fmt: skip
    with pytest.raises(homes.ChangedSinceStep):
        homes.undo_step(household_id=home.household.pk, acting_user=home.world.user("su"))
    assert home.place(home.wife).valid_to == clock.today()


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("reason", "on"), [("", date(2021, 1, 1)), ("left", date(2019, 1, 1)), ("left", date(2099, 1, 1))]
)
def test_a_day_and_a_reason_that_cannot_be(home: Home, reason: str, on: date) -> None:
    with pytest.raises((homes.ReasonMissing, FromTomorrow, DatesOutOfOrder)):
        home.leave(home.child, reason, on)


@pytest.mark.one_database
def test_an_officer_does_all_of_it_on_pages(home: Home) -> None:
    client, ids = home.client("jiang"), [home.household.pk]
    page = reverse("head_change", args=[home.household.public_id])
    place = home.place(home.wife).pk
    sent = {"head": place, "on": clock.today(), f"relation-{home.place(home.head).pk}": "spouse"}
    assert client.post(page, sent | {"head": ""}).status_code == 422
    assert client.post(page, sent).status_code == 302
    leave = reverse("member_leave", args=[home.household.public_id, home.place(home.head).pk])
    assert "麦芒种" in client.get(leave).content.decode()
    assert client.post(leave, {"reason": "divorced", "on": clock.today()}).status_code == 302
    assert client.get(leave).status_code == 404, "he has left"
    undo = reverse("step_undo", args=[home.household.public_id])
    assert "离婚" in client.get(undo).content.decode()
    # Found by number and name: he has a file, and comes back into this household or opens his own.
    new = reverse("member_new", args=[home.household.public_id])
    typed = {"name": "麦芒种", "id_number": NUMBER, "relation": "spouse", "valid_from": clock.today()}
    assert client.post(new, typed | {"name": "别人"}).status_code == 422
    assert client.post(new, typed).status_code == 302
    assert home.place(home.head).valid_to is None
    assert queries.members_of(ids).count() == 3
    assert Person.objects.count() == 3


@pytest.mark.one_database
def test_from_a_persons_page_a_household_is_opened_or_joined(home: Home) -> None:
    client = home.client()
    home.leave(home.child)
    page = client.get(reverse("person_file", args=[home.child.public_id])).content.decode()
    join = reverse("person_join", args=[home.child.public_id])
    assert join in page
    told = {"relation": "child", "valid_from": clock.today()}
    assert client.post(join, told | {"head": "没有这个人"}).status_code == 422
    assert client.post(join, told | {"head": NUMBER}).status_code == 302
    assert home.place(home.child).valid_to is None
    home.leave(home.child)
    new = f"{reverse('household_new')}?person={home.child.public_id}"
    assert "麦小满" in client.get(new).content.decode()
    sent = {"union": home.world.union("town-a").public_id, "registered_on": clock.today()}
    assert client.post(new, sent).status_code == 302
    assert queries.household_ids_of(home.child.pk, clock.today()) != [home.household.pk]


@pytest.mark.nightly
def test_two_heads_that_are_one_person_are_merged_after_the_steps_that_the_refusal_names(home: Home) -> None:
    su = home.world.user("su")
    twin = register_person(union_id=home.head.union_id, name="麦芒种", acting_user=su)
    other = register_household(union_id=twin.union_id, head_id=twin.pk, address="", registered_on=SINCE, acting_user=su)
    for kept, gone in ((home.head, twin), (twin, home.head)):
        with pytest.raises(merges.InTheWay):
            merges.merge_persons(survivor_id=kept.pk, absorbed_id=gone.pk, reason="同一人", acting_user=su)
    place = HouseholdMember.objects.get(household=other).pk
    homes.leave_household(household_id=other.pk, place=place, on=clock.today(), reason="mistake", acting_user=su)
    other.refresh_from_db()
    assert other.closed_on is not None
    merges.merge_persons(survivor_id=home.head.pk, absorbed_id=twin.pk, reason="同一人", acting_user=su)


@pytest.mark.nightly
def test_the_file_that_heads_a_household_may_leave_and_its_papers_stay_readable(home: Home) -> None:
    su = home.world.user("su")
    twin = register_person(union_id=home.head.union_id, name="麦芒种", acting_user=su)
    key = bytes.fromhex(home.head.data_key)
    before = home.rows()
    merge = merges.merge_persons(survivor_id=twin.pk, absorbed_id=home.head.pk, reason="同一人", acting_user=su)
    assert home.place(twin).relation == "head"
    assert key in queries.opening_keys("household", [home.household.pk])[home.household.pk]
    merges.part_persons(public_id=merge.public_id, reason="看错了", acting_user=su)
    assert home.rows() == before
    # In one household: the place of the head is the one that goes on.
    add_member(household_id=home.household.pk, person_id=twin.pk, relation="other", valid_from=SINCE, acting_user=su)
    before = home.rows()
    merge = merges.merge_persons(survivor_id=twin.pk, absorbed_id=home.head.pk, reason="同一人", acting_user=su)
    assert home.place(twin).relation == "head"
    merges.part_persons(public_id=merge.public_id, reason="看错了", acting_user=su)
    assert home.rows() == before


def test_of_a_member_whose_file_went_elsewhere_only_the_name_is_told(home: Home) -> None:
    """The wife moves alone to town B: town A keeps the household, and sees of her what everybody there knows."""
    su, world = home.world.user("su"), home.world
    Person.objects.filter(pk=home.wife.pk).update(sex="female")
    wife = Person.objects.get(pk=home.wife.pk)
    wife.id_number, wife.phone = identity_number(date(1982, 3, 4), 4), "+8613800000077"
    wife.save()
    firm = register_employer(union_id=wife.union_id, name="榆甲食品", credit_code=credit_code(7), acting_user=su)
    start_employment(
        person_id=wife.pk, employer_id=firm.pk, started_on=SINCE, monthly_wage_fen=321_000, source="合同",
        acting_user=su,
    )  # fmt: skip
    secret = ("榆甲食品", "3,210", wife.id_number, "8613800000077", "13800000077", "138****0077")
    assert "榆甲食品" in home.page("jiang")
    move_person(person_id=wife.pk, to_union_id=world.union("town-b").pk, on=clock.today(), acting_user=su)
    address = reverse("household_print", args=[home.household.public_id])
    in_full = home.client("jiang").post(address, {"reason": "送核"}).content.decode()
    assert NUMBER in in_full, "the others' numbers are there"
    for page in (home.page("jiang"), home.page("jiang", "household_print"), in_full, home.page("jiang", "visit_form")):
        assert "麦二花" in page
        assert [word for word in secret if word in page] == []
        assert wife.public_id not in page
    assert "档案在别的工会" in home.page("jiang")
    assert wife.public_id not in home.page("jiang", "visit_new"), "nothing is asked about her"
    assert "榆甲食品" in home.page("su"), "the county looks after both"
    # Heading the household she is named on the list, her number covered whole.
    masked, place = queries.mask_number(wife.id_number), HouseholdMember.objects.get(person=wife)
    homes.change_head(household_id=home.household.pk, place=place.pk, on=clock.today(), relations={}, acting_user=su)
    listed = home.client("jiang").get(reverse("household_list")).content.decode()
    assert "麦二花" in listed
    assert masked not in listed
