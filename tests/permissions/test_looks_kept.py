"""Whoever is shown a sensitive value of somebody is written down by the same request, under that somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from niangjia.federation.rights import roles
from tests.permissions.answers import Answer
from tests.permissions.asking import Asker, Route, routes
from tests.permissions.planted import Planted, Unit
from tests.permissions.sensitive import NOT_WATCHED, names_of, plant_sensitive, sensitive_fields, values_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
UNIT = "town-a"
# Pages that have been seen to show a value of a household: with one of them gone the test would look at less.
SHOWING = {
    "household_file", "household_print", "person_file", "fact_list", "verify_statement", "check_file", "visit_file",
    "visit_form", "visit_photo", "paper_open", "evidence", "authority_paper", "desk_request", "request_paper",
    "sample_file", "finding_rectify", "assess_file", "visit_place",
}  # fmt: skip


# T25, by role: what is shown in full to whom at a press or less. Numbers are shown in full to nobody.
PHONE = "people.Person.phone"  # its inventory calls it personal, and it is masked all the same
MASKED = {"people.Person.id_number", PHONE}
SHOWN_NOWHERE = {"visits.FollowUp.note", "visits.CallTakenBack.note"}  # kept with the call; pages tell its result
FILE = {
    "people.Household.address", "people.HardshipFile.cause", "people.RecordedFact.value", "people.Statement.value",
    "people.EmploymentSpell.monthly_wage_fen", "visits.HomeVisit.note", "visits.Finding.said",
    "visits.Rectification.said",
}  # fmt: skip
HANDLED = FILE | {
    "people.Statement.evidence", "people.OwnRequest.wanted", "people.OwnRequest.says", "people.OwnRequest.evidence",
    "people.CheckAuthority.file", "people.RosterBlock.rows", "visits.Paper.file", "visits.VisitPhoto.file",
    "visits.HomeVisit.place",
}  # fmt: skip
SHOWN: dict[str, set[str]] = {
    "viewer": set(), "auditor": set(), "town_officer": HANDLED, "county_officer": HANDLED, "deputy_chair": FILE,
    "assessor": {"people.RecordedFact.value", "people.Statement.value", "visits.Finding.said"},
}  # fmt: skip


@dataclass(frozen=True)
class Unseen:
    """A value that was shown, and nobody wrote down to whom."""

    caller: str
    method: str
    route: str
    field: str


@pytest.fixture
def planted(planted_once: Planted, db: None) -> Planted:
    """The planted world, one household of it filled in every sensitive field."""
    plant_sensitive(planted_once, UNIT, planted_once.world.user("su"))
    return planted_once


def shown(answer: Answer, unit: Unit) -> set[str]:
    """The sensitive fields of a unit's household that an answer shows in full."""
    return {field for field, marks in values_of(unit).items() if any(mark in answer.body for mark in marks)}


def asked(
    planted: Planted, wanted: list[Route], names: list[str], methods: tuple[str, ...] = ("GET", "POST")
) -> Iterator[tuple[Unseen, bool]]:
    """Ask every route about the filled household: each value that was shown, and whether a look was written down."""
    unit = planted.units[UNIT]
    named = names_of(unit)
    for name in names:
        asker = Asker(planted.callers[name])
        for route in wanted:
            address = route.address_of(unit)
            for method in methods:
                answer = asker.ask(method, address)
                for field in sorted(shown(answer, unit)):
                    yield Unseen(name, method, route.name, field), bool(answer.looks & named)


def unseen(*about: Any) -> list[Unseen]:
    """What was shown without a look."""
    return [one for one, is_kept in asked(*about) if not is_kept]


def desk(*names: str) -> list[Route]:
    """The officers' routes: all, or those named."""
    return [route for route in routes() if route.path.startswith("desk/") and (not names or route.name in names)]


def officers() -> list[str]:
    """Callers who hold a post; the assessor is named for the sample of the town."""
    codes = [role.code for role in roles.all() if role.scope_kind == "union"]
    return [f"{code} at {'town-a' if code == 'assessor' else 'county'}" for code in codes]


@pytest.mark.nightly
def test_whoever_is_shown_a_value_is_written_down(planted: Planted) -> None:
    watched = set(values_of(planted.units[UNIT]))
    assert sensitive_fields() - NOT_WATCHED == watched - {PHONE}, "each sensitive field is planted, or says why not"
    found = list(asked(planted, desk(), officers()))
    left_out = [one for one, is_kept in found if not is_kept]
    assert left_out == [], "\n".join(map(str, left_out[:40]))
    assert {one.route for one, _ in found} >= SHOWING
    shown_somewhere = watched - MASKED - SHOWN_NOWHERE
    assert {one.field for one, _ in found} == shown_somewhere, "numbers are masked, and all else was seen shown"
    by_role = {role: {one.field for one, _ in found if one.caller.startswith(f"{role} ")} for role in SHOWN}
    assert by_role == SHOWN


@pytest.mark.nightly
def test_whoever_checks_for_a_provider_is_written_down_and_shown_what_an_assessor_is(planted: Planted) -> None:
    wanted = [route for route in routes() if route.path.startswith("partner/")]
    found = list(asked(planted, wanted, ["provider_assessor of town-a"]))
    assert [one for one, is_kept in found if not is_kept] == []
    assert {one.route for one, _ in found} == {"partner_file", "partner_address"}
    assert {one.field for one, _ in found} == SHOWN["assessor"]


def test_a_sample_of_it_and_control_a_view_without_its_note_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = desk(*SHOWING)
    who = ["county_officer at county"]
    assert unseen(planted, pages, who, ("GET",)) == []
    for place in ("people.views.facts.note_look", "people.views.checks.note_answers_look",
                  "visits.views.surveys.note_visit_look", "people.views.verify.note_statement_look"):  # fmt: skip
        monkeypatch.setattr(f"niangjia.{place}", lambda **words: None)
    found = {one.route for one in unseen(planted, pages, who, ("GET",))}
    assert found == {"fact_list", "check_file", "visit_file", "verify_statement"}
