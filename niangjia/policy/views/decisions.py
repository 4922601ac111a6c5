"""One decision, open: a sentence per condition, the fact with source and date, and the proof folded away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.policy import decisionpage


@requires("people.registry:read")
@require_GET
def decision(request: HttpRequest, decision: str) -> HttpResponse:
    """The decision of one subject; that it was opened is on record."""
    scope = scope_of(request.user, "people.registry:read")
    page = decisionpage.open_decision(scope, decision, acting_user=request.user)
    return render(request, "policy/decision.html", {"page": page})


@requires("people.registry:read")
@require_GET
def replay(request: HttpRequest, decision: str) -> HttpResponse:
    """The decision made again from its row and its version, and what differs."""
    scope = scope_of(request.user, "people.registry:read")
    found = decisionpage.replay_page(scope, decision, acting_user=request.user)
    template = "policy/_replay.html" if getattr(request, "htmx", False) else "policy/replay.html"
    response = render(request, template, {"page": found})
    response["Vary"] = "HX-Request"
    return response
