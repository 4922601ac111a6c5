"""Where a register was complete: said by an officer, shown, believed for a while, and never before it was said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.facts import BUREAU, Fact, facts, register_fact
from niangjia.federation.models import AuditRow
from niangjia.people import coverage
from niangjia.people.models import Coverage
from niangjia.people.services.coverage import CoverageKnown, GroundMissing, record_coverage
from niangjia.people.services.employers import DayInFuture
from niangjia.people.services.facts import record_fact
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World

pytestmark = pytest.mark.one_database

DAY = date(2026, 8, 3)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with clock.frozen(DAY):
        yield


def say(world: World, register: str = "home_survey", union: str = "town-a", on: date = DAY) -> Coverage:
    """An officer of the county says it."""
    return record_coverage(
        register=register,
        union_id=world.union(union).pk,
        complete_on=on,
        source="七月排摸",
        acting_user=world.user("su"),
    )


def complete(world: World, on: date = DAY) -> set[str]:
    """The unions in which the survey was complete, by short name."""
    units = coverage.complete_units(["home_survey"], on)["home_survey"]
    return {name for name, union in world.unions.items() if union.pk in units}


def test_it_counts_for_the_union_and_all_below_as_long_as_it_is_believed(world: World) -> None:
    say(world)
    assert complete(world) == {"town-a", "grid-a"}
    assert complete(world, DAY + 366 * A_DAY) == {"town-a", "grid-a"}
    assert complete(world, DAY + 367 * A_DAY) == set()


def test_what_was_said_later_was_not_known_on_an_earlier_day(world: World) -> None:
    with clock.frozen(DAY + 2 * A_DAY):
        say(world)
    assert complete(world, DAY + A_DAY) == set()
    assert complete(world, DAY + 2 * A_DAY) == {"town-a", "grid-a"}


def test_a_fact_recorded_later_was_not_known_on_an_earlier_day(world: World) -> None:
    pk = register_person(union_id=world.union("grid-a").pk, name="向日葵", acting_user=world.user("su")).pk
    for days, value in ((0, "none"), (2, "junior")):
        with clock.frozen(DAY + days * A_DAY):
            record_fact(
                subject_kind="person", subject_id=pk, code="school_stage", value=value, proof=BUREAU, true_on=DAY,
                source_zh="比对", source_en="Cross-check", acting_user=None,
            )  # fmt: skip
    read = facts.get("person.school_stage").read
    assert [read([pk], DAY + days * A_DAY)[pk].value for days in (0, 1, 2)] == ["none", "none", "junior"]
    assert pk not in read([pk], DAY - A_DAY)


def test_it_is_said_once_with_a_ground_by_whom_and_not_of_the_future(world: World) -> None:
    said = say(world)
    row = AuditRow.objects.get(action="people.register:complete")
    assert (said.said_by, row.object_id) == (world.user("su"), world.union("town-a").pk)
    for wrong, on, source in ((CoverageKnown, DAY, "x"), (DayInFuture, DAY + A_DAY, "x"), (GroundMissing, DAY, " ")):
        with pytest.raises(wrong):
            record_coverage(
                register="home_survey", union_id=world.union("town-a").pk, complete_on=on, source=source,
                acting_user=world.user("su"),
            )  # fmt: skip
    with pytest.raises(NotFoundHere):
        say(world, register="not-a-register")
    with pytest.raises(NotFoundHere):
        say(world, union="far-town")
    assert Coverage.objects.count() == 1


def test_a_fact_whose_absence_means_something_names_its_register() -> None:
    nameless = Fact("x", "person", "bool", "x", "x", read=lambda _ids, _on: {}, absent="false")
    with pytest.raises(ValueError, match="in which register"):
        register_fact(nameless)


def test_an_officer_says_it_with_a_paper_and_everybody_who_may_sees_both(world: World) -> None:
    su, far = Client(), Client()
    su.force_login(world.user("su"))
    far.force_login(world.user("bai"))
    assert "还没有记过哪份登记是齐全的。" in su.get(reverse("register_list")).content.decode()
    paper = SimpleUploadedFile("list.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    sent = {
        "union": world.union("town-a").public_id, "register": "hardship", "complete_on": "2026-08-01",
        "source": "年中复核", "evidence": paper,
    }  # fmt: skip
    assert su.post(reverse("register_complete"), sent).status_code == 302
    page = su.get(reverse("register_list")).content.decode()
    for words in ("困难职工档案", "town-a工会", "年中复核", "su·葵", "有效至2027-08-02"):
        assert words in page
    address = reverse("evidence", args=[Coverage.objects.get().evidence.public_id])  # type: ignore[union-attr]
    assert address in page
    seen = su.get(address)
    assert b"".join(seen) == b"%PDF-1.4\n%%EOF"  # type: ignore[arg-type]
    assert (seen.status_code, far.get(address).status_code) == (200, 404)
    assert "还没有记过哪份登记是齐全的。" in far.get(reverse("register_list")).content.decode()
    look = AuditRow.objects.get(action="people.evidence:look")
    assert (look.object_kind, look.object_id) == ("union", world.union("town-a").pk)
    assert su.post(reverse("register_complete"), {**sent, "evidence": ""}).status_code == 422
