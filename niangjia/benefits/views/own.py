"""The worker's pages: 能享受, one matter, 要办的, handing in one fact, 我的."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.benefits import aboutme, own
from niangjia.benefits.forms.own import SupplyForm
from niangjia.benefits.holders import check_by, holders
from niangjia.benefits.status import day_in_words
from niangjia.benefits.views.answers import new_request_id, refuse
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.routes import requires
from niangjia.federation.services.audit import advance_feed
from niangjia.files.arrived import files_of
from niangjia.people.queries import own_subjects, sent_back
from niangjia.people.services.facts import state_fact


def matters_of(request: HttpRequest) -> list[own.Matter]:
    """What the reader's pages show, worked out once per request: page and badge share it."""
    if not hasattr(request, "_own_matters"):
        request._own_matters = own.own_matters(request.user, clock.today())  # type: ignore[attr-defined]
    return request._own_matters  # type: ignore[attr-defined,no-any-return]


def cards_of(request: HttpRequest) -> list[own.Matter]:
    """The matters a page counts: one for the household where the household gets one."""
    return own.once_per_household(matters_of(request))


@requires("benefits.own:read")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """能享受: the one thing first, then what is met, missing, under way; the rest folded."""
    page = own.page_of(cards_of(request))
    note = own.note_of(page.first.own, _sent_back(request)) if page.first else ""
    return render(request, "benefits/my_home.html", {"page": page, "sent_back": note})


def _sent_back(request: HttpRequest) -> own.SentBack:
    return sent_back(own_subjects(request.user, clock.today()))


@requires("benefits.own:read")
@require_GET
def detail(request: HttpRequest, version: str, subject: str) -> HttpResponse:
    """One matter, condition by condition."""
    for found in matters_of(request):
        if (found.own.card.public_id, found.subject.public_id) == (version, subject):
            return render(request, "benefits/my_detail.html", {"matter": found, "card": found.own.card})
    raise NotFoundHere


@requires("benefits.own:read")
@require_GET
def todo(request: HttpRequest) -> HttpResponse:
    """要办的: each missing fact once, and what an officer is checking."""
    found = cards_of(request)
    waiting = [one for one in found if one.status.code == "verify"]
    tasks = own.tasks_of(found, _sent_back(request))
    return render(request, "benefits/my_todo.html", {"tasks": tasks, "waiting": waiting})


@requires("people.own:state")
@require_http_methods(["GET", "POST"])
def supply(request: HttpRequest, subject: str, fact: str) -> HttpResponse:
    """Hand in one fact with a photograph; it counts once an officer has confirmed it."""
    asked = aboutme.asked(request.user, subject, fact)
    form = SupplyForm(
        request.POST or None, files_of(request) or None, fact=asked.fact, initial={"request_id": new_request_id()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            state_fact(
                subject_kind=asked.kind, subject_id=asked.id, code=asked.fact.code, value=form.stated(),
                photograph=form.cleaned_data["photograph"], request_id=form.cleaned_data["request_id"],
                acting_user=request.user,
            )  # fmt: skip
            advance_feed()
            messages.success(request, _handed_in(asked))
            return redirect("my_todo")
        except Refusal as refusal:
            refuse(form, refusal)
    context = {
        "form": form, "asked": asked, "check_by": check_by(clock.today()),
        "another": request.method == "POST" or "again" in request.GET,
    }  # fmt: skip
    return render(request, "benefits/my_supply.html", context, status=422 if form.errors else 200)


def _handed_in(asked: aboutme.Asked) -> str:
    officer = holders([asked.union_id], []).of_town(asked.union_id, asked.union_id)
    words = {"who": officer.name if officer else _("the union"), "day": day_in_words(check_by(clock.today()))}
    told = _("Received, to be checked. %(who)s checks it by %(day)s; what cannot be read comes back with one sentence.")
    return told % words


@requires("benefits.own:read")
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """我的: who I am here, my household, what we received, who looked."""
    me = aboutme.about(request.user, clock.today(), every_look=request.GET.get("looks") == "all")
    return render(request, "benefits/my_me.html", {"me": me})
