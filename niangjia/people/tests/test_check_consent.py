"""Who takes his consent back is asked about no more: not drafted into a file, not sent, not taken, not stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.facts import BUREAU, facts
from niangjia.federation.models import AuditRow
from niangjia.people import queries
from niangjia.people.models import (
    AuthoritySigner,
    CheckAuthority,
    Consent,
    CrossCheck,
    Household,
    Person,
    RecordedFact,
    RosterBlock,
)
from niangjia.people.purposes import BUREAU_CHECK, ILLNESS, purposes
from niangjia.people.services import consents, cross_checks as checks
from niangjia.people.services.roster_work import work_rosters
from niangjia.people.tests.test_cross_checks import (
    BORN,
    PLANTS,
    again,
    answer,
    draft,
    home,
    send,
    settle,
    sign,
    state,
    table_of,
)
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.world import World, identity_number


class Leaked(AssertionError):
    """A number or an answer of somebody who had said no."""


def say(world: World, person: Person, given: bool, purpose: str = BUREAU_CHECK) -> Consent:
    """At the window."""
    return consents.record_answer(
        person_id=person.pk, purpose=purpose, given=given, way="window", photograph=None,
        request_id=f"{person.pk}-{given}-{Consent.objects.count()}", acting_user=world.user("jiang"),
    )  # fmt: skip


def heads(homes: list[Household]) -> list[Person]:
    """The heads, in the order of the households."""
    return [one.members.get(relation="head").person for one in homes]


@pytest.fixture
def three(world: World) -> list[Household]:
    """Three households that signed, the first of two adults."""
    homes = [home(world, at, name, spouse=at == 0) for at, name in enumerate(PLANTS[:3])]
    for one in homes:
        sign(world, one)
    return homes


def file_text(world: World, check: CrossCheck) -> str:
    """What a bureau would read."""
    content = checks.take_file(public_id=check.public_id, acting_user=world.user("su"))
    return json.dumps(table_of(content), ensure_ascii=False)


def test_signing_the_paper_is_the_yes_and_a_later_no_counts_until_a_newer_paper(
    world: World, three: list[Household]
) -> None:
    head = heads(three)[1]
    row = Consent.objects.get(person=head)
    assert (row.given, row.way, row.paper_id) == (True, "paper", three[1].authorities.get().file_id)
    say(world, head, False)
    sign(world, three[1])
    assert not queries.consents(BUREAU_CHECK, [head.pk])[head.pk].allowed, "the paper is not newer than his no"
    with clock.frozen(clock.now() + timedelta(days=1)):
        sign(world, three[1])
        assert queries.consents(BUREAU_CHECK, [head.pk])[head.pk].allowed
        sign(world, three[1])
    assert Consent.objects.filter(person=head, given=True).count() == 2, "a yes that stands is not repeated"


def sends_without(world: World, homes: list[Household]) -> None:
    """The spouse of the first took his consent back before the batch was sent."""
    say(world, homes[0].members.get(relation="spouse").person, False)
    check = send(world, draft(world, homes))
    if set(check.subjects.filter(sent=True).values_list("household_id", flat=True)) != {one.pk for one in homes[1:]}:
        raise Leaked
    if "柏青松" in file_text(world, check):
        raise Leaked


def test_one_adult_who_said_no_keeps_his_household_out_and_the_officer_reads_why(
    world: World, three: list[Household]
) -> None:
    sends_without(world, three)
    check = CrossCheck.objects.get()
    page = client_of(world, "su").get(reverse("check_file", args=[check.public_id])).content.decode()
    assert "不同意向其他部门送核（或已撤回）：柏青松配" in page
    assert not AuditRow.objects.filter(action="people.check:reveal", object_id=heads(three)[0].pk).exists()


def test_control_a_batch_that_looks_at_signatures_only_leaks(
    world: World, three: list[Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("niangjia.people.bureaux.authorities.said_no", lambda ids: (set(), set()))
    with pytest.raises(Leaked):
        sends_without(world, three)


def test_who_says_no_after_the_sending_is_left_out_of_the_file_and_told_about(
    world: World, three: list[Household]
) -> None:
    check = send(world, draft(world, three))
    say(world, heads(three)[1], False)
    page = client_of(world, "su").get(reverse("check_file", args=[check.public_id])).content.decode()
    assert "不同意向其他部门送核（或已撤回）：桑果红" in page
    text = file_text(world, check)
    assert "桑果红" not in text
    assert identity_number(BORN, 1) not in text
    assert "麦芒种" in text
    assert list(check.subjects.filter(sent=False).values_list("household_id", flat=True)) == [three[1].pk]
    took = AuditRow.objects.get(action="people.check:take")
    assert json.loads(took.after) | {"digest": ""} == {
        "check": check.public_id, "digest": "", "numbers": 3, "left_out": 1
    }  # fmt: skip
    # The file went out once; who says no later is in no second one.
    say(world, heads(three)[2], False)
    assert "麦芒种" not in file_text(world, check)
    assert check.subjects.filter(sent=True).count() == 2, "his number did go out, and the batch says so"
    say(world, heads(three)[0], False)
    with pytest.raises(checks.AuthorityGone, match="柏青松"):
        file_text(world, check)


def test_an_answer_about_somebody_who_said_no_meanwhile_is_not_stored(world: World, three: list[Household]) -> None:
    for one in three:
        state(world, one, 100_000)
    check = send(world, draft(world, three))
    file_text(world, check)
    say(world, three[0].members.get(relation="spouse").person, False)
    table = [(name, identity_number(BORN, at), 1234 + at) for at, name in enumerate(PLANTS[:3])]
    found = answer(world, check, table)
    kept = "".join(RosterBlock.objects.values_list("rows", flat=True))
    assert "123400" not in kept
    assert found.roster.counts["refused"] == 1
    page = client_of(world, "su").get(reverse("check_file", args=[check.public_id])).content.decode()
    assert "已撤回同意" in page
    # And whoever says no between the preview and the entering.
    for row in found.differing:
        checks.choose(public_id=check.public_id, number=row.number, choice="take", acting_user=world.user("su"))
    checks.settle(public_id=check.public_id, acting_user=world.user("su"))
    say(world, heads(three)[1], False)
    work_rosters()
    assert not RecordedFact.objects.filter(proof=BUREAU).exists(), "one no, and the preview is made anew"
    again(check).results.get().roster.refresh_from_db()
    settle(world, check)
    stored = RecordedFact.objects.filter(proof=BUREAU)
    assert list(stored.values_list("subject_id", flat=True)) == [three[2].pk]


def test_nobody_is_asked_about_illness_who_took_that_back(world: World, three: list[Household]) -> None:
    for one in three:
        sign(world, one, bureau="医保局")
    say(world, heads(three)[1], False, ILLNESS)
    check = send(world, draft(world, three, "医保局", ("household.medical_bill",)))
    assert three[1].pk not in check.subjects.filter(sent=True).values_list("household_id", flat=True)
    income = send(world, draft(world, three))
    assert three[1].pk in income.subjects.filter(sent=True).values_list("household_id", flat=True)


def test_papers_of_before_become_the_yes_they_were(world: World, three: list[Household]) -> None:
    say(world, heads(three)[1], False)
    Consent.objects.exclude(person=heads(three)[1]).delete()
    CheckAuthority.objects.filter(household=three[2]).update(withdrawn_on=clock.today())
    note: Callable[..., None] = import_module("niangjia.people.migrations.0014_signed_is_consent").note_signatures
    note(apps, connection.schema_editor())
    signed = set(AuthoritySigner.objects.filter(authority__household=three[0]).values_list("person_id", flat=True))
    assert set(Consent.objects.filter(given=True, way="paper").values_list("person_id", flat=True)) == {
        *signed, heads(three)[1].pk
    }  # fmt: skip
    assert not queries.consents(BUREAU_CHECK, [heads(three)[1].pk])[heads(three)[1].pk].allowed


def test_no_fact_that_tells_of_an_illness_is_left_outside_its_purpose() -> None:
    keys = {f"{fact.subject}.{fact.code}" for fact in facts.all()}
    told = {key for key in keys if any(word in key for word in ("medical_", "illness", "hospital", "mutual_aid"))}
    assert told - {"person.medical_insured"} == purposes.get(ILLNESS).facts
