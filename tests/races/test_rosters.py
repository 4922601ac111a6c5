"""Several officers and workers at one roster at the same moment: one of them has his way, everything goes in once."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from niangjia.core.errors import NotFoundHere
from niangjia.people.services import roster_undo, roster_work, rosters
from tests.races.test_lists import RACERS, WAIT, _race

if TYPE_CHECKING:
    from tests.demo_stage import DemoCounty

PLANTS = ("柳絮飞", "榆钱儿", "槐米香")


def _handed_in(county: DemoCounty) -> Any:
    """A checked roster of three people who are nobody."""
    # The models cannot be imported when this file is read first.
    from niangjia.people.tests.tables import MEMBERS, hand_in, text_table  # noqa: PLC0415
    from niangjia.people.tests.world import identity_number  # noqa: PLC0415

    rows = [
        (name, identity_number(date(1990, 1, 2), 900 + at, "990888"), f"1000009{at:04d}", "2024-03-01")
        for at, name in enumerate(PLANTS)
    ]
    officer = county.user("江篱")
    union_id = _own_union(officer)
    return hand_in(text_table([MEMBERS, *rows]), officer, union_id, name="名册.csv")


def _own_union(officer: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT union_id FROM federation_grant WHERE user_id = %s", [officer.pk])
        return int(cursor.fetchone()[0])


def _new_people() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM people_person WHERE name IN (%s, %s, %s)", PLANTS)
        return int(cursor.fetchone()[0])


def _approve_or_drop(county: DemoCounty, public_id: str, number: int) -> None:
    service = rosters.approve_roster if number % 2 else rosters.drop_roster
    service(public_id=public_id, acting_user=county.user("江篱"))


def test_of_officers_who_approve_and_lay_aside_one_has_his_way(own_county: DemoCounty) -> None:
    roster = _handed_in(own_county)
    ends = _race(lambda number: _approve_or_drop(own_county, roster.public_id, number))
    assert ends == {"done": 1, "NotAtThisStep": RACERS - 1}


def test_control_a_step_that_does_not_look_at_the_state_lets_all_of_them(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    def go_on(roster: Any, allowed: tuple[str, ...], state: str, **fields: Any) -> None:
        type(roster).objects.filter(pk=roster.pk).update(state=state, **fields)

    monkeypatch.setattr(rosters, "_go_on", go_on)
    roster = _handed_in(own_county)
    ends = _race(lambda number: _approve_or_drop(own_county, roster.public_id, number))
    assert ends["done"] > 1


def test_workers_at_once_enter_a_roster_once(own_county: DemoCounty) -> None:
    roster = _handed_in(own_county)
    rosters.approve_roster(public_id=roster.public_id, acting_user=own_county.user("江篱"))
    before = _new_people()
    _race(lambda number: roster_work.work_rosters())
    assert (before, _new_people()) == (0, len(PLANTS))
    roster.refresh_from_db()
    assert (roster.state, roster.deeds.count()) == ("done", 1)


def _enter_while_somebody_corrects(county: DemoCounty, monkeypatch: pytest.MonkeyPatch) -> str:
    """A table brings another telephone while a colleague corrects it: whose stands in the end.

    The colleague comes after the entry has read what is stored, and before it writes.
    """
    from niangjia.people.models import Person  # noqa: PLC0415
    from niangjia.people.rosters.judging import Judge  # noqa: PLC0415
    from niangjia.people.tests.tables import MEMBERS, enter, hand_in, text_table  # noqa: PLC0415

    officer = county.user("江篱")
    enter(_handed_in(county), officer)
    person = Person.objects.get(name=PLANTS[0])
    table = text_table([MEMBERS, (person.name, person.id_number, "10000098888", "2024-03-01")])
    roster = hand_in(table, officer, _own_union(officer), name="名册.csv")
    rosters.approve_roster(public_id=roster.public_id, acting_user=officer)
    was_read, corrected, write = threading.Event(), threading.Event(), Judge.write

    def wait_and_write(judge: Judge, *words: Any) -> None:
        was_read.set()
        corrected.wait(WAIT)
        write(judge, *words)

    def act(number: int) -> None:
        if number:
            roster_work.work_rosters()
            return
        was_read.wait(10 * WAIT)
        with transaction.atomic():
            mine = Person.objects.select_for_update().get(pk=person.pk)
            mine.phone = "+8610000097777"
            mine.save()
        corrected.set()

    monkeypatch.setattr(Judge, "write", wait_and_write)
    _race(act, 2)
    return Person.objects.get(pk=person.pk).phone.removeprefix("+86")


@pytest.mark.nightly
def test_a_correction_during_the_entry_is_not_written_over(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _enter_while_somebody_corrects(own_county, monkeypatch) == "10000097777"


@pytest.mark.nightly
def test_control_without_holding_them_the_correction_is_lost(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    from niangjia.people.rosters.judging import Frame  # noqa: PLC0415

    monkeypatch.setattr(Frame, "hold", lambda frame, rows, *with_them: rows)
    # SQLite lets one writer in at a time, so there the lock is spare.
    stands = "10000098888" if connection.vendor == "postgresql" else "10000097777"
    assert _enter_while_somebody_corrects(own_county, monkeypatch) == stands


def _undo_while_somebody_records(county: DemoCounty, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Take a roster back while a fact is recorded about one of its people: how many are left, and facts of nobody.

    The fact comes after the undo has read what was done to whom, and before it deletes anything.
    """
    from niangjia.core.facts import facts  # noqa: PLC0415
    from niangjia.people.services.facts import record_fact  # noqa: PLC0415

    roster, officer = _handed_in(county), county.user("江篱")
    rosters.approve_roster(public_id=roster.public_id, acting_user=officer)
    roster_work.work_rosters()
    rosters.undo_roster(public_id=roster.public_id, acting_user=officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM people_person WHERE name = %s", [PLANTS[0]])
        person_id = int(cursor.fetchone()[0])
    code = next(fact.code for fact in facts.all() if fact.recorded and (fact.subject, fact.type) == ("person", "bool"))
    was_read, reasons = threading.Event(), roster_undo._reasons

    def read_and_wait(*words: Any) -> Any:
        found = reasons(*words)
        was_read.set()
        recorded.wait(WAIT)
        return found

    def act(number: int) -> None:
        if number:
            roster_work.work_rosters()
            return
        was_read.wait(10 * WAIT)
        with suppress(NotFoundHere):
            record_fact(
                subject_kind="person", subject_id=person_id, code=code, value=True, proof=2, true_on=date(2026, 8, 3),
                source_zh="证明", source_en="paper", acting_user=None,
            )  # fmt: skip
        recorded.set()

    recorded = threading.Event()
    monkeypatch.setattr(roster_undo, "_reasons", read_and_wait)
    _race(act, 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM people_recordedfact WHERE subject_kind = 'person' AND subject_id = %s "
            "AND NOT EXISTS (SELECT 1 FROM people_person WHERE id = %s)", [person_id, person_id]
        )  # fmt: skip
        return _new_people(), int(cursor.fetchone()[0])


@pytest.mark.nightly
def test_whoever_edits_while_a_roster_is_taken_back_waits_and_finds_it_gone(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _undo_while_somebody_records(own_county, monkeypatch) == (0, 0)


@pytest.mark.nightly
def test_control_without_the_lock_a_fact_of_nobody_is_left(
    own_county: DemoCounty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_undo, "_hold", lambda rows: None)
    # SQLite lets one writer in at a time, so there the lock is spare.
    left = 1 if connection.vendor == "postgresql" else 0
    assert _undo_while_somebody_records(own_county, monkeypatch) == (0, left)
