"""What somebody edits between the preview and the entry is never written over: the roster comes back and says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

import pytest
from django.db import OperationalError
from django.urls import reverse

from niangjia.people.models import Employer, Household, Person, RosterImport
from niangjia.people.rosters.judging import Row
from niangjia.people.services import roster_work
from niangjia.people.services.persons import register_person
from niangjia.people.tests.tables import MEMBERS, enter, hand_in, rows_of, work, workbook
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.test_roster_kinds import HOME
from niangjia.people.tests.test_rosters import NUMBERS, rows
from niangjia.people.tests.world import World, credit_code

pytestmark = pytest.mark.one_database
FIRMS = ("企业名称", "统一社会信用代码", "职工人数")


class Case(NamedTuple):
    """One column that two officers correct: what stood there, what a colleague writes, what the table says."""

    kind: str
    headings: Sequence[str]
    row: Callable[[Any], Sequence[Any]]
    stored: Callable[[], Any]
    values: tuple[Any, Any, Any]
    shown: str  # what stood there when the officer looked


CASES = {
    "phone": Case(
        "members", MEMBERS, lambda said: ("车前草", NUMBERS[0], said, date(2024, 3, 1)),
        lambda: Person.objects.get().phone.removeprefix("+86"), ("13800000001", "13900000002", "13700000003"), "手机号",
    ),
    "address": Case(
        "households", HOME, lambda said: ("杜仲山", NUMBERS[1], "户主", said),
        lambda: Household.objects.get().address, ("小满镇1号", "小满镇2号", "小满镇3号"), "小满镇1号",
    ),
    "staff": Case(
        "employers", FIRMS, lambda said: ("榴红食品", credit_code(1), said),
        lambda: Employer.objects.get().staff_count, (46, 47, 48), "46",
    ),
}  # fmt: skip


def corrected_meanwhile(world: World, case: Case) -> RosterImport:
    """A table shows one correction, a colleague makes another one: the table as it waits for approval."""
    su, jiang, town = world.user("su"), world.user("jiang"), world.union("town-a")
    stood, colleague, table = (workbook([case.headings, case.row(value)]) for value in case.values)
    enter(hand_in(stood, su, town.pk, case.kind), su)
    roster = hand_in(table, su, town.pk, case.kind)
    assert (roster.state, roster.counts["changed"]) == ("checked", 1)
    assert enter(hand_in(colleague, jiang, town.pk, case.kind), jiang).state == "done"
    return roster


@pytest.mark.parametrize("name", CASES)
def test_a_colleagues_correction_is_not_written_over(world: World, name: str) -> None:
    case = CASES[name]
    roster = enter(corrected_meanwhile(world, case), world.user("su"))
    assert case.stored() == case.values[1], "the colleague's correction stands"
    assert (roster.state, roster.fault) == ("checked", "changed_since")
    assert (roster.counts["changed"], roster.counts["since"]) == (1, 1)
    client, address = client_of(world, "su"), reverse("roster_file", args=[roster.public_id])
    page = client.get(address).content.decode()
    assert "库里的内容有变动，当时是：" in page
    assert case.shown in page.split("当时是：")[1].split("</p>")[0]
    roster = enter(roster, world.user("su"))
    assert (roster.state, case.stored()) == ("done", case.values[2]), "looked at anew, it goes in"
    assert "当时是：" not in client.get(address).content.decode()
    assert not roster.blocks.filter(verdict__startswith="seen").exists()


@pytest.mark.parametrize("name", CASES)
def test_control_without_the_comparison_the_correction_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def same_verdict(row: Row, verdict: str, differences: list[dict[str, Any]]) -> bool:
        return row.verdict == verdict

    monkeypatch.setattr(roster_work, "still_says", same_verdict)
    roster = enter(corrected_meanwhile(world, CASES[name]), world.user("su"))
    assert (roster.state, CASES[name].stored()) == ("done", CASES[name].values[2])


def test_each_row_that_changed_since_says_how(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One was new, one said the same as the file, one was to be corrected; the fourth nobody touched."""
    monkeypatch.setattr(roster_work, "CHUNK", 2)
    su, jiang, town = world.user("su"), world.user("jiang"), world.union("town-a")
    enter(hand_in(workbook([MEMBERS, *rows(3)[1:]]), su, town.pk), su)
    table = rows(4)
    table[2][2] = "13700000007"
    roster = hand_in(workbook([MEMBERS, *table]), su, town.pk)
    assert [roster.counts[verdict] for verdict in ("new", "same", "changed")] == [2, 1, 1]
    register_person(union_id=town.pk, name="车前草", id_number=NUMBERS[0], acting_user=jiang)
    edited = rows(3)[1:]
    edited[0][2], edited[1][2] = "13900000005", "13900000006"
    enter(hand_in(workbook([MEMBERS, *edited]), jiang, town.pk), jiang)
    roster = enter(roster, su)
    assert (roster.state, roster.counts["since"]) == ("checked", 3)
    assert {row["l"]: row["c"]["was"] for row in rows_of(roster, "since")} == {2: "new", 3: "", 4: "changed"}
    assert all("c" not in row for row in rows_of(roster, "new"))
    client = client_of(world, "su")
    page = client.get(reverse("roster_file", args=[roster.public_id])).content.decode()
    assert "上次看的时候，这行是新增" in page
    assert "上次看的时候，这行没有要录的内容" in page
    assert "手机号" in page.split("当时是：")[1]


def test_a_check_that_begins_twice_still_knows_what_was_approved(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies while it checks anew: the next one holds the rows against the same look."""

    def die(*words: object) -> None:
        raise OperationalError("the database went away")

    roster = corrected_meanwhile(world, CASES["phone"])
    with monkeypatch.context() as patched:
        patched.setattr(roster_work, "_note_told", die)
        assert enter(roster, world.user("su")).state == "received"
    RosterImport.objects.filter(pk=roster.pk).update(held_until=0)
    assert work(roster).counts["since"] == 1
