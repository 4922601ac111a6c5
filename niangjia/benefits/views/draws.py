"""摇号: fixing the list, entering the seed, and the files that let everybody check."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from niangjia.benefits import listpage, lists
from niangjia.benefits.forms.draws import FixForm, SeedForm
from niangjia.benefits.places import places_now
from niangjia.benefits.placewords import panel
from niangjia.benefits.services import draws
from niangjia.benefits.views.answers import refuse
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.routes import requires
from niangjia.federation.scopes import Scope, rights_of, scope_of
from niangjia.policy import queries as policy


@requires("benefits.list:freeze")
@require_POST
def fix(request: HttpRequest, version: str) -> HttpResponse:
    """Fix the list for the draw; its hash stands on the page from then on."""
    form = FixForm(request.POST)
    if form.is_valid():
        try:
            draws.fix_list(version_public_id=version, acting_user=request.user, **form.cleaned_data)
            messages.success(request, _("The list is fixed. Publish its hash now; the seed is entered on its day."))
            return redirect("desk_list", version)
        except Refusal as refusal:
            refuse(form, refusal)
    return _again(request, version, form)


@requires("benefits.list:freeze")
@require_POST
def seed(request: HttpRequest, version: str, draw: str) -> HttpResponse:
    """Enter the seed; every place is settled by it."""
    form = SeedForm(request.POST)
    if form.is_valid():
        try:
            draws.enter_seed(draw_public_id=draw, acting_user=request.user, **form.cleaned_data)
            messages.success(request, _("The lots are drawn. Anybody can draw them again from the file."))
            return redirect("desk_list", version)
        except Refusal as refusal:
            refuse(form, refusal)
    return _again(request, version, form)


def _again(request: HttpRequest, version: str, form: forms.Form) -> HttpResponse:
    scope = scope_of(request.user, "benefits.list:freeze")
    found = listpage.open_list(scope, version, listpage.Filters())
    forms_ = {"fix_form": form} if isinstance(form, FixForm) else {"seed_form": form}
    context = {
        "card": found.card, "held_rights": rights_of(request.user),
        "panel": panel(found.places, found.filters.address, "", **forms_),
    }  # fmt: skip
    return render(request, "benefits/draw.html", context, status=422)


@requires("benefits.list:read")
@require_GET
def now_file(request: HttpRequest, version: str) -> HttpResponse:
    """How the places stand now, as the file that can be published and checked."""
    card = policy.version_card(_scope(request), version)
    places = places_now(card)
    if places is None:
        raise NotFoundHere
    return _file(places.file(), card)


@requires("benefits.list:read")
@require_GET
def list_file(request: HttpRequest, frozen: str) -> HttpResponse:
    """The places of a frozen list, as they were kept with it."""
    found = lists.list_in(_scope(request), frozen)
    if not hasattr(found, "places"):
        raise NotFoundHere
    return _file(found.places.file, policy.cards_of([found.version_id])[found.version_id], found.number)


def _scope(request: HttpRequest) -> Scope:
    return scope_of(request.user, "benefits.list:read")


def _file(text: str, card: policy.VersionCard, number: int = 0) -> HttpResponse:
    response = HttpResponse(text, content_type="application/json")
    name = f"{card.name}_{card.document_number}{f'_{number}' if number else ''}.json"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
