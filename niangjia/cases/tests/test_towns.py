"""A task goes down to the towns, answers come back, and the county knows who is late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from niangjia.cases import queries, towns
from niangjia.cases.handing import next_month
from niangjia.cases.models import Assignment, DueReturn, ReturnAnswer
from niangjia.cases.services import assignments
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.federation.models import AuditRow
from niangjia.people.services.roster_work import work_rosters
from niangjia.people.services.rosters import approve_roster
from niangjia.people.tests.tables import MEMBERS, hand_in, workbook
from niangjia.people.tests.test_rosters import rows
from niangjia.people.tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
DUE = date(2026, 8, 10)


def handed_down(world: World, by: str = "su", union: str = "county", **words: object) -> Assignment:
    """A task of the county for its towns."""
    values = {
        "title": "7月困难职工动态", "request": "报新增和退出", "due_on": DUE,
        "request_id": f"r-{Assignment.objects.count()}", "nil_allowed": True, **words,
    }  # fmt: skip
    return assignments.hand_down(union_id=world.union(union).pk, acting_user=world.user(by), **values)  # type: ignore[arg-type]


def owed(task: Assignment, world: World, union: str) -> DueReturn:
    """What one union owes."""
    return task.returns.get(union=world.union(union))


def give(world: World, task: Assignment, union: str, by: str, kind: str = "words", **words: object) -> ReturnAnswer:
    """Return it."""
    values = {"words": "新增1户，退出0户" if kind == "words" else "", **words}
    due = owed(task, world, union)
    return assignments.give_return(due_public_id=due.public_id, kind=kind, acting_user=world.user(by), **values)  # type: ignore[arg-type]


def test_all_unions_directly_below_are_asked_and_no_others(world: World) -> None:
    task = handed_down(world)
    assert {due.union.code for due in task.returns.all()} == {"town-a", "town-b"}
    chosen = handed_down(world, to_unions=[world.union("town-b").pk])
    assert [due.union.code for due in chosen.returns.all()] == ["town-b"]
    for foreign in ("grid-a", "far-town", "county"):
        with pytest.raises(NotFoundHere):
            handed_down(world, to_unions=[world.union(foreign).pk])
    with pytest.raises(assignments.NoUnionsBelow):
        handed_down(world, hierarchy="industry")


def test_sent_twice_it_is_one_task(world: World) -> None:
    first = handed_down(world, request_id="same")
    assert handed_down(world, request_id="same") == first
    world.officer("far", "county_officer", "other-county")
    with pytest.raises(NotFoundHere):
        handed_down(world, by="far", union="other-county", request_id="same")


def test_who_may_do_what(world: World) -> None:
    task = handed_down(world)
    due = owed(task, world, "town-a")
    with pytest.raises(RightMissing):
        handed_down(world, by="lian")
    with pytest.raises(NotFoundHere):
        handed_down(world, by="jiang")
    with pytest.raises(NotFoundHere):
        give(world, task, "town-a", "bai")
    give(world, task, "town-a", "jiang")
    with pytest.raises(NotFoundHere):
        assignments.send_back(due_public_id=due.public_id, sentence="x", due_on=DUE, acting_user=world.user("jiang"))
    with pytest.raises(NotFoundHere):
        queries.assignment_in(world.user("jiang"), task.public_id)
    with pytest.raises(NotFoundHere):
        queries.due_return_in(world.user("bai"), due.public_id)
    assert [row.union.code for row in queries.asked_of(world.user("bai"))] == ["town-b"]
    assert list(queries.asked_of(world.user("su"))) == []


def test_what_was_returned_is_sent_back_with_a_sentence_and_a_later_day(world: World) -> None:
    task = handed_down(world)
    give(world, task, "town-a", "jiang")
    due = owed(task, world, "town-a")
    send = {"due_public_id": due.public_id, "due_on": DUE + timedelta(days=2), "acting_user": world.user("su")}
    with pytest.raises(assignments.SentenceMissing):
        assignments.send_back(sentence=" ", **send)
    assignments.send_back(sentence="第3行缺证号", **send)
    with pytest.raises(assignments.NotAtThisStep):
        assignments.send_back(sentence="又缺", **send)
    due.refresh_from_db()
    assert (due.state, due.due_on) == ("sent_back", DUE + timedelta(days=2))
    assert give(world, task, "town-a", "jiang").number == 2
    with pytest.raises(assignments.NotAtThisStep):
        give(world, task, "town-a", "jiang")
    assert [answer.number for answer in due.answers.order_by("number")] == [1, 2]


def test_entered_on_behalf_is_recorded_as_such_and_the_town_sees_by_whom(world: World, client: Client) -> None:
    task = handed_down(world)
    assert give(world, task, "town-a", "jiang").on_behalf is False
    assert give(world, task, "town-b", "su", "nil").on_behalf is True
    assert AuditRow.objects.filter(action="cases.return:give_on_behalf", union_id=world.union("town-b").pk).count() == 1
    client.force_login(world.user("bai"))
    page = client.get(f"/desk/returns/{owed(task, world, 'town-b').public_id}/").content.decode()
    assert "su·葵代录" in page.replace(" ", "").replace("由", "")


def test_nil_only_where_it_is_accepted_and_words_only_where_no_roster_is_asked(world: World) -> None:
    strict = handed_down(world, nil_allowed=False)
    with pytest.raises(assignments.NilNotAllowed):
        give(world, strict, "town-a", "jiang", "nil")
    with pytest.raises(assignments.WordsMissing):
        give(world, strict, "town-a", "jiang", words=" ")
    roster = handed_down(world, roster_kind="hardship")
    with pytest.raises(NotFoundHere):
        give(world, roster, "town-a", "jiang")


def test_a_roster_is_returned_once_it_is_entered(world: World) -> None:
    task = handed_down(world, roster_kind="members")
    table = hand_in(workbook([MEMBERS, *rows()]), world.user("jiang"), world.union("town-a").pk)
    with pytest.raises(assignments.RosterMissing):
        give(world, task, "town-a", "jiang", "roster")
    with pytest.raises(NotFoundHere):  # not entered yet
        give(world, task, "town-a", "jiang", "roster", roster_public_id=table.public_id)
    approve_roster(public_id=table.public_id, acting_user=world.user("jiang"))
    work_rosters()
    with pytest.raises(NotFoundHere):  # another town's
        give(world, task, "town-b", "su", "roster", roster_public_id=table.public_id)
    assert give(world, task, "town-a", "jiang", "roster", roster_public_id=table.public_id).roster == table


def test_a_task_is_taken_back_only_while_nobody_has_answered(world: World) -> None:
    task = handed_down(world)
    give(world, task, "town-a", "jiang")
    with pytest.raises(assignments.AnsweredAlready):
        assignments.withdraw(public_id=task.public_id, acting_user=world.user("su"))
    other = handed_down(world)
    assignments.withdraw(public_id=other.public_id, acting_user=world.user("su"))
    with pytest.raises(NotFoundHere):
        give(world, other, "town-a", "jiang")
    assert [row.assignment for row in queries.asked_of(world.user("jiang"))] == [task]


def test_late_counts_working_days_until_something_is_returned(world: World) -> None:
    task = handed_down(world, due_on=date(2026, 8, 7))
    give(world, task, "town-b", "bai")
    with clock.frozen(date(2026, 8, 9)):  # Sunday
        assert towns.progress(task).late == []
    with clock.frozen(date(2026, 8, 11)):  # Tuesday
        shown = towns.progress(task)
        assert [(row.name, row.late) for row in shown.rows] == [("town-a工会", 2), ("town-b工会", 0)]
        give(world, task, "town-a", "jiang", "nil")
        shown = towns.progress(task)
        assert (shown.late, [row.answered_late for row in shown.rows]) == ([], [2, 0])


def test_a_level_hands_on_what_is_asked_of_it_and_the_level_above_looks_through(world: World) -> None:
    world.officer("yun-officer", "county_officer", "province")
    world.officer("city-officer", "county_officer", "city")
    top = handed_down(world, by="yun-officer", union="province")
    assert [due.union.code for due in top.returns.all()] == ["city"]
    middle = handed_down(world, by="city-officer", union="city", part_of=owed(top, world, "city"))
    assert {due.union.code for due in middle.returns.all()} == {"county", "other-county"}
    late = {"by": "su", "part_of": owed(middle, world, "county"), "due_on": DUE + timedelta(days=1)}
    with pytest.raises(assignments.DueAfterOwnDay):
        handed_down(world, **late)  # type: ignore[arg-type]
    with pytest.raises(NotFoundHere):  # another union's
        handed_down(world, by="su", part_of=owed(middle, world, "other-county"))
    low = handed_down(world, by="su", part_of=owed(middle, world, "county"))
    give(world, low, "town-a", "jiang", "nil")
    county = next(row for row in towns.progress(middle).rows if row.due.union.code == "county")
    assert [(one.assignment, one.asked, one.returned) for one in county.handed_on] == [(low, 2, 1)]
    assert queries.assignment_in(world.user("yun-officer"), low.public_id) == low
    with pytest.raises(NotFoundHere):
        queries.assignment_in(world.user("su"), top.public_id)


@pytest.mark.parametrize("state", ["due", "returned", "sent_back", "else"])
def test_the_database_refuses_a_state_without_its_answer(world: World, state: str) -> None:
    due = owed(handed_down(world), world, "town-a")
    wrong = {"state": state, "answered": 1 if state in ("due", "else") else 0}
    with pytest.raises(IntegrityError), transaction.atomic():
        DueReturn.objects.filter(pk=due.pk).update(**wrong)


def test_the_database_refuses_half_answers_and_changes_of_answers(world: World) -> None:
    task = handed_down(world)
    answer = give(world, task, "town-a", "jiang")
    half = {"number": 9, "given_by": world.user("jiang"), "given_at": clock.now(), "due_return": answer.due_return}
    for wrong in ({"kind": "words"}, {"kind": "roster"}, {"kind": "else", "words": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReturnAnswer.objects.create(**half, **wrong)
    for change in (lambda: ReturnAnswer.objects.update(number=7), lambda: ReturnAnswer.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 7, 31), date(2026, 8, 31)),
        (date(2026, 7, 8), date(2026, 8, 10)),  # the 8th is a Saturday
        (date(2026, 1, 31), date(2026, 8, 28)),  # months that have passed are left out
    ],
)
def test_next_month_is_the_same_day_or_the_next_working_day(world: World, day: date, following: date) -> None:
    assert next_month(day) == following
