from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from niangjia.federation.routes import requires
from niangjia.people.permissions import USAGE
from niangjia.people.usage import PERIOD, usage_of


@requires(USAGE)
@require_GET
def usage(request: HttpRequest) -> HttpResponse:
    """Accounts and log-ins, level by level and union by union."""
    return render(request, "people/usage.html", {"usage": usage_of(request.user), "days": PERIOD.days})
