"""名额退回与再分: places given back, undone, given out again, and what moved."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from niangjia.benefits.forms.quotas import ReturnForm
from niangjia.benefits.quotamoves import MovesPage, moves_page
from niangjia.benefits.services import quotas
from niangjia.benefits.views.answers import act, new_request_id, refuse
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.routes import requires
from niangjia.federation.scopes import rights_of, scope_of
from niangjia.policy import queries as policy


@requires("benefits.list:read")
@require_GET
def moves(request: HttpRequest, version: str) -> HttpResponse:
    """What was given back and given out again, with the form for one's own and the button for all."""
    page = _page(request, version)
    form = ReturnForm(own=page.own, initial={"request_id": new_request_id()}) if page.own else None
    return _render(request, page, form)


@requires("benefits.quota:return")
@require_POST
def give_back(request: HttpRequest, version: str) -> HttpResponse:
    """Give places back."""
    page = _page(request, version)
    form = ReturnForm(request.POST, own=page.own)
    if form.is_valid():
        try:
            quotas.return_places(version_public_id=version, acting_user=request.user, **form.returned())
            messages.success(request, _("Given back. Until they are given out again this can be undone."))
            return redirect("desk_quotas", version)
        except Refusal as refusal:
            refuse(form, refusal)
    return _render(request, page, form, status=422)


@requires("benefits.quota:return")
@require_POST
def undo(request: HttpRequest, version: str) -> HttpResponse:
    """Undo that places were given back."""
    return act(
        request, reverse("desk_quotas", args=[version]), _("Undone: the places are back where they were."),
        quotas.undo_return, version_public_id=version, public_id=request.POST.get("returned", ""),
    )  # fmt: skip


@requires("benefits.list:freeze")
@require_POST
def reallot(request: HttpRequest, version: str) -> HttpResponse:
    """Give out what was given back, as the page has shown it."""
    return act(
        request, reverse("desk_quotas", args=[version]), _("Given out. Everybody who has places sees what moved."),
        quotas.reallot, version_public_id=version, seen=request.POST.get("seen", ""),
    )  # fmt: skip


def _page(request: HttpRequest, version: str) -> MovesPage:
    reading = scope_of(request.user, "benefits.list:read")
    card = policy.version_card(reading, version)
    reading = reading.of_programme(card.programme_slug)
    found = moves_page(card, reading, scope_of(request.user, quotas.RETURN))
    if found is None:
        raise NotFoundHere
    return found


def _render(request: HttpRequest, page: MovesPage, form: ReturnForm | None, status: int = 200) -> HttpResponse:
    reading = scope_of(request.user, "benefits.list:read").of_programme(page.card.programme_slug)
    whole = reading.reaches_union(page.card.owner_union_id)
    may_give_out = scope_of(request.user, quotas.REALLOT).reaches_union(page.card.owner_union_id)
    context = {
        "page": page, "card": page.card, "form": form, "whole": whole, "may_give_out": may_give_out,
        "found": {"quotas": page.table}, "held_rights": rights_of(request.user),
    }  # fmt: skip
    return render(request, "benefits/quotas.html", context, status=status)
