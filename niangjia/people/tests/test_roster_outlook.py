"""Before a roster is taken back, its page says how many rows go, which stay and why; looking writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse

from niangjia.federation.models import AuditRow
from niangjia.people.models import HouseholdMember, MembershipSpell, Person, RosterImport
from niangjia.people.services import roster_work, rosters
from niangjia.people.services.employers import register_employer, start_employment
from niangjia.people.services.homes import leave_household
from niangjia.people.services.households import add_member, register_household
from niangjia.people.services.merges import merge_persons
from niangjia.people.services.persons import register_person
from niangjia.people.services.roster_work import work_rosters
from niangjia.people.tests.tables import MEMBERS, digests, enter, hand_in, rows_of, sentences, work, workbook
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.test_roster_kinds import HOME, NUMBERS as HOME_NUMBERS
from niangjia.people.tests.test_rosters import NUMBERS, rows
from niangjia.people.tests.world import World, credit_code

pytestmark = pytest.mark.one_database
DAY = date(2026, 8, 1)


def take_a_job(world: World, person: Person) -> None:
    """A colleague records a job."""
    jiang = world.user("jiang")
    firm = register_employer(
        union_id=world.union("town-a").pk, name="榴红食品", credit_code=credit_code(1), acting_user=jiang
    )
    start_employment(person_id=person.pk, employer_id=firm.pk, started_on=DAY, source="合同", acting_user=jiang)


def correct_the_phone(world: World, person: Person) -> None:
    """A colleague's table brings another number."""
    line = next(row for row in rows(6) if row[0] == person.name)
    table = [(person.name, person.id_number, "13900000099", line[3])]
    enter(hand_in(workbook([MEMBERS, *table]), world.user("jiang"), world.union("town-a").pk), world.user("jiang"))


def join_a_household(world: World, person: Person) -> None:
    """Somebody becomes a member of a household."""
    jiang, town = world.user("jiang"), world.union("town-a")
    head = register_person(union_id=town.pk, name="槐米香", id_number=NUMBERS[30], acting_user=jiang)
    home = register_household(union_id=town.pk, head_id=head.pk, address="", registered_on=DAY, acting_user=jiang)
    add_member(household_id=home.pk, person_id=person.pk, relation="other", valid_from=DAY, acting_user=jiang)


def merge_into_another(world: World, person: Person) -> None:
    """Somebody's two files become one, and the roster's is the one that leaves."""
    other = register_person(union_id=world.union("town-a").pk, name=person.name, acting_user=world.user("jiang"))
    merge_persons(survivor_id=other.pk, absorbed_id=person.pk, reason="同一个人", acting_user=world.user("su"))


EDITS: dict[str, Callable[[World, Person], None]] = {
    "job": take_a_job, "phone": correct_the_phone, "household": join_a_household, "merge": merge_into_another,
}  # fmt: skip


def entered(world: World) -> RosterImport:
    """Six members, in."""
    return enter(hand_in(workbook([MEMBERS, *rows(6)]), world.user("su"), world.union("town-a").pk), world.user("su"))


def look(roster: RosterImport, world: World) -> RosterImport:
    """What taking it back would do."""
    return work(rosters.look_before_undo(public_id=roster.public_id, acting_user=world.user("su")))


def press(roster: RosterImport, world: World) -> RosterImport:
    """Take it back."""
    return work(rosters.undo_roster(public_id=roster.public_id, acting_user=world.user("su")))


def test_each_later_edit_is_named_before_the_press_and_holds_its_row(world: World) -> None:
    roster = entered(world)
    for at, edit in enumerate(EDITS.values()):
        edit(world, Person.objects.get(name=rows(6)[at][0], memberships__isnull=False))
    before, last = digests(), AuditRow.objects.latest("pk").pk
    roster = look(roster, world)
    assert digests() == before, "looking writes nothing"
    assert [row.action for row in AuditRow.objects.filter(pk__gt=last)] == ["people.roster:foresee"]
    assert (roster.state, roster.counts["would_go"], roster.counts["would_stay"]) == ("done", 2, 4)
    told = sentences(roster, "kept")
    assert set(told) == {2, 3, 4, 5}
    assert all("jiang·葵" in told[line] for line in (2, 3)), told
    assert "后来有别的记录用到了它" in told[4], told
    assert "su·葵" in told[5], told
    names = {row["l"]: row["v"]["name"] for row in rows_of(roster, "kept")}
    assert (names[2], names[3], names[4]) == ("车前草", "艾草青", "麦芒种")
    roster = press(roster, world)
    assert (roster.state, roster.counts["taken_back"], roster.counts["kept"]) == ("undone", 2, 4)
    assert sentences(roster, "kept") == told
    assert set(Person.objects.values_list("name", flat=True)) >= {"车前草", "艾草青", "麦芒种"}
    assert not Person.objects.filter(name__in=[row[0] for row in rows(6)[4:]]).exists()


def test_a_record_that_is_gone_since_holds_its_row(world: World) -> None:
    roster = entered(world)
    MembershipSpell.objects.filter(person__name="车前草").delete()
    roster = look(roster, world)
    assert (roster.counts["would_go"], roster.counts["would_stay"]) == (5, 1)
    assert sentences(roster, "kept") == {2: "这一行录的内容后来改过，保持不动。"}
    assert press(roster, world).counts["taken_back"] == 5
    assert Person.objects.filter(name="车前草").exists()


@pytest.mark.parametrize("name", EDITS)
def test_what_is_edited_between_the_look_and_the_press_stops_it(world: World, name: str) -> None:
    roster = look(entered(world), world)
    assert (roster.counts["would_go"], roster.counts["would_stay"]) == (6, 0)
    EDITS[name](world, Person.objects.get(name="车前草"))
    before = digests()
    roster = press(roster, world)
    assert (roster.state, roster.fault, digests()) == ("done", "look_again", before), "nothing was taken back"
    assert (roster.counts["would_go"], roster.counts["would_stay"]) == (5, 1)
    assert set(sentences(roster, "kept")) == {2}
    page = client_of(world, "su").get(reverse("roster_undo", args=[roster.public_id])).content.decode()
    assert "您看过以后又有人改过" in page
    roster = press(roster, world)
    assert (roster.state, roster.fault) == ("undone", "")
    assert (roster.counts["taken_back"], roster.counts["kept"]) == (5, 1)


def test_control_without_the_comparison_the_press_does_what_nobody_saw(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster = look(entered(world), world)
    take_a_job(world, Person.objects.get(name="车前草"))
    monkeypatch.setattr("niangjia.people.services.roster_undo._listed", lambda roster: [1])
    assert press(roster, world).state == "undone"


def test_the_page_says_it_before_the_press(world: World) -> None:
    roster = entered(world)
    take_a_job(world, Person.objects.get(name="艾草青"))
    client, address = client_of(world, "su"), reverse("roster_undo", args=[roster.public_id])
    before = digests()
    first = client.get(address).content.decode()
    assert "先看看哪些会留下" in first
    assert 'name="take_back"' not in first
    assert client.post(address, {"take_back": "yes"}).status_code == 302, "nobody takes back what he has not seen"
    roster.refresh_from_db()
    assert (roster.state, roster.undone_by) == ("undoing", None)
    waiting = client.get(address).content.decode()
    assert "hx-get" in waiting
    assert "还没有撤回" in waiting
    work_rosters()
    shown = client.get(address).content.decode()
    numbers = re.findall(r"<b>(\d+行)</b>", shown)
    assert numbers == ["5行", "1行"]
    assert "艾草青" in shown
    assert "为什么不动" in shown
    assert "jiang·葵" in shown
    assert digests() == before
    assert client.post(address, {"take_back": "yes"}).status_code == 302
    work_rosters()
    roster.refresh_from_db()
    assert (roster.state, roster.counts["taken_back"], roster.counts["kept"]) == ("undone", 5, 1)


def test_a_household_over_two_stretches_of_rows_goes_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the later rows of a household are taken back first is no later edit of it."""
    monkeypatch.setattr(roster_work, "CHUNK", 2)
    su, before = world.user("su"), digests()
    table = [(name, HOME_NUMBERS[at], relation, "小满镇2号") for at, (name, relation) in enumerate(
        (("杜仲山", "户主"), ("桑果红", "妻子"), ("杜仲小", "长子"), ("杜仲花", "长女"), ("杜仲草", "次女"))
    )]  # fmt: skip
    roster = enter(hand_in(workbook([HOME, *table]), su, world.union("town-a").pk, "households"), su)
    assert roster.deeds.count() == 3
    roster = look(roster, world)
    assert (roster.counts["would_go"], roster.counts["would_stay"]) == (5, 0), sentences(roster, "kept")
    roster = press(roster, world)
    assert (roster.state, roster.counts["taken_back"], roster.counts["kept"]) == ("undone", 5, 0)
    assert digests() == before


def test_a_household_over_two_stretches_stays_whole(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody left it since: the look and the press say the same of every row of it."""
    monkeypatch.setattr(roster_work, "CHUNK", 2)
    su = world.user("su")
    table = [(name, HOME_NUMBERS[at], relation, "") for at, (name, relation) in enumerate(
        (("杜仲山", "户主"), ("桑果红", "妻子"), ("杜仲小", "长子"), ("谷满仓", "户主"))
    )]  # fmt: skip
    roster = enter(hand_in(workbook([HOME, *table]), su, world.union("town-a").pk, "households"), su)
    son = HouseholdMember.objects.get(person__name="杜仲小")
    leave_household(household_id=son.household_id, place=son.pk, on=date(2026, 8, 4), reason="moved", acting_user=su)
    roster = look(roster, world)
    staying = set(sentences(roster, "kept"))
    assert (roster.counts["would_go"], staying) == (1, {2, 3, 4})
    roster = press(roster, world)
    assert (roster.state, set(sentences(roster, "kept"))) == ("undone", staying)
