"""Papers: the public notice, the pay roster, the list as it stands; who printed is on record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from niangjia.benefits import export, lists, papers
from niangjia.benefits.wording import unit_of
from niangjia.core import clock
from niangjia.federation.listing.units import word_of
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.policy import queries as policy


def _printed(request: HttpRequest) -> papers.Printed:
    return papers.Printed(request.user.display_name, clock.now())


@requires("benefits.list:export")
@require_GET
def notice_sheet(request: HttpRequest, frozen: str) -> HttpResponse:
    """公示表: masked names and towns, nothing else about anybody."""
    scope = scope_of(request.user, "benefits.list:export")
    found = lists.list_in(scope, frozen)
    scope = scope.of_programme(found.programme.slug)
    export.record_paper(found, "notice", request.user)
    card, rows = policy.cards_of([found.version_id])[found.version_id], papers.notice_rows(scope, found)
    context = {
        "frozen": found, "card": card, "notice": getattr(found, "notice", None), "rows": rows,
        "unit": word_of(len(rows), unit_of(card)),
        "printed": _printed(request), "union": policy.union_name(found.union_id),
    }  # fmt: skip
    return render(request, "benefits/print_notice.html", context)


@requires("benefits.list:export")
@require_GET
def roster(request: HttpRequest, frozen: str) -> HttpResponse:
    """花名册: masked numbers, amounts in figures and capitals, subtotals, room to sign."""
    scope = scope_of(request.user, "benefits.list:export")
    found = lists.list_in(scope, frozen)
    scope = scope.of_programme(found.programme.slug)
    export.record_paper(found, "roster", request.user)
    context = {
        "frozen": found, "card": policy.cards_of([found.version_id])[found.version_id],
        "is_draft": not hasattr(found, "confirmation"), "pages": papers.roster(scope, found),
        "printed": _printed(request), "union": policy.union_name(found.union_id),
    }  # fmt: skip
    return render(request, "benefits/print_roster.html", context)
