"""Deciding about everybody: who is found, what is kept, and what changes when a fact does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from niangjia.core import clock
from niangjia.core.facts import STATED
from niangjia.federation.services import audit
from niangjia.people.services import facts
from niangjia.policy import evaluate, history
from niangjia.policy.models import Decision, Standing, Sweep
from niangjia.policy.services import sweeps
from niangjia.policy.services.sweeps import sweep, sweep_all
from niangjia.policy.tests.world import MORNING, STUDENTS, Place, add_students, know, published


def tabs(place: Place, version: Any) -> dict[str, str]:
    """Where everybody stands, by name."""
    names = {pk: name for name, pk in place.persons.items()}
    return {names[row.subject_id]: row.tab for row in Standing.objects.filter(version=version)}


def test_everybody_of_the_area_is_found_and_nobody_beyond_it(place: Place) -> None:
    version = published(place)
    # 车前草 is fifteen, 石榴红 far above the line: plain no, counted only; 艾草青 is another county's.
    assert tabs(place, version) == {"向日葵": "yes", "麦冬冬": "one_missing", "金银花": "near", "无患子": "one_missing"}
    counts = Sweep.objects.get(version=version).counts
    assert {name: counts[name] for name in ("asked", "yes", "one_missing", "near", "no", "amount_fen", "written")} == {
        "asked": 6, "yes": 1, "one_missing": 2, "near": 1, "no": 2, "amount_fen": 500_000, "written": 4,
    }  # fmt: skip


def test_what_is_asked_first_is_the_one_missing_fact(place: Place) -> None:
    version = published(place)
    asks = {row.subject_id: row.ask for row in Standing.objects.filter(version=version, tab="one_missing")}
    assert asks == {
        place.persons["麦冬冬"]: "person.admission_letter",
        place.persons["无患子"]: "household.income_per_head",
    }


def test_nothing_is_written_when_nothing_has_changed(place: Place) -> None:
    version = published(place)
    before = list(Standing.objects.order_by("pk").values())
    assert sweep(version=version, trigger="nightly").counts["written"] == 0
    with clock.frozen(MORNING + timedelta(days=1)):
        assert sweep(version=version, trigger="nightly").counts["written"] == 0
    assert list(Standing.objects.order_by("pk").values()) == before


def test_a_birthday_is_found_by_the_nightly_sweep_and_foretold(place: Place) -> None:
    version = published(place, numbers={"aid_per_student": 500_000, "income_line": 150_000, "age_least": 18})
    assert tabs(place, version)["向日葵"] == "yes"
    add_students(place, {"桂花": ("town-a", date(2008, 8, 20), None, 100_000, date(2026, 5, 1), False)})
    know(place, "桂花", "admission_letter", True)
    sweep(version=version, trigger="nightly")
    assert "桂花" not in tabs(place, version)
    with clock.frozen(datetime(2026, 8, 20, 1, 30, tzinfo=clock.LOCAL)):
        assert sweep_all() == "1 versions, 1 decisions written"
    assert tabs(place, version)["桂花"] == "yes"


def test_a_changed_fact_decides_again_about_that_subject_only(place: Place) -> None:
    version = published(place)
    audit.advance_feed()
    kept = dict(Standing.objects.values_list("subject_id", "decision_id"))
    know(place, "麦冬冬", "admission_letter", True)
    audit.advance_feed()
    assert tabs(place, version)["麦冬冬"] == "yes"
    changed = {pk for pk, decision in Standing.objects.values_list("subject_id", "decision_id") if kept[pk] != decision}
    assert changed == {place.persons["麦冬冬"]}


def test_a_fact_of_the_household_decides_again_about_its_members(place: Place) -> None:
    version = published(place)
    audit.advance_feed()
    know(place, "金银花", "income_per_head", 140_000, kind="household")
    audit.advance_feed()
    assert tabs(place, version)["金银花"] == "yes"


def test_a_look_at_a_file_decides_nothing_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    published(place)
    audit.advance_feed()
    with transaction.atomic():
        audit.record(
            "people.file:look", acting_user=place.user("su"), object_kind="person", object_id=place.persons["向日葵"]
        )

    def never(**_more: Any) -> int:
        raise AssertionError("A look changed nothing.")

    monkeypatch.setattr("niangjia.policy.services.feed.redecide", never)
    audit.advance_feed()


def test_a_statement_waits_for_confirmation_and_then_counts(place: Place) -> None:
    version = published(place)
    facts._write(  # what a person's own statement leaves behind
        facts.recordable("person", "admission_letter"), place.persons["麦冬冬"], place.union("town-a"), True, STATED,
        clock.today(), "本人填写", "Stated", None, None,
    )  # fmt: skip
    sweep(version=version, trigger="hand")
    assert tabs(place, version)["麦冬冬"] == "confirm"


def test_who_was_a_yes_and_is_a_no_stays_in_sight(place: Place) -> None:
    version = published(place)
    first = Standing.objects.get(subject_id=place.persons["向日葵"])
    with clock.frozen(MORNING + timedelta(days=3)):
        know(place, "向日葵", "income_per_head", 900_000, kind="household")
        sweep(version=version, trigger="nightly")
        row = Standing.objects.get(pk=first.pk)
        assert (row.tab, row.was_yes, row.changed_at.date()) == ("no_longer", True, date(2026, 8, 6))
    assert Decision.objects.filter(subject_id=place.persons["向日葵"]).count() == 2


def test_who_was_served_under_an_earlier_edition_is_no_longer_and_not_never(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = {place.persons["石榴红"]}
    source = history.History(
        ever_served=lambda _programme, _kind, _ids: served,
        served_anything=lambda kind, _ids: served if kind == "person" else set(),
    )
    monkeypatch.setattr(history.history, "_things", {"test": source})
    version = published(place)
    assert tabs(place, version)["石榴红"] == "no_longer"
    assert not Standing.objects.get(subject_id=place.persons["石榴红"]).first_time
    assert Standing.objects.get(subject_id=place.persons["向日葵"]).first_time


def test_an_income_that_is_too_old_is_not_known_any_more(place: Place) -> None:
    add_students(place, {"莲子": ("town-a", date(2008, 5, 5), True, 100_000, date(2025, 8, 2), False)})
    version = published(place)
    row = Standing.objects.get(subject_id=place.persons["莲子"])
    assert (row.tab, row.ask) == ("one_missing", "household.income_per_head")
    assert tabs(place, version)["向日葵"] == "yes"


def test_of_whom_nothing_is_known_nothing_is_kept(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    blank = {"空心菜": ("town-a", date(2008, 1, 1), None, None, date(2026, 5, 1), False)}
    add_students(place, blank)
    monkeypatch.setattr("niangjia.policy.readings.fact_of", _without_birthday)
    version = published(place)
    assert "空心菜" not in tabs(place, version)
    assert Sweep.objects.get(version=version).counts["silent"] == 1


def _without_birthday(subject: str, code: str) -> Any:
    from niangjia.policy.catalogue import fact_of  # noqa: PLC0415  the original

    found = fact_of(subject, code)
    return replace(found, read=lambda _ids, _on: {}) if code == "born_on" else found


def test_when_the_two_back_ends_disagree_nothing_is_written(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    version = published(place)
    plain = evaluate.ask_together

    def one_fen_more(questions: Any, known: Any) -> None:
        plain(questions, known)
        for question in questions.values():
            question.answers = {
                pk: replace(one, amount_fen=one.amount_fen + 1) if one.amount_fen else one
                for pk, one in question.answers.items()
            }

    monkeypatch.setattr(sweeps, "ask_together", one_fen_more)
    know(place, "麦冬冬", "admission_letter", True)
    before = Decision.objects.count(), Sweep.objects.count()
    with pytest.raises(evaluate.BackEndsDisagree):
        sweep(version=version, trigger="hand")
    assert (Decision.objects.count(), Sweep.objects.count()) == before


def test_queries_do_not_grow_with_the_number_of_people(place: Place) -> None:
    version = published(place)
    with CaptureQueriesContext(connection) as few:
        sweep(version=version, trigger="hand")
    more = {f"{name}{place_no}": row for place_no in range(30) for name, row in STUDENTS.items()}
    add_students(place, more)
    with CaptureQueriesContext(connection) as first:
        sweep(version=version, trigger="hand")
    with CaptureQueriesContext(connection) as many:
        sweep(version=version, trigger="hand")
    assert Standing.objects.count() > 100
    assert len(many) == len(few)
    # The first time 120 decisions and standings are written, in batches as large as the database takes.
    assert len(first) - len(few) < 10


def test_a_decision_is_never_changed_or_removed(place: Place) -> None:
    published(place)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(outcome="yes")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.first().delete()  # type: ignore[union-attr]


def test_an_ended_edition_is_not_swept_any_more(place: Place) -> None:
    published(place, valid_to=date(2026, 8, 31))
    with clock.frozen(datetime(2026, 9, 1, 1, 30, tzinfo=clock.LOCAL)):
        assert sweep_all() == "0 versions, 0 decisions written"
