"""Deleting somebody who was visited: what was said, photographed and handed in goes; what others share stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from niangjia.core import clock
from niangjia.federation.services import approvals
from niangjia.files.models import StoredFile
from niangjia.files.tests.pictures import png
from niangjia.people.erasure import plan_of
from niangjia.people.merging.pointers import pointers
from niangjia.people.models import Household, OwnRequest, Person, RecordedFact
from niangjia.people.services import erasure
from niangjia.people.services.households import add_member, register_household
from niangjia.people.services.merges import merge_persons
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World
from niangjia.visits.models import (
    Finding,
    Forgetting,
    HomeVisit,
    Paper,
    Sample,
    SampleRow,
    Stratum,
    VisitAnswer,
    VisitPhoto,
)
from niangjia.visits.services.papers import hand_in_paper
from niangjia.visits.services.visits import Answer, Table, record_visit

SAID, PLACE = "说他上个月住院", "30.12345,120.54321 ±14m"


@pytest.fixture
def seen(world: World, settings: LazySettings, tmp_path: object) -> Person:
    """Somebody alone in his household: visited, photographed, with a paper, drawn and found otherwise."""
    settings.MEDIA_ROOT = str(tmp_path)
    su, town = world.user("su"), world.union("town-a")
    person = register_person(union_id=town.pk, name="麦芒种", acting_user=su)
    home = register_household(
        union_id=town.pk, head_id=person.pk, address="巷", registered_on=date(2020, 1, 1), acting_user=su
    )
    visit(world, home, person)
    upload = SimpleUploadedFile("y.png", png() + b"paper", "image/png")
    hand_in_paper(
        household_id=home.pk, name="收入证明", dated_on=clock.today(), upload=upload, request_id="p", acting_user=su
    )
    sample = Sample.objects.create(
        union=town, title="核查", size=1, seed_source="x", seed_on=clock.today(), ends_on=clock.today(),
        rectify_days=1, fixed_by=su, fixed_at=clock.now(),
    )  # fmt: skip
    stratum = Stratum.objects.create(sample=sample, union=town, files=1, places=1, committed="{}", list_hash="0")
    row = SampleRow.objects.create(sample=sample, stratum=stratum, position=1, household=home)
    Finding.objects.create(
        row=row, agrees=False, said=SAID, found_on=clock.today(), rectify_by=clock.today(), found_by=su,
        found_at=clock.now(),
    )  # fmt: skip
    return person


def visit(world: World, home: Household, person: Person) -> HomeVisit:
    answers = (
        Answer("person", person.pk, "school_stage", "none"), Answer("household", home.pk, "income_per_head", 90_000)
    )  # fmt: skip
    return record_visit(
        household_id=home.pk, table=Table("survey", clock.today(), note=SAID, answers=answers, place=PLACE),
        photos=[SimpleUploadedFile("x.png", png() + b"visit", "image/png")], request_id="v",
        acting_user=world.user("su"),
    )  # fmt: skip


def delete(world: World, person: Person) -> None:
    row = OwnRequest.objects.create(
        person=person, union_id=person.union_id, kind="erase", asked_by=world.user("jiang"), asked_at=clock.now(),
        due_on=clock.today() + timedelta(days=15), request_id=f"e-{person.pk}",
    )  # fmt: skip
    approval = erasure.propose_erasure(public_id=row.public_id, acting_user=world.user("su"))
    approvals.decide(public_id=approval.public_id, verdict="confirmed", acting_user=world.user("lian"))


def planned(person: Person) -> tuple[int, int]:
    line = next(one for one in plan_of(person.pk).lines if one.code == "visits.table")
    return line.goes, line.stays


def test_with_the_last_of_a_household_goes_what_was_seen_there(world: World, seen: Person) -> None:
    assert planned(seen) == (6, 0)  # two answers, a photograph, a paper, a note, a finding
    delete(world, seen)
    seen.refresh_from_db()
    assert seen.name == erasure.NOBODY
    left = (VisitAnswer, VisitPhoto, Paper, Forgetting, RecordedFact, StoredFile)
    assert [model.objects.count() for model in left] == [0] * len(left)
    assert (HomeVisit.objects.get().note, HomeVisit.objects.get().place) == ("", "")
    assert Finding.objects.get().said == erasure.NOBODY, "that there was a difference still counts in the figures"


@pytest.mark.nightly
def test_where_others_live_only_what_was_said_about_the_person_goes(world: World, seen: Person) -> None:
    su, home = world.user("su"), Household.objects.get()
    wife = register_person(union_id=seen.union_id, name="麦二花", acting_user=su)
    add_member(household_id=home.pk, person_id=wife.pk, relation="spouse", valid_from=date(2020, 1, 1), acting_user=su)
    assert planned(seen) == (1, 5)
    delete(world, seen)
    assert VisitAnswer.objects.get().subject_kind == "household"
    assert HomeVisit.objects.get().place == PLACE
    assert (HomeVisit.objects.get().note, VisitPhoto.objects.count(), Paper.objects.count()) == (SAID, 1, 1)


@pytest.mark.nightly
def test_what_was_said_about_a_file_that_went_into_this_one_goes_too(world: World, seen: Person) -> None:
    su = world.user("su")
    kept = register_person(union_id=seen.union_id, name="麦芒种", acting_user=su)
    merge_persons(survivor_id=kept.pk, absorbed_id=seen.pk, reason="同一人", acting_user=su)
    delete(world, kept)
    assert not VisitAnswer.objects.exists()


def test_nothing_but_what_is_being_forgotten_can_be_let_go(world: World, seen: Person) -> None:
    changes: tuple[Callable[[], object], ...] = (
        lambda: VisitAnswer.objects.all().delete(), lambda: Paper.objects.all().delete(),
        lambda: HomeVisit.objects.update(note=""), lambda: Finding.objects.update(said="x"),
    )  # fmt: skip
    # Named is another household: nothing of this one may be touched.
    Forgetting.objects.create(kind="household", number=Household.objects.get().pk + 1)
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    Forgetting.objects.create(kind="household", number=Household.objects.get().pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        HomeVisit.objects.update(note="", verdict="still")
    HomeVisit.objects.update(note="")


# Rows that a deletion leaves: each says why it names nobody any more, or which part takes it away.
LEFT = {
    "federation.auditrow": "the chain stands; what is personal in it is sealed with the person's key, which goes",
    "federation.auditwaiting": "a row of the chain that has no place yet; gone within seconds",
    "federation.approval": "names the request",
    "federation.grant": "part people.access shuts the account; the grant says that there was one",
    "federation.looktasksubject": "a number in somebody's count of looks",
    "files.papercode": "part people.facts takes the photographed forms",
    "people.checkauthority": "proves that the bureaus might be asked; its term stands in the inventory",
    "people.authoritysigner": "as the paper it belongs to",
    "people.consent": "proves what was allowed; its term stands in the inventory",
    "people.mandate": "part people.person ends it; its term stands in the inventory",
    "people.officerperson": "part people.person ends it; that it was said is proof",
    "people.ownrequest": "part people.person empties it; that it was answered is proof",
    "people.crosschecksubject": "a number in a batch that was sent",
    "people.crosscheckchoice": "a number in a batch that was sent",
    "people.employmentspell": "part people.jobs",
    "people.membershipspell": "part people.jobs",
    "people.recordedfact": "part people.facts",
    "people.statement": "part people.facts",
    "people.householdmember": "part people.household",
    "people.householdstep": "ids, relations and days of places that are gone",
    "people.hardshipfile": "part people.household empties the cause; days and grade count in the figures",
    "people.upperrecord": "days, and codes of fields",
    "people.suspectedpair": "part people.merges",
    "people.personmerge": "part people.merges",
    "policy.decision": "sealed with the person's key, which goes",
    "policy.standing": "part people.facts: derived rows leave with their subject",
    "visits.visitanswer": "part visits.table",
    "visits.homevisit": "part visits.table empties the note; its day counts in the figures",
    "visits.paper": "part visits.table",
    "visits.followup": "part visits.table empties the note; its day counts in the figures",
    "visits.departure": "days and numbers, held apart by the database",
    "visits.grading": "the grade and its day",
    "visits.campaignfile": "a number on a list",
    "visits.samplerow": "a number on a list; part visits.table takes the words of its finding",
    "benefits.listrow": "part benefits.accounts keeps the name for thirty years",
    "benefits.pastserving": "part benefits.accounts keeps the name for thirty years",
    "benefits.voucher": "part benefits.accounts keeps the name for thirty years",
    "benefits.hold": "a number in a list of holds",
    "benefits.quotareturn": "names unions and employers",
}


def test_every_table_that_points_at_a_person_or_household_has_a_part_or_a_reason() -> None:
    naming = {pointer.label for pointer in pointers()}
    naming |= {
        model._meta.label_lower
        for model in apps.get_models()
        if model.__module__.startswith("niangjia.")
        and any(getattr(f.remote_field, "model", None) is Household for f in model._meta.concrete_fields)
    }
    assert naming == set(LEFT)
