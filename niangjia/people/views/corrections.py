"""Pages that put right what stands in the register wrongly."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from niangjia.core import clock
from niangjia.core.money import yuan
from niangjia.federation.routes import requires
from niangjia.people import queries
from niangjia.people.forms.corrections import (
    EmployerCorrectionForm,
    HouseholdCorrectionForm,
    JobCorrectionForm,
    MembershipCorrectionForm,
    MembershipForm,
    PersonCorrectionForm,
)
from niangjia.people.household_rows import open_file_of
from niangjia.people.models import Person
from niangjia.people.services import corrections, employers, memberships
from niangjia.people.services.noting import note_look
from niangjia.people.views.forms import EntryPage, entry, writing_scope

WRITE = "people.registry:write"
KEPT = _("What stood there before is kept in the trail, with your name and the reason.")
RIGHT = _("Corrected.")


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def person_correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a person's name, numbers, birthday or sex right."""
    person = queries.person_by_public_id(writing_scope(request), public_id)
    form = PersonCorrectionForm(request.POST or None, person=person)

    def do(values: dict[str, Any]) -> str:
        corrections.correct_person(person_id=person.pk, acting_user=request.user, **form.values())
        return _file(person)

    return entry(request, _page(person, _("Correct the entries")), form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def household_correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a household's address right, and the cause of its open file; both stand there, so it is a look."""
    household = queries.household_by_public_id(writing_scope(request), public_id)
    note_look(kind="household", subject_id=household.pk, union_id=household.union_id, acting_user=request.user)
    file, back = open_file_of(household.pk), reverse("household_file", args=[public_id])
    told = {"address": household.address, "cause": file.cause if file else ""}
    form = HouseholdCorrectionForm(request.POST or None, has_file=file is not None, initial=told)

    def do(values: dict[str, Any]) -> str:
        corrections.correct_household(
            household_id=household.pk, address=values["address"], cause=values.get("cause"), source=values["source"],
            acting_user=request.user,
        )  # fmt: skip
        return back

    page = EntryPage(_("Correct the entries"), RIGHT, _("Correct it"), back, _("Household file"), KEPT)
    return entry(request, page, form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def employer_correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put right how an employer stands in the register."""
    employer = queries.employer_by_public_id(writing_scope(request), public_id)
    told = {name: getattr(employer, name) for name in ("name", "credit_code", "staff_count", "in_zone")}
    form, back = EmployerCorrectionForm(request.POST or None, initial=told), reverse("employer_file", args=[public_id])

    def do(values: dict[str, Any]) -> str:
        corrections.correct_employer(employer_id=employer.pk, acting_user=request.user, **values)
        return back

    page = EntryPage(_("Correct the entries"), RIGHT, _("Correct it"), back, employer.name, KEPT)
    return entry(request, page, form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def job_correct(request: HttpRequest, public_id: str, spell: int) -> HttpResponse:
    """Put a recorded job right, or take out one that never was."""
    person = queries.person_by_public_id(writing_scope(request), public_id)
    job = queries.job_of(person, spell)
    told = {
        "form": job.form, "started_on": job.started_on, "ended_on": job.ended_on, "source": job.source,
        "monthly_wage": "" if job.monthly_wage_fen is None else yuan(job.monthly_wage_fen).replace(",", ""),
    }  # fmt: skip
    form = JobCorrectionForm(request.POST or None, initial=told)

    def do(values: dict[str, Any]) -> str:
        who: Any = {"person_id": person.pk, "spell_id": spell, "acting_user": request.user}
        wage, source, removes = values.pop("monthly_wage"), values.pop("source"), values.pop("removes")
        if removes:
            employers.remove_employment(reason=source, **who)
        else:
            employers.correct_employment(monthly_wage_fen=wage, source=source, **values, **who)
        return _file(person)

    return entry(request, _page(person, _("Job at %(employer)s") % {"employer": job.employer.name}), form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def membership_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that somebody joined his union."""
    person = queries.person_by_public_id(writing_scope(request), public_id)
    form = MembershipForm(request.POST or None, initial={"joined_on": clock.today()})

    def do(values: dict[str, Any]) -> str:
        memberships.join_union(person_id=person.pk, acting_user=request.user, **values)
        return _file(person)

    told = _("The union is the one that looks after the file: %(union)s.") % {"union": person.union.name}
    page = EntryPage(
        _("Joins the union"), _("The membership is recorded."), _("Record it"), _file(person), person.name, told
    )
    return entry(request, page, form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def membership_correct(request: HttpRequest, public_id: str, spell: int) -> HttpResponse:
    """Put the days of a membership right, record its end, or take out one that never was."""
    person = queries.person_by_public_id(writing_scope(request), public_id)
    found = queries.membership_of(person, spell)
    told = {"joined_on": found.joined_on, "ended_on": found.ended_on}
    form = MembershipCorrectionForm(request.POST or None, initial=told)

    def do(values: dict[str, Any]) -> str:
        who: Any = {"person_id": person.pk, "spell_id": spell, "acting_user": request.user}
        if values.pop("removes"):
            memberships.remove_membership(reason=values["source"], **who)
        else:
            memberships.correct_membership(**values, **who)
        return _file(person)

    return entry(request, _page(person, _("Membership")), form, do)


def _page(person: Person, title: Any) -> EntryPage:
    return EntryPage(title, RIGHT, _("Correct it"), _file(person), person.name, KEPT)


def _file(person: Person) -> str:
    return reverse("person_file", args=[person.public_id])
