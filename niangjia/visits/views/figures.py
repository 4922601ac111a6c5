from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.federation.listing.pages import open_list, show_list
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people.views.forms import EntryPage
from niangjia.visits import figures, overview
from niangjia.visits.forms import FigureForm
from niangjia.visits.lists import EVERY, NO_WORK, UNCHECKED, flow_begins
from niangjia.visits.nowork import no_work_in
from niangjia.visits.permissions import READ, RUN
from niangjia.visits.services.campaigns import enter_figure
from niangjia.visits.standardpage import own_union
from niangjia.visits.views.entry import entry


@requires(READ)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Re-checks, samples, calls back and the flow of files."""
    since = _day(request.GET.get("since", "")) or flow_begins()
    context = overview.visits_overview(scope_of(request.user, READ), since, clock.today())
    return render(request, "visits/index.html", {**context, "now": clock.now()})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@requires(READ)
@require_GET
def no_work(request: HttpRequest) -> HttpResponse:
    """Households with nobody in work, each with the day it is to be seen again."""
    in_file = request.GET.get(EVERY) != "1"
    found = no_work_in(scope_of(request.user, READ), clock.today(), in_file=in_file)
    page = open_list(request, NO_WORK, base=found.lines)
    return render(request, "visits/no_work.html", {"found": found, "list": page, "in_file": in_file})


@requires(READ)
@require_GET
def left_unchecked(request: HttpRequest) -> HttpResponse:
    """Households that left their file and no check stands on record for it."""
    return show_list(request, UNCHECKED, "visits/left_unchecked.html")


@requires(READ)
@require_http_methods(["GET", "POST"])
def reported(request: HttpRequest) -> HttpResponse:
    """Figures that others reported, with unit, cut-off date and source; two of one source set against each other."""
    scope = scope_of(request.user, READ)
    form = FigureForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        enter_figure(union_id=own_union(request.user), acting_user=request.user, **values)
        return reverse("reported_figures")

    page = EntryPage(
        _("Reported figures"), _("The figure is entered."), _("Enter the figure"), reverse("visits_index"),
        _("Visits and re-checks"), _("Never without its unit, its own cut-off date and its source."),
    )  # fmt: skip
    more = {
        "rows": figures.compared(scope), "may_enter": not scope_of(request.user, RUN).is_empty,
        "ratio": figures.ratio_asked(scope, request.GET),
    }  # fmt: skip
    return entry(request, page, form, do, "visits/reported.html", **more)
