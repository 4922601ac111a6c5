"""Who heads a household: none left by a deletion is a task; his file elsewhere, who is told his number."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.scopes import scope_of
from niangjia.people import queries
from niangjia.people.household_rows import left_without_head
from niangjia.people.models import Household, HouseholdMember, Person
from niangjia.people.services import homes
from niangjia.people.services.persons import move_person
from niangjia.people.tests.test_homes import Home, home as home
from niangjia.people.tests.test_own_data import asked_to_go, client_of, confirm, mai as mai, worker as worker
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.one_database


def test_a_household_whose_head_was_deleted_waits_on_the_first_page_until_another_is_named(
    world: World, mai: Person, worker: User
) -> None:
    su, home = client_of(world.user("su")), queries.households_of([mai.pk])[mai.pk]
    row = asked_to_go(worker, mai)
    before = su.get(reverse("desk_request", args=[row.public_id])).content.decode()
    assert "还有1人留在户里" in before
    assert "您是户主" in client_of(worker).get(reverse("my_erasure")).content.decode()
    missing = reverse("household_list") + "?head_missing=1"
    assert home.public_id not in su.get(missing).content.decode()
    assert "没有户主的家庭" not in su.get(reverse("desk")).content.decode()
    confirm(world, row)
    desk = su.get(reverse("desk")).content.decode()
    assert "没有户主的家庭" in desk
    change = reverse("head_change", args=[home.public_id])
    assert change in desk
    assert home.public_id in su.get(missing).content.decode()
    assert change not in client_of(world.user("bai")).get(reverse("desk")).content.decode(), "of another town"
    wife = HouseholdMember.objects.get(household=home, valid_to__isnull=True)
    homes.change_head(household_id=home.pk, place=wife.pk, on=clock.today(), relations={}, acting_user=world.user("su"))
    assert "没有户主的家庭" not in su.get(reverse("desk")).content.decode()
    assert home.public_id not in su.get(missing).content.decode()


def test_who_lives_alone_or_heads_nothing_leaves_nobody_without_a_head(home: Home) -> None:
    assert left_without_head(home.head.pk) == 2
    assert left_without_head(home.wife.pk) == 0
    for person in (home.child, home.wife):
        home.leave(person)
    assert left_without_head(home.head.pk) == 0


def test_the_number_of_a_head_whose_file_lies_elsewhere_is_told_to_who_may_see_both(home: Home) -> None:
    """Town A keeps the household, town B his file: each of them, the county above both, and three ways to ask."""
    su, ids = home.world.user("su"), [home.household.pk]
    wife = Person.objects.get(pk=home.wife.pk)
    wife.id_number = identity_number(date(1982, 3, 4), 4)
    wife.save()
    homes.change_head(
        household_id=home.household.pk, place=home.place(home.wife).pk, on=clock.today(), relations={}, acting_user=su
    )
    masked = queries.mask_number(wife.id_number)
    told: dict[str, list[bool]] = {}

    def look(name: str) -> list[bool]:
        user = home.world.user(name)
        page = home.client(name).get(reverse("household_list")).content.decode()
        scope = scope_of(user, "people.registry:read")
        card = queries.subject_cards("household", ids, today=clock.today(), numbers=True, scope=scope)[ids[0]]
        assert card.name == "麦二花"
        return [masked in page, card.masked_number == masked]

    assert look("jiang") == [True, True], "as long as both lie with town A"
    move_person(person_id=wife.pk, to_union_id=home.world.union("town-b").pk, on=clock.today(), acting_user=su)
    # With the head the household goes along; then it comes back alone, as when two unions part a family.
    Household.objects.filter(pk__in=ids).update(union_id=home.world.union("town-a").pk)
    for name in ("jiang", "su"):
        told[name] = look(name)
    assert told == {"jiang": [False, False], "su": [True, True]}
    assert "麦二花" in home.page("jiang")
    assert "麦二花" not in home.client("bai").get(reverse("household_list")).content.decode(), (
        "the household is not his"
    )
    nobody = queries.subject_cards("household", ids, today=clock.today(), numbers=True)[ids[0]]
    assert set(nobody.masked_number) <= {"*"}, "without a reader nobody is told"
