"""Two households become one: the other is chosen, both are seen side by side, and one step joins them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.routes import requires
from niangjia.federation.scopes import Scope
from niangjia.federation.services import audit
from niangjia.people import dossier, queries
from niangjia.people.forms import refuse
from niangjia.people.forms.homes import OtherHomeForm, UniteForm
from niangjia.people.household_rows import household_headed_by
from niangjia.people.models import Household
from niangjia.people.services import uniting
from niangjia.people.services.noting import note_look
from niangjia.people.unitepage import sides_of
from niangjia.people.views.forms import writing_scope

WRITE = "people.registry:write"


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def household_unite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let another household join this one: first say which, then look at both and say how."""
    scope = writing_scope(request)
    household = queries.household_by_public_id(scope, public_id)
    if "other" not in request.GET:
        return _choose(request, scope, household)
    return _compare(request, scope, household, queries.household_by_public_id(scope, request.GET["other"]))


def _choose(request: HttpRequest, scope: Scope, household: Household) -> HttpResponse:
    form = OtherHomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            other = household_headed_by(scope, form.cleaned_data["head"])
            if other.pk == household.pk:
                raise uniting.SameHousehold(field="head")
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            # A number is typed here: only the household's own id goes into the address.
            return redirect(f"{request.path}?{urlencode({'other': other.public_id})}")
    file = dossier.household_file(household, clock.today(), scope)
    status = 422 if form.errors else 200
    return render(request, "people/household_unite.html", {"file": file, "choose": form}, status=status)


def _compare(request: HttpRequest, scope: Scope, household: Household, other: Household) -> HttpResponse:
    stays, goes = (dossier.household_file(one, clock.today(), scope) for one in (household, other))
    form = UniteForm(request.POST or None, members=goes.members, head=stays.head_name, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            return _unite(request, household, other, form)
        except Refusal as refusal:
            refuse(form, refusal)
    for one in () if request.method == "POST" else (household, other):
        note_look(kind="household", subject_id=one.pk, union_id=one.union_id, acting_user=request.user)
    blocked = uniting.in_the_way(household_id=household.pk, other_id=other.pk, acting_user=request.user)
    context = {"file": stays, "goes": goes, "sides": sides_of(stays, goes), "form": form, "blocked": blocked}
    return render(request, "people/household_unite.html", context, status=422 if form.errors else 200)


def _unite(request: HttpRequest, household: Household, other: Household, form: UniteForm) -> HttpResponse:
    values: dict[str, Any] = form.cleaned_data
    uniting.unite_households(
        household_id=household.pk, other_id=other.pk, on=values["on"], reason=values["reason"],
        relations=form.relations(), acting_user=request.user,
    )  # fmt: skip
    audit.advance_feed()
    messages.success(request, _("The two households are one now. It can be undone exactly."))
    return redirect(reverse("household_file", args=[household.public_id]))
