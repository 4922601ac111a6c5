"""谁看过我: whichever room wrote a look down, the person it was about reads it on his page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core import clock
from niangjia.federation import looking
from niangjia.federation.actions import actions
from niangjia.federation.services import audit
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.people.looked import who_looked_at
from niangjia.people.models import HouseholdMember, Person
from niangjia.people.services.households import add_member, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(world: World) -> Person:
    """The head of a household in town A."""
    su = world.user("su")
    person = register_person(
        union_id=world.union("grid-a").pk, name="麦芒种", id_number=identity_number(date(1980, 1, 2), 3), acting_user=su
    )
    register_household(
        union_id=person.union_id, head_id=person.pk, address="小满巷9号", registered_on=date(2020, 1, 1), acting_user=su
    )
    return person


def account(person: Person) -> User:
    user = create_user(username=f"w{person.pk}", display_name=person.name)
    grant_role(user=user, role="worker", person_id=person.pk, expires_at=ten_years_from_now(), acting_user=None)
    return user


def page(user: User, query: str = "") -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("my_me") + query).content.decode()


def look(world: World, kind: str, pk: int, reason: str, action: str = "people.file:look") -> None:
    with transaction.atomic():
        audit.record(action, acting_user=world.user("su"), object_kind=kind, object_id=pk, reason=reason)


def untold(world: World, head: Person) -> set[str]:
    """The looks, of all that are registered, which the page of the person leaves out; at him or at his household."""
    home = head.households.get().household_id
    codes = [action.code for action in actions.all() if action.look]
    assert {"people.household:print", "visits.sample:look", "policy.decision:look"} <= set(codes)
    for code in codes:
        look(world, "person", head.pk, f"{code} 本人", code)
        look(world, "household", home, f"{code} 家庭", code)
    told = page(account(head))
    return {f"{code} {whose}" for code in codes for whose in ("本人", "家庭") if f"{code} {whose}" not in told}


def test_every_action_that_is_a_look_stands_on_the_persons_page(world: World, head: Person) -> None:
    assert untold(world, head) == set()


def test_control_a_look_that_is_left_out_is_found(world: World, head: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [code for code in looking.look_codes() if code != "people.household:print"]
    monkeypatch.setattr(looking, "look_codes", lambda: codes)
    assert untold(world, head) == {"people.household:print 本人", "people.household:print 家庭"}


def test_a_look_at_a_household_is_told_to_who_belonged_to_it_on_that_day(world: World, head: Person) -> None:
    home, today = head.households.get().household, clock.today()
    son = register_person(union_id=head.union_id, name="麦穗", born_on=date(2000, 1, 1), acting_user=world.user("su"))
    add_member(household_id=home.pk, person_id=son.pk, relation="child", valid_from=date(2020, 1, 1),
               acting_user=world.user("su"))  # fmt: skip
    look(world, "household", home.pk, "他还在家")
    assert [row.reason for row in who_looked_at([son.pk])] == ["他还在家"]
    HouseholdMember.objects.filter(person=son).update(valid_to=today)
    assert who_looked_at([son.pk]) == [], "from the day he left it is not his"
    HouseholdMember.objects.filter(person=son).update(valid_to=today + timedelta(days=1))
    assert [row.reason for row in who_looked_at([son.pk])] == ["他还在家"]
    assert [row.reason for row in who_looked_at([head.pk])] == ["他还在家"]


def test_who_looked_at_a_child_is_told_to_those_it_lives_with(world: World, head: Person) -> None:
    child = register_person(
        union_id=head.union_id, name="麦苗苗", born_on=clock.today() - timedelta(days=3_000),
        acting_user=world.user("su"),
    )  # fmt: skip
    add_member(household_id=head.households.get().household_id, person_id=child.pk, relation="child",
               valid_from=date(2024, 1, 1), acting_user=world.user("su"))  # fmt: skip
    look(world, "person", child.pk, "看了孩子")
    assert "看了孩子" in page(account(head))


def test_the_last_hundred_looks_are_shown_and_all_of_them_at_a_press(world: World, head: Person) -> None:
    for number in range(101):
        look(world, "person", head.pk, f"第{number}次")
    user = account(head)
    assert "第0次" not in page(user)
    assert 'href="?looks=all"' in page(user)
    assert "第0次" in page(user, "?looks=all")
