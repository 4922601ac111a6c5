"""Who stands in one roster twice: the check and the entry agree, however far apart the rows are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from niangjia.core import clock
from niangjia.people.models import MembershipSpell, Person
from niangjia.people.services import roster_work
from niangjia.people.services.persons import register_person
from niangjia.people.tests.tables import MEMBERS, enter, hand_in, sentences, workbook
from niangjia.people.tests.test_rosters import NUMBERS, rows
from niangjia.people.tests.world import World, identity_number


def _twice(table: list[list[object]], at: int, number: object) -> list[list[object]]:
    """The first row once more, with another number, so many rows below it."""
    again = [table[0][0], number, *table[0][2:]]
    return [*table[:at], again, *table[at:]]


@pytest.mark.parametrize("distance", [1, 7])
@pytest.mark.parametrize(("number", "told"), [(NUMBERS[30], "另一个身份证号"), ("", "第2行")])
def test_whoever_stands_in_the_table_twice_goes_in_once(
    world: World, monkeypatch: pytest.MonkeyPatch, distance: int, number: str, told: str
) -> None:
    """Name and telephone twice, a number mistyped or missing: refused alike in one stretch of rows and beyond it."""
    monkeypatch.setattr(roster_work, "CHUNK", 3)
    su, town = world.user("su"), world.union("town-a")
    roster = hand_in(workbook([MEMBERS, *_twice(rows(9), distance, number)]), su, town.pk)
    assert (roster.counts["new"], roster.counts["refused"]) == (9, 1)
    assert told in sentences(roster)[distance + 2]
    assert enter(roster, su).state == "done"
    assert Person.objects.count() == 9


def test_of_two_sheets_the_same_line_is_not_the_same_row(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    roster = hand_in(workbook([MEMBERS, *rows(1)], [MEMBERS, *rows(1)], names=("一村", "二村")), su, town.pk)
    assert (roster.counts["new"], roster.counts["refused"]) == (1, 1)
    assert "“一村”表第2行" in sentences(roster)[2]
    assert enter(roster, su).state == "done"
    assert Person.objects.count() == 1


def test_a_row_that_is_refused_stands_in_nobodys_way(world: World) -> None:
    """The first row has a day to come, the second is right: the second goes in."""
    su, town = world.user("su"), world.union("town-a")
    wrong, right = rows(1)[0], rows(1)[0]
    wrong[3] = clock.today() + timedelta(days=30)
    roster = hand_in(workbook([MEMBERS, wrong, right]), su, town.pk)
    assert set(sentences(roster)) == {2}
    assert "还没到" in sentences(roster)[2]
    assert enter(roster, su).state == "done"
    assert MembershipSpell.objects.get().joined_on == date(2024, 3, 1)


def test_a_file_that_a_row_changes_is_not_changed_by_another(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row brings a new telephone, another knows him by the old one: the check and the entry agree."""
    monkeypatch.setattr(roster_work, "CHUNK", 3)
    su, town = world.user("su"), world.union("town-a")
    register_person(union_id=town.pk, name="车前草", id_number=NUMBERS[0], phone="13811111111", acting_user=su)
    table = [*rows(8), ["车前草", "", "13811111111", date(2024, 3, 1)]]
    roster = hand_in(workbook([MEMBERS, *table]), su, town.pk)
    assert set(sentences(roster)) == {10}
    assert "第2行" in sentences(roster)[10]
    assert enter(roster, su).state == "done"


@pytest.mark.nightly
@pytest.mark.parametrize("number", [NUMBERS[30], ""])
def test_more_than_five_hundred_rows_apart_too(world: World, number: str) -> None:
    """At the real length of a stretch."""
    su, town = world.user("su"), world.union("town-a")
    table = [
        ["柳絮飞", identity_number(date(1980, 1, 1) + timedelta(days=at), at), f"139{at:08d}", date(2024, 3, 1)]
        for at in range(roster_work.CHUNK + 40)
    ]
    roster = hand_in(workbook([MEMBERS, *_twice(table, roster_work.CHUNK + 20, number)]), su, town.pk)
    assert (roster.counts["new"], roster.counts["refused"]) == (len(table), 1)
    assert enter(roster, su).state == "done"
    assert Person.objects.count() == len(table)
