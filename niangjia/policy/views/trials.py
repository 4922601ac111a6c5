"""测算: what a version would do today, with moved numbers what that would change, and who stands behind it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.routes import requires
from niangjia.federation.scopes import require, scope_of
from niangjia.policy import desk, trialpage
from niangjia.policy.forms import MovedForm
from niangjia.policy.forms.draft import NUMBER
from niangjia.policy.models import ProgrammeVersion
from niangjia.policy.trialpage import FORCE, GAINED, LOST, TEXT

PAGE_ROWS = 100
OPENING = "people.registry:read"


@requires("policy.programme:read")
@require_GET
def trial(request: HttpRequest, version: str) -> HttpResponse:
    """What the version would do today; with moved numbers, what that would change.

    Numbers are moved only by who may open the lists: with many small moves anybody could be singled out.
    """
    found = _whole_area(request, version)
    may_open = _may_open(request, found)
    form = MovedForm(_numbers(request) if may_open else None, version=found)
    shown, refused = None, ""
    if not form.is_bound or form.is_valid():
        try:
            moved = form.moved() if form.is_bound else {}
            shown = trialpage.trial_page(found, moved, may_open=may_open, address=request.GET.urlencode())
        except Refusal as refusal:
            refused = str(refusal.sentence)
    context = {"page": desk.version_page(found), "form": form if may_open else None, "trial": shown, "refused": refused}
    template = "policy/_trial.html" if getattr(request, "htmx", False) else "policy/trial.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    return response


@requires("people.registry:read")
@require_GET
def people(request: HttpRequest, version: str) -> HttpResponse:
    """Everybody who would newly get it, or no longer, against the text or the version in force."""
    found = _whole_area(request, version)
    require(request.user, OPENING, found.area_id)
    against, who = request.GET.get("against", FORCE), request.GET.get("who", GAINED)
    form = MovedForm(_numbers(request), version=found)
    if against not in {TEXT, FORCE} or who not in {GAINED, LOST} or form.errors:
        raise NotFoundHere
    moved = form.moved() if form.is_bound else {}
    cards = trialpage.who_changes(found, moved, against=against, who=who)
    rows = Paginator([{"name": trialpage.shown_name(card), "union": card.union_name} for card in cards], PAGE_ROWS)
    heading = _("Who would newly get it") if who == GAINED else _("Who would no longer get it")
    beside = _("Against the numbers in the text") if against == TEXT else _("Against the version in force")
    context = {
        "page": desk.version_page(found), "rows": rows.get_page(request.GET.get("page")), "heading": heading,
        "against": beside,
    }  # fmt: skip
    return render(request, "policy/trial_people.html", context)


def _numbers(request: HttpRequest) -> QueryDict | None:
    """The numbers that were typed; None where none were."""
    return request.GET if any(name.startswith(NUMBER) for name in request.GET) else None


def _whole_area(request: HttpRequest, version: str) -> ProgrammeVersion:
    """A version whose whole area the reader reads: a trial counts everybody in it."""
    found = desk.version_for(request.user, version)
    require(request.user, desk.READING, found.area_id)
    return found


def _may_open(request: HttpRequest, found: ProgrammeVersion) -> bool:
    return scope_of(request.user, OPENING).reaches_union(found.area_id)


def maybe_trial(request: HttpRequest, found: ProgrammeVersion) -> trialpage.TrialPage | None:
    """The trial beside something else, where there is one."""
    try:
        return trialpage.trial_page(found, {}, may_open=_may_open(request, found))
    except Refusal:
        return None
