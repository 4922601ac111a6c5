"""Who belongs to a household changes: joining one that is there, leaving, another head, undoing the last step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.routes import requires
from niangjia.people import dossier, queries
from niangjia.people.forms.homes import HeadForm, JoinForm, LeaveForm
from niangjia.people.homesteps import last_step
from niangjia.people.household_rows import household_headed_by
from niangjia.people.models import Household
from niangjia.people.services import homes, households
from niangjia.people.views.forms import EntryPage, entry, writing_scope

WRITE = "people.registry:write"


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def person_join(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a person who has a file to a household that is there."""
    scope = writing_scope(request)
    person = queries.person_by_public_id(scope, public_id)
    form = JoinForm(request.POST or None, initial={"valid_from": clock.today()})

    def do(values: dict[str, Any]) -> str:
        household = household_headed_by(scope, values["head"])
        households.add_member(
            household_id=household.pk, person_id=person.pk, relation=values["relation"],
            valid_from=values["valid_from"], acting_user=request.user,
        )  # fmt: skip
        return _address(household)

    back = reverse("person_file", args=[public_id])
    page = EntryPage(_("Add to a household"), _("The member is entered."), _("Add to the household"), back, person.name)
    return entry(request, page, form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def member_leave(request: HttpRequest, public_id: str, place: int) -> HttpResponse:
    """Let a member leave a household, with the day and the reason; the last one closes it."""
    household, file = _opened(request, public_id)
    line = next((one for one in file.members if one.place == place), None)
    if line is None:
        raise NotFoundHere
    form = LeaveForm(request.POST or None, initial={"on": clock.today()})

    def do(values: dict[str, Any]) -> str:
        homes.leave_household(household_id=household.pk, place=place, acting_user=request.user, **values)
        return _address(household)

    title = _("%(name)s leaves the household") % {"name": line.person.name}
    closes = _("With the last member the household is closed; what was recorded of it stays.")
    told = closes if len(file.members) == 1 else ""
    return entry(request, _page(household, title, _("Recorded."), _("Let this person leave"), told), form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def head_change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let another member head the household."""
    household, file = _opened(request, public_id)
    form = HeadForm(request.POST or None, members=file.members, initial={"on": clock.today()})

    def do(values: dict[str, Any]) -> str:
        homes.change_head(
            household_id=household.pk, place=int(values["head"]), on=values["on"], relations=form.relations(),
            acting_user=request.user,
        )  # fmt: skip
        return _address(household)

    told = _("The old head stays a member until you let him leave.")
    page = _page(household, _("Change the head"), _("The household has a new head."), _("Change the head"), told)
    return entry(request, page, form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def step_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Undo the last step of a household, after reading which it is."""
    household = queries.household_by_public_id(writing_scope(request), public_id)
    step = last_step(household.pk)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def do(values: dict[str, Any]) -> str:
        homes.undo_step(household_id=household.pk, acting_user=request.user)
        return _address(household)

    told = f"{step.on} · {step.title} · {step.detail}" if step else ""
    page = _page(household, _("Undo the last step"), _("Undone. All is as it was before."), _("Undo it"), told)
    return entry(request, page, form, do)


def _opened(request: HttpRequest, public_id: str) -> tuple[Household, dossier.HouseholdFile]:
    scope = writing_scope(request)
    household = queries.household_by_public_id(scope, public_id)
    return household, dossier.household_file(household, clock.today(), scope)


def _page(household: Household, title: Any, done: Any, button: Any, intro: Any = "") -> EntryPage:
    return EntryPage(title, done, button, _address(household), _("Household"), intro)


def _address(household: Household) -> str:
    return reverse("household_file", args=[household.public_id])
