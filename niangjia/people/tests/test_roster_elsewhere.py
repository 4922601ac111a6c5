"""A table is no way to ask who is a member elsewhere: so many a day, each on record, and then no answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from niangjia.core import clock
from niangjia.federation.models import AuditRow
from niangjia.people.rosters import elsewhere
from niangjia.people.services.persons import register_person
from niangjia.people.tests.tables import MEMBERS, enter, hand_in, sentences, workbook
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.test_rosters import NUMBERS, rows
from niangjia.people.tests.world import World


@pytest.fixture
def strangers(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Five people of the neighbouring town; two may be told a day."""
    monkeypatch.setattr(elsewhere, "MOST_TOLD_A_DAY", 2)
    for at in range(5):
        register_person(
            union_id=world.union("town-b").pk, name=rows(5)[at][0], id_number=NUMBERS[at], acting_user=world.user("su")
        )
    return world


def asked(world: World, numbers: list[str]) -> dict[int, str]:
    """What a town's table is told about these numbers."""
    table = [["槐米香", number, "", date(2024, 3, 1)] for number in numbers]
    return sentences(hand_in(workbook([MEMBERS, *table]), world.user("jiang"), world.union("town-a").pk))


def test_beyond_the_days_measure_a_member_elsewhere_and_nobody_get_the_same_words(strangers: World) -> None:
    told = asked(strangers, [NUMBERS[0], NUMBERS[20], NUMBERS[1], NUMBERS[2], NUMBERS[21]])
    assert 3 not in told, "before the measure is full somebody new goes in"
    assert "已在别处登记" in told[2]
    assert told[5] == told[6]
    assert "请县工会核对" in told[5]
    again = asked(strangers, [NUMBERS[3], NUMBERS[0], NUMBERS[22]])
    assert (again[2], again[4]) == (told[5], told[5]), "another table the same day does not help"
    assert "已在别处登记" in again[3], "who was told once may be told again"
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert "已在别处登记" in asked(strangers, [NUMBERS[3]])[2]


def test_each_one_told_stands_in_the_trail_and_the_auditor_sees_the_rest(strangers: World) -> None:
    asked(strangers, [*NUMBERS[:5], NUMBERS[20]])
    jiang, town = strangers.user("jiang"), strangers.union("town-a")
    told = AuditRow.objects.filter(action="people.roster:elsewhere", actor=jiang, union_id=town.pk)
    assert told.count() == 2
    assert not any(number in row.after for row in told for number in NUMBERS)
    withheld = AuditRow.objects.get(action="people.roster:withhold")
    assert '"rows":4' in withheld.after
    page = client_of(strangers, "yuan").get(reverse("audit_trail")).content.decode()
    assert "超过一天能告知的人数" in page


def test_what_was_approved_is_entered_whatever_was_told_since(strangers: World) -> None:
    jiang, town = strangers.user("jiang"), strangers.union("town-a")
    roster = hand_in(workbook([MEMBERS, ["槐米香", NUMBERS[20], "", date(2024, 3, 1)]]), jiang, town.pk)
    asked(strangers, NUMBERS[:5])
    assert enter(roster, jiang).state == "done"


def test_control_without_a_measure_every_number_is_answered(strangers: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere, "MOST_TOLD_A_DAY", 10**6)
    told = asked(strangers, [*NUMBERS[:5], NUMBERS[20]])
    assert set(told) == {2, 3, 4, 5, 6}
    assert len(set(told.values())) == 1
