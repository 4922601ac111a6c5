from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.federation.listing.pages import open_list
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people.views.forms import EntryPage
from niangjia.visits import queries
from niangjia.visits.forms import CampaignForm
from niangjia.visits.lists import RECHECK
from niangjia.visits.permissions import READ, RUN
from niangjia.visits.progress import progress_of
from niangjia.visits.services.campaigns import start_campaign
from niangjia.visits.standardpage import own_union
from niangjia.visits.views.entry import entry


@requires(RUN)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Start a re-check of all open files of the area."""
    form = CampaignForm(request.POST or None, initial={"starts_on": clock.today()})

    def do(values: dict[str, Any]) -> str:
        campaign = start_campaign(union_id=own_union(request.user), acting_user=request.user, **values)
        return reverse("campaign_file", args=[campaign.public_id])

    page = EntryPage(
        _("Start a re-check"), _("The re-check has begun; its list stands still."), _("Start"), reverse("visits_index"),
        _("Visits and re-checks"), _("Every file that is open today is on its list."),
    )  # fmt: skip
    return entry(request, page, form, do)


@requires(READ)
@require_GET
def one(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """A re-check by towns: who has done how many, and what waits."""
    scope = scope_of(request.user, READ)
    progress = progress_of(scope, queries.campaign_in(scope, campaign_id), clock.today())
    return render(request, "visits/campaign.html", {"progress": progress, "now": clock.now()})


@requires(READ)
@require_GET
def files(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """The files of a re-check as a list: by town, by what was found, those that wait."""
    campaign = queries.campaign_in(scope_of(request.user, READ), campaign_id)
    page = {"list": open_list(request, RECHECK, campaign_id), "campaign": campaign}
    return render(request, "visits/campaign_files.html", page)
