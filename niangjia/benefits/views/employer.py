"""The employer's pages: what he can get, and one matter condition by condition."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from niangjia.benefits import employerpage
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.routes import requires


@requires("benefits.employer:read")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """能享受 for an employer: counts and days, never the holders' circumstances."""
    return render(request, "benefits/employer_home.html", {"page": employerpage.page_for(request.user, clock.today())})


@requires("benefits.employer:read")
@require_GET
def detail(request: HttpRequest, version: str, subject: str) -> HttpResponse:
    """One matter, condition by condition."""
    for found in employerpage.page_for(request.user, clock.today()).matters:
        one = found.matter
        if (one.own.card.public_id, one.subject.public_id) == (version, subject):
            context = {"matter": one, "progress": found.progress, "card": one.own.card}
            return render(request, "benefits/employer_detail.html", context)
    raise NotFoundHere
