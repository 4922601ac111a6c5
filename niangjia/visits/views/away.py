"""Survey forms taken along on a device: the page that opens without a network, what goes out, what comes back."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.routes import anonymous, requires
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import audit
from niangjia.people import queries as people
from niangjia.visits import awaypage, queries
from niangjia.visits.forms.away import AwayForm
from niangjia.visits.forms.survey import questions_for
from niangjia.visits.permissions import RECORD
from niangjia.visits.services import away


@anonymous("the page holds nothing of anybody: what was taken along lies sealed on the device")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The page that opens without a network; it alone may ask the device where it is."""
    response = HttpResponse(awaypage.shell(request))
    response["Permissions-Policy"] = "geolocation=(self), microphone=(), interest-cohort=()"
    return response


@anonymous("a script of the page before, without anybody's data")
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: keeps that page and what it loads, and touches nothing else."""
    kept = awaypage.worker(request)
    script = kept.pop("script")
    text = f"self.KEPT = {json.dumps(kept)};\nimportScripts({json.dumps(script)});\n"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@anonymous("says to each caller who he is himself, and nothing of anybody else")
@require_GET
def ready(request: HttpRequest) -> JsonResponse:
    """Whether what comes back would be taken, and from whom."""
    who = request.user.public_id if request.user.is_authenticated else ""
    return JsonResponse({"who": who, "token": get_token(request)})


def _as_id(text: str) -> str:
    """What could be an id, and in place of anything else one that nothing has: PostgreSQL refuses some letters."""
    return text if not text or (text.isascii() and text.isalnum()) else "-"


@requires(RECORD)
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Whom to take along: the waiting files of a re-check, or one household; and the PIN for this device."""
    asked = (_as_id(request.GET.get(name, "")) for name in ("campaign", "household", "town"))
    return render(request, "visits/away_choose.html", awaypage.chooser(scope_of(request.user, RECORD), *asked))


@requires(RECORD)
@require_POST
def take(request: HttpRequest) -> JsonResponse:
    """Hand the forms out; each household is written down as looked at."""
    try:
        wanted = [_as_id(one) for one in request.POST.getlist("household")]
        taken = away.take_along(public_ids=wanted, acting_user=request.user)
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal.sentence)}, status=422)
    homes = awaypage.packed(taken, scope_of(request.user, RECORD))
    return JsonResponse({"who": request.user.public_id, "days": away.KEPT.days, "today": clock.today(), "homes": homes})


@requires(RECORD)
@require_POST
def send(request: HttpRequest) -> JsonResponse:
    """Record what came back, once; or say what stands in the way, and the device keeps it."""
    try:
        ticket = away.read_ticket(request.POST.get("ticket", ""))
        earlier = visit = away.recorded_already(ticket=ticket, acting_user=request.user)
        if visit is None:
            form = _form(request, ticket)
            if not form.is_valid():
                return JsonResponse({"errors": form.problems}, status=422)
            visit = away.bring_back(
                ticket=ticket, table=form.table(), told=request.POST.get("told", ""), acting_user=request.user,
                photos=[form.cleaned_data["photo"]] if form.cleaned_data["photo"] else [],
            )  # fmt: skip
    except away.MeanwhileChanged as changed:
        return JsonResponse({"ask": changed.happened.sentences, "told": changed.happened.word}, status=409)
    except Refusal as refusal:
        return JsonResponse({"errors": {refusal.field or "__all__": [str(refusal.sentence)]}}, status=422)
    audit.advance_feed()
    return JsonResponse({"url": reverse("visit_file", args=[visit.public_id]), "again": earlier is not None})


def _form(request: HttpRequest, ticket: away.Ticket) -> AwayForm:
    scope = scope_of(request.user, RECORD)
    household = people.household_by_public_id(scope, ticket.household)
    _standard, rules = queries.standard_for(household.union_id, clock.today())
    questions = questions_for(household.pk, rules.questions, scope)
    return AwayForm(request.POST, request.FILES, questions=questions)
