from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.listing.pages import show_list
from niangjia.federation.queries import union_by_public_id
from niangjia.federation.routes import requires
from niangjia.federation.scopes import rights_of, scope_of
from niangjia.federation.services import looks
from niangjia.people import dossier, filepage, printing, queries
from niangjia.people.forms import HardshipExitForm, HardshipForm, HomeForm, HouseholdForm, MemberForm
from niangjia.people.homesteps import last_step
from niangjia.people.models import Household, Person
from niangjia.people.services import households
from niangjia.people.services.noting import note_look
from niangjia.people.upper.records import upper_status
from niangjia.people.views.asking import chosen, registered
from niangjia.people.views.forms import EntryPage, entry, first_choice, union_choices, writing_scope

READ, WRITE, VERIFY = "people.registry:read", "people.registry:write", "people.fact:verify"


@requires(READ)
@require_GET
def household_list(request: HttpRequest) -> HttpResponse:
    """Households in scope, newest first."""
    return show_list(request, "people.households", "people/household_list.html")


@requires(READ)
@require_GET
def household_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """One household, one file; opening it is written down."""
    scope = scope_of(request.user, READ)
    household = queries.household_by_public_id(scope, public_id)
    note_look(kind="household", subject_id=household.pk, union_id=household.union_id, acting_user=request.user)
    file = dossier.household_file(household, clock.today(), scope)
    opened = file.opened_by(request.user)
    context = {
        "file": file, "may_write": _may_write(request, household), "sections": filepage.sections_of(opened),
        "matters": filepage.open_matters(opened), "file_actions": filepage.actions_for(opened, rights_of(request.user)),
        "may_record": scope_of(request.user, VERIFY).reaches_union(household.union_id),
        "upper": upper_status(household), "last_step": last_step(household.pk),
    }  # fmt: skip
    return render(request, "people/household_file.html", context)


@requires(READ)
@require_http_methods(["GET", "POST"])
def household_print(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole file on paper: masked when opened, in full when sent with a reason."""
    scope = scope_of(request.user, READ)
    household = queries.household_by_public_id(scope, public_id)
    file = dossier.household_file(household, clock.today(), scope)
    in_full, error = request.method == "POST", ""
    reason = looks.with_task_reason(request.user, request.POST).get("reason", "") if in_full else ""
    try:
        printed = printing.printed_file(file=file, reason=reason, in_full=in_full, acting_user=request.user)
    except Refusal as refusal:
        error = str(refusal.sentence)
        printed = printing.printed_file(file=file, reason="", in_full=False, acting_user=request.user)
    context = {"printed": printed, "file": file, "error": error, "task": looks.open_task_of(request.user)}
    return render(request, "people/household_print.html", context, status=422 if error else 200)


def _may_write(request: HttpRequest, household: Household) -> bool:
    return scope_of(request.user, WRITE).reaches_union(household.union_id)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def household_new(request: HttpRequest) -> HttpResponse:
    """Enter a household with its head: somebody new, or who has a file already."""
    scope = writing_scope(request)
    choices, head = union_choices(scope), chosen(request)
    initial = {**first_choice(choices), "registered_on": clock.today()}
    form: Any = (HomeForm if head else HouseholdForm)(request.POST or None, unions=choices, initial=initial)

    @transaction.atomic
    def do(values: dict[str, Any]) -> str:
        union = union_by_public_id(scope, values["union"])
        person = head or registered(request, union.pk, form.person_values())
        household = households.register_household(
            union_id=union.pk, head_id=person.pk, address=values["address"], registered_on=values["registered_on"],
            acting_user=request.user,
        )  # fmt: skip
        return _address(household)

    return entry(request, _new_page(head), form, do)


def _new_page(head: Person | None) -> EntryPage:
    told: Any = _("First the head of the household; members follow on the next page.")
    if head is not None:
        told = _("Its head: %(name)s. Members follow on the next page.") % {"name": head.name}
    return EntryPage(
        _("New household"), _("The household is entered."), _("Enter the household"),
        reverse("person_file", args=[head.public_id]) if head else reverse("household_list"),
        head.name if head else _("Households"), told,
    )  # fmt: skip


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def member_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a member to a household: somebody new, or who is known by number and name."""
    household = queries.household_by_public_id(writing_scope(request), public_id)
    form = MemberForm(request.POST or None, initial={"valid_from": household.registered_on})

    @transaction.atomic
    def do(values: dict[str, Any]) -> str:
        person = registered(request, household.union_id, form.person_values())
        households.add_member(
            household_id=household.pk, person_id=person.pk, relation=values["relation"],
            valid_from=values["valid_from"], acting_user=request.user,
        )  # fmt: skip
        return _address(household)

    told = _("Somebody who has a file already is found by the identity number and the name on the card.")
    page = _page(household, _("New member"), _("The member is entered."), _("Enter the member"), told)
    return entry(request, page, form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def hardship_open(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a household's file of difficulty."""
    household = queries.household_by_public_id(writing_scope(request), public_id)
    form = HardshipForm(request.POST or None, initial={"entered_on": clock.today()})

    def do(values: dict[str, Any]) -> str:
        households.open_hardship_file(household_id=household.pk, acting_user=request.user, **values)
        return _address(household)

    page = _page(household, _("Open a file of difficulty"), _("The file is open."), _("Open the file"))
    return entry(request, page, form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def hardship_close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close a household's file of difficulty after a fresh check."""
    household = queries.household_by_public_id(writing_scope(request), public_id)
    form = HardshipExitForm(request.POST or None, initial={"exited_on": clock.today()})

    def do(values: dict[str, Any]) -> str:
        households.close_hardship_file(household_id=household.pk, acting_user=request.user, **values)
        return _address(household)

    page = _page(
        household, _("Close the file of difficulty"), _("The file is closed. Nothing that was paid is taken back."),
        _("Close the file"),
    )  # fmt: skip
    return entry(request, page, form, do)


def _page(household: Household, title: Any, done: Any, button: Any, intro: Any = "") -> EntryPage:
    return EntryPage(title, done, button, _address(household), _("Household"), intro)


def _address(household: Household) -> str:
    return reverse("household_file", args=[household.public_id])
