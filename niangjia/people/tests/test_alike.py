"""Who may be the same person: found by slips, telephones and namesakes; never shown to who may not see the other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from niangjia.federation.scopes import scope_of, system_scope
from niangjia.people.alike import alike
from niangjia.people.likeness import one_slip, slips_of
from niangjia.people.models import Person, SuspectedPair
from niangjia.people.services import load
from niangjia.people.services.pairs import ReasonMissing, note_pairs, tell_apart
from niangjia.people.services.persons import register_person
from niangjia.people.tests.tables import MEMBERS, enter, hand_in, text_table
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.django_db
BORN = date(1995, 4, 9)
NUMBER = identity_number(BORN, 31)
PHONE = "13800000001"


def loaded(world: World, name: str, union: str = "town-a", **told: Any) -> Person:
    """A file as an old roster left it: nothing in it was checked."""
    row = {"sex": "", "born_on": None, "id_number": "", "phone": "", **told}
    pk = load.load_persons(
        [load.NewPerson(f"p{Person.objects.count():013d}", world.union(union).pk, name, **row)],
        root_id=world.union("province").pk,
    )[0]
    return Person.objects.get(pk=pk)


def asked(name: str, **told: Any) -> Person:
    person = Person(name=name, **told)
    person.fill_keys()
    return person


def test_every_slip_of_a_number_is_one_slip_and_none_is_left_out() -> None:
    slips = set(slips_of(NUMBER))
    assert all(one_slip(NUMBER, other) for other in slips)
    assert len(slips) > 18 * 9
    swapped = NUMBER[:5] + NUMBER[6] + NUMBER[5] + NUMBER[7:]
    assert swapped == NUMBER or swapped in slips
    assert not one_slip(NUMBER, NUMBER)
    assert not one_slip("123456", "321456"), "two places that are no neighbours"
    assert not one_slip("1234", "12345")


SLIP = NUMBER[:13] + ("8" if NUMBER[13] != "8" else "3") + NUMBER[14:]


@pytest.mark.parametrize(
    ("stored", "typed", "found"),
    [
        ({"id_number": SLIP}, {"name": "葵", "id_number": NUMBER}, ("slip",)),
        ({"phone": "+8613800000001"}, {"phone": "+8613800000001"}, ("phone", "name")),
        ({"born_on": BORN}, {"name": "车钱草", "born_on": BORN}, ("sound", "birthday")),
        ({"born_on": BORN, "phone": "+8613900000001"}, {"born_on": date(1995, 4, 30), "phone": "+8613800000001"},
         ("tail", "name", "month")),
        # A father's telephone is his child's, and two numbers that hold are two persons.
        ({"phone": "+8613800000001"}, {"name": "车前子", "phone": "+8613800000001"}, None),
        ({"born_on": BORN, "id_number": NUMBER}, {"born_on": BORN, "id_number": identity_number(BORN, 33)}, None),
        ({"born_on": BORN}, {"born_on": date(1995, 5, 9)}, None),
    ],
)  # fmt: skip
def test_signs_that_are_worth_a_question(
    world: World, stored: dict[str, Any], typed: dict[str, Any], found: tuple[str, ...] | None
) -> None:
    person = loaded(world, "车前草", **stored)
    likely = alike(asked(**{"name": "车前草", **typed}), system_scope())
    assert [(one.person.pk, one.signs) for one in likely] == ([(person.pk, found)] if found else [])


def test_a_file_out_of_scope_is_not_found_and_its_pair_is_not_shown(world: World) -> None:
    stranger = loaded(world, "车前草", "town-b", phone="+8613800000001")
    own = scope_of(world.user("jiang"), "people.registry:merge")
    assert alike(asked("车前草", phone="+8613800000001"), own) == []
    entered = register_person(
        union_id=world.union("town-a").pk, name="车前草", phone=PHONE, acting_user=world.user("jiang")
    )
    pair = SuspectedPair.objects.get()
    assert (pair.person_id, pair.other_id) == (stranger.pk, entered.pk), "the county is asked"


def test_entry_by_form_by_roster_and_in_bulk_notes_each_pair_once(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    first = loaded(world, "车前草", id_number=SLIP, phone="+8613800000001")
    register_person(union_id=town.pk, name="车前草", id_number=NUMBER, phone=PHONE, acting_user=su)
    assert [pair.signs for pair in SuspectedPair.objects.all()] == ["slip,phone,name"], "the old one has no birthday"
    third = loaded(world, "车前草", "town-b", phone="+8613800000001")
    assert SuspectedPair.objects.count() == 3
    tell_apart(person_id=third.pk, other_id=first.pk, reason="一个在厂里，一个在街上", acting_user=su)
    born = identity_number(date(1988, 8, 8), 5)
    loaded(world, "艾草青", born_on=date(1988, 8, 8))
    enter(hand_in(text_table([MEMBERS, ("艾草青", born, "13800000077", "2020-01-01")]), su, town.pk), su)
    assert SuspectedPair.objects.filter(told_apart_at=None).count() == 3
    assert SuspectedPair.objects.latest("pk").signs == "name,birthday"


def test_two_persons_are_told_apart_with_a_reason_and_never_asked_again(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    first = register_person(union_id=town.pk, name="车前草", born_on=BORN, acting_user=su)
    second = register_person(union_id=town.pk, name="车前草", born_on=BORN, acting_user=su)
    with pytest.raises(ReasonMissing):
        tell_apart(person_id=second.pk, other_id=first.pk, reason=" ", acting_user=su)
    tell_apart(person_id=second.pk, other_id=first.pk, reason="堂兄弟，都见过", acting_user=su)
    note_pairs([first.pk, second.pk])
    pair = SuspectedPair.objects.get()
    assert (pair.reason, pair.told_apart_by) == ("堂兄弟，都见过", su)
