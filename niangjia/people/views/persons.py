from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.accounts.phones import local
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.listing.pages import show_list
from niangjia.federation.queries import union_by_public_id
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import looks
from niangjia.people import dossier, pairs, queries
from niangjia.people.forms import JobEndForm, JobForm, MoveForm, PersonForm, RevealForm
from niangjia.people.homesteps import belongs_somewhere, places_of
from niangjia.people.models import Person
from niangjia.people.paperwork import papers_about
from niangjia.people.services import employers, persons
from niangjia.people.services.copies import PRINT
from niangjia.people.services.noting import note_look
from niangjia.people.views.asking import ask_first
from niangjia.people.views.forms import EntryPage, entry, first_choice, union_choices, writing_scope

READ, WRITE, MOVE = "people.registry:read", "people.registry:write", "people.registry:move"


@requires(READ)
@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """Grown people in scope, by name."""
    return show_list(request, "people.persons", "people/person_list.html")


@requires(READ)
@require_GET
def person_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person; opening the page is written down."""
    scope = scope_of(request.user, READ)
    try:
        person = queries.person_by_public_id(scope, public_id)
    except NotFoundHere:
        stayed = pairs.leads_to(scope, public_id)
        messages.info(request, _("That file went into this one: they are one person."))
        return redirect("person_file", stayed.public_id)
    note_look(kind="person", subject_id=person.pk, union_id=person.union_id, acting_user=request.user)
    return render(request, "people/person_file.html", _context(request, person, RevealForm()))


def _context(request: HttpRequest, person: Person, form: RevealForm, **more: Any) -> dict[str, Any]:
    home, merging = dossier.household_of(person.pk, clock.today()), scope_of(request.user, pairs.MERGE)
    reading, memberships = scope_of(request.user, READ), queries.memberships_of(person)
    return {
        "line": dossier.person_line(person, clock.today()),
        "household": home if home and reading.reaches_union(home.union_id) else None,
        "places": places_of(person.pk, reading),
        "belongs": belongs_somewhere(person.pk),
        "memberships": memberships,
        "is_member": any(spell.ended_on is None for spell in memberships),
        "form": form,
        "merges": pairs.merges_in(merging).filter(survivor=person, undone_at__isnull=True),
        "alike": [pairs.line_of(pair, first=person.pk) for pair in pairs.open_pairs_of(merging, [person.pk])],
        "may_print_copy": scope_of(request.user, PRINT).reaches_union(person.union_id),
        "may_write": scope_of(request.user, WRITE).reaches_union(person.union_id),
        "may_record": scope_of(request.user, "people.fact:verify").reaches_union(person.union_id),
        "may_move": scope_of(request.user, MOVE).reaches_union(person.union_id),
        "papers": papers_about("person", person.pk),
        **more,
    }


@requires(READ)
@require_POST
def reveal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the numbers in full, for a reason that is kept."""
    person = queries.person_by_public_id(scope_of(request.user, READ), public_id)
    form = RevealForm(looks.with_task_reason(request.user, request.POST))
    if not form.is_valid():
        note_look(kind="person", subject_id=person.pk, union_id=person.union_id, acting_user=request.user)
        return render(request, "people/person_file.html", _context(request, person, form), status=422)
    number, phone = dossier.reveal(person=person, reason=form.cleaned_data["reason"], acting_user=request.user)
    context = _context(request, person, RevealForm(), number=number, phone=local(phone) if phone else "")
    return render(request, "people/person_file.html", context)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Enter a person without a household."""
    scope = writing_scope(request)
    choices = union_choices(scope)
    form = PersonForm(request.POST or None, unions=choices, initial=first_choice(choices))

    @transaction.atomic
    def do(values: dict[str, Any]) -> str:
        union = union_by_public_id(scope, values["union"])
        person = persons.register_person(union_id=union.pk, acting_user=request.user, **form.person_values())
        ask_first(request, person)
        return _address(person)

    page = EntryPage(
        _("New person"), _("The person is entered."), _("Enter the person"), reverse("household_list"), _("Households")
    )
    return entry(request, page, form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def job_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record the start of a job."""
    person = queries.person_by_public_id(writing_scope(request), public_id)
    form = JobForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        employer = employers.employer_with_code(values["credit_code"])
        employers.start_employment(
            person_id=person.pk,
            employer_id=employer.pk,
            started_on=values["started_on"],
            form=values["form"],
            monthly_wage_fen=values["monthly_wage"],
            source=values["source"],
            acting_user=request.user,
        )
        return _address(person)

    return entry(request, _page(person, _("New job"), _("The job is recorded."), _("Record the job")), form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def job_end(request: HttpRequest, public_id: str, spell: int) -> HttpResponse:
    """Record the last day of a job."""
    person = queries.person_by_public_id(writing_scope(request), public_id)
    queries.job_of(person, spell)
    form = JobEndForm(request.POST or None, initial={"ended_on": clock.today()})

    def do(values: dict[str, Any]) -> str:
        employers.end_employment(
            person_id=person.pk, spell_id=spell, ended_on=values["ended_on"], acting_user=request.user
        )
        return _address(person)

    return entry(request, _page(person, _("End of a job"), _("The end is recorded."), _("Record the end")), form, do)


@requires(MOVE)
@require_http_methods(["GET", "POST"])
def person_move(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move a person, with the household if the person heads one."""
    scope = writing_scope(request, MOVE)
    person = queries.person_by_public_id(scope, public_id)
    form = MoveForm(request.POST or None, unions=union_choices(scope), initial={"on": clock.today()})

    def do(values: dict[str, Any]) -> str:
        union = union_by_public_id(scope, values["to_union"])
        persons.move_person(person_id=person.pk, to_union_id=union.pk, on=values["on"], acting_user=request.user)
        return _address(person)

    page = EntryPage(
        _("Move to another union"),
        _("Moved. What was recorded stays as it is."),
        _("Move"),
        _address(person),
        person.name,
        _(
            "The head of a household takes the whole household along. "
            "The new union sees the file, the old one no longer does."
        ),
    )
    return entry(request, page, form, do)


def _page(person: Person, title: Any, done: Any, button: Any) -> EntryPage:
    return EntryPage(title, done, button, _address(person), person.name)


def _address(person: Person) -> str:
    return reverse("person_file", args=[person.public_id])
