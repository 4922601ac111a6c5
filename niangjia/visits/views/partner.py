"""/partner: what waits for whoever checks samples for a provider."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from niangjia.core import clock
from niangjia.federation.routes import requires
from niangjia.visits.partnerpage import page_for
from niangjia.visits.permissions import ASSESS


@requires(ASSESS)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """For whom one is here, until when, and the samples in that provider's hands with the days left."""
    return render(request, "visits/partner_home.html", {"page": page_for(request.user, clock.today())})
