from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from niangjia.federation.listing.pages import show_list
from niangjia.federation.routes import requires
from niangjia.people.officers import OFFICERS, PERIOD
from niangjia.people.permissions import USAGE
from niangjia.people.usage import usage_of


@requires(USAGE)
@require_GET
def usage(request: HttpRequest) -> HttpResponse:
    """Accounts and log-ins, level by level and union by union."""
    return render(request, "people/usage.html", {"usage": usage_of(request.user), "days": PERIOD.days})


@requires(USAGE)
@require_GET
def officers(request: HttpRequest) -> HttpResponse:
    """Who has an account, and who logs in."""
    return show_list(request, OFFICERS, "people/usage_officers.html")
