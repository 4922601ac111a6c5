"""Membership, a worker in the household, children at school: derived from rows, each day judged by a plain reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from niangjia.core import clock
from niangjia.core.facts import BUREAU, VISIT, FactReading
from niangjia.people import support_readers
from niangjia.people.models import Household, HouseholdMember, MembershipSpell
from niangjia.people.services import employers, facts, households, persons
from niangjia.people.services.coverage import record_coverage
from niangjia.people.tests.world import World, credit_code

pytestmark = pytest.mark.one_database

DAY = date(2026, 8, 3)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with clock.frozen(DAY):
        yield


def _person(world: World, name: str, born_on: date | None = None, union: str = "grid-a") -> int:
    return persons.register_person(
        union_id=world.union(union).pk, name=name, born_on=born_on, acting_user=world.user("su")
    ).pk


def _home(world: World, name: str, *children: tuple[str, date | None]) -> tuple[int, list[int]]:
    """A household with its head and children; the head's id comes first."""
    officer, head = world.user("su"), _person(world, name, date(1985, 1, 1))
    home: Household = households.register_household(
        union_id=world.union("grid-a").pk, head_id=head, address="", registered_on=date(2020, 1, 1), acting_user=officer
    )
    made = [_person(world, child, born) for child, born in children]
    for child in made:
        households.add_member(
            household_id=home.pk, person_id=child, relation="child", valid_from=date(2020, 1, 1), acting_user=officer
        )
    return home.pk, [head, *made]


def _stage(world: World, person_id: int, stage: str, on: date = date(2026, 7, 1), proof: int = BUREAU) -> None:
    facts.record_fact(
        subject_kind="person", subject_id=person_id, code="school_stage", value=stage, proof=proof, true_on=on,
        source_zh="学籍", source_en="School register", acting_user=world.user("su"),
    )  # fmt: skip


def test_a_member_is_who_has_an_open_spell_on_the_day_and_who_is_on_no_roll_is_unknown(world: World) -> None:
    person, nobody = _person(world, "向日葵"), _person(world, "无患子")
    spells = [(date(2020, 3, 1), date(2022, 5, 1)), (date(2023, 1, 1), date(2024, 6, 1)), (date(2024, 6, 1), None)]
    for joined, ended in spells:
        MembershipSpell.objects.create(
            person_id=person, union_id=world.union("grid-a").pk, joined_on=joined, ended_on=ended
        )
    edges = {day for spell in spells for edge in spell if edge for day in (edge - A_DAY, edge, edge + A_DAY)}
    for day in sorted(edges):
        found = support_readers.union_member([person, nobody], day)
        begun = [spell for spell in spells if spell[0] <= day]
        member = any(ended is None or day < ended for _joined, ended in begun)
        assert (found[person].value if person in found else None) == (member if begun else None), day
        assert nobody not in found


def test_the_day_a_membership_begins_or_ends_is_foretold(world: World) -> None:
    person, union = _person(world, "向日葵"), world.union("grid-a").pk
    MembershipSpell.objects.create(
        person_id=person, union_id=union, joined_on=date(2020, 1, 1), ended_on=date(2026, 8, 1)
    )
    MembershipSpell.objects.create(person_id=person, union_id=union, joined_on=date(2026, 9, 1), ended_on=None)
    ends = support_readers.union_member([person], date(2026, 7, 1))[person]
    assert (ends.value, ends.next_change_on) == (True, date(2026, 8, 1))
    begins = support_readers.union_member([person], date(2026, 8, 15))[person]
    assert (begins.value, begins.next_change_on) == (False, date(2026, 9, 1))


def test_on_no_roll_is_no_only_where_the_rolls_were_complete(world: World) -> None:
    here, there = _person(world, "向日葵"), _person(world, "金银花", union="town-b")
    record_coverage(
        register="membership", union_id=world.union("town-a").pk, complete_on=DAY, source="会员普查",
        acting_user=world.user("su"),
    )  # fmt: skip
    found = support_readers.union_member(None, DAY)
    assert found[here].value is False
    assert there not in found


def test_a_household_has_a_worker_when_one_member_is_and_has_none_when_that_is_known_of_all(world: World) -> None:
    officer = world.user("su")
    working, (head, _child) = _home(world, "向日葵", ("葵小满", date(2015, 1, 1)))
    idle, _members = _home(world, "无患子")
    firm = employers.register_employer(
        union_id=world.union("grid-a").pk, name="葵园电子", credit_code=credit_code(11), acting_user=officer
    )
    employers.start_employment(
        person_id=head, employer_id=firm.pk, started_on=DAY, form="contract", source="花名册", acting_user=officer
    )
    assert support_readers.has_worker(None, DAY - A_DAY) == {}
    assert {pk: one.value for pk, one in support_readers.has_worker([working, idle], DAY).items()} == {working: True}
    record_coverage(
        register="employment", union_id=world.union("town-a").pk, complete_on=DAY, source="人社", acting_user=officer
    )
    found = support_readers.has_worker([working, idle], DAY)
    assert {pk: one.value for pk, one in found.items()} == {working: True, idle: False}


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (("junior", "university"), 2),
        (("none", "university"), 1),
        (("none", "none"), 0),
        ((None, "university"), None),
        (("junior", None), None),
    ],
)
def test_children_at_school_are_counted_and_one_unknown_makes_the_number_unknown(
    world: World, stages: tuple[str | None, ...], expected: int | None
) -> None:
    home, people = _home(world, "向日葵", ("葵小满", date(2012, 1, 1)), ("葵小暑", date(2006, 1, 1)))
    for person, stage in zip(people[1:], stages, strict=True):
        if stage is not None:
            _stage(world, person, stage, proof=VISIT)
    found = support_readers.children_at_school([home], DAY)
    assert (found[home].value if home in found else None) == expected
    if expected is not None:
        assert (found[home].proof, found[home].on) == (VISIT, date(2026, 7, 1))


def test_before_school_age_nobody_is_asked_and_the_birthday_is_foretold(world: World) -> None:
    home, _people = _home(world, "向日葵", ("葵小满", date(2020, 8, 4)))
    before = support_readers.children_at_school([home], DAY)[home]
    assert (before.value, before.next_change_on) == (0, date(2026, 8, 4))
    assert support_readers.children_at_school([home], date(2026, 8, 4)) == {}


def test_a_household_without_children_has_none_at_school_and_a_child_who_left_it_does_not_count(world: World) -> None:
    nobody, _head = _home(world, "无患子")
    home, people = _home(world, "向日葵", ("葵小满", date(2012, 1, 1)))
    _stage(world, people[1], "junior")
    expected = FactReading(1, BUREAU, date(2026, 7, 1), "家庭成员的就读情况", "Schools of the household's members")
    assert support_readers.children_at_school([home, nobody], DAY)[home] == expected
    HouseholdMember.objects.filter(person_id=people[1]).update(valid_to=DAY)
    left = support_readers.children_at_school(None, DAY)
    assert (left[home].value, left[nobody].value) == (0, 0)
