from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.cases import needs as pages, stays
from niangjia.cases.forms import refuse
from niangjia.cases.forms.needs import FollowUpForm, StayForm
from niangjia.cases.permissions import NEED
from niangjia.cases.services import needs
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.listing.pages import open_list, show_list
from niangjia.federation.queries import own_union
from niangjia.federation.routes import requires


@requires(NEED)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Needs with owner and date, those without an answer first, and how many by industry."""
    context = {"list": open_list(request, pages.LIST), "industries": pages.by_industry(request.user)}
    return render(request, "cases/needs.html", context)


@requires(NEED)
@require_GET
def stays_index(request: HttpRequest) -> HttpResponse:
    """The days at a site that needs come from, the newest first."""
    return show_list(request, "cases.stays", "cases/needs.html")


@requires(NEED)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan or record a day at a site."""
    form = StayForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        union = own_union(request.user, NEED)
        made = needs.record_stay(union_id=union.pk, acting_user=request.user, **form.cleaned_data)
        return redirect("stay", made.public_id)
    return render(request, "cases/stay_new.html", {"form": form}, status=422 if form.errors else 200)


@requires(NEED)
@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest, stay: str) -> HttpResponse:
    """One stay: wishes, gifts, diary, needs, quotes, and the answer to the site."""
    found = pages.stay_in(request.user, stay)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    parts = stays.forms_of(request.user, found, act, request.POST)
    if request.method == "POST":
        if act not in parts:
            raise NotFoundHere
        if parts[act].is_valid() and _done(request, stay, act, parts[act]):
            return redirect("stay", stay)
    status = 422 if act and parts[act].errors else 200
    return render(request, "cases/stay.html", {**stays.page_of(found), "forms": parts}, status=status)


def _done(request: HttpRequest, stay: str, act: str, form: forms.Form) -> bool:
    try:
        stays.do(act=act, public_id=stay, values=form.cleaned_data, acting_user=request.user)
    except Refusal as refusal:
        refuse(form, refusal)
        return False
    messages.success(request, _("Kept."))
    return True


@requires(NEED)
@require_GET
def sheet(request: HttpRequest, stay: str) -> HttpResponse:
    """The answer to the site on paper: each need with what became of it; no names."""
    found = pages.stay_in(request.user, stay)
    return render(request, "cases/print_stay.html", {**stays.page_of(found), "printed_at": clock.now()})


@requires(NEED)
@require_http_methods(["GET", "POST"])
def need(request: HttpRequest, need: str) -> HttpResponse:
    """One need: whose it is, until when, and what becomes of it."""
    found = pages.need_in(request.user, need)
    form: Any = FollowUpForm(request.POST or None, initial={"state": "under_way", "outcome": found.outcome})
    if request.method == "POST" and form.is_valid():
        try:
            needs.follow_up(public_id=need, acting_user=request.user, **form.cleaned_data)
            return redirect("stay", found.stay.public_id)
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"line": pages.line_of(found), "form": form}
    return render(request, "cases/need.html", context, status=422 if form.errors else 200)
