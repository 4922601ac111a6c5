from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from niangjia.federation import trail
from niangjia.federation.actions import actions
from niangjia.federation.forms import TrailFilterForm, VerifyChainForm
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import audit

ROWS_PER_PAGE = 50


@requires("federation.audit:read")
@require_GET
def audit_trail(request: HttpRequest) -> HttpResponse:
    """Who did or looked at what, newest first."""
    filters = TrailFilterForm(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    rows = trail.rows_in(scope_of(request.user, "federation.audit:read"), **wanted)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters, "page": page, "rows": trail.in_words(list(page.object_list)), "verify": VerifyChainForm(),
        "actions": actions.all(),
    }  # fmt: skip
    return render(request, "federation/audit_trail.html", context)


@requires("federation.audit:read")
@require_POST
def verify_chain(request: HttpRequest) -> HttpResponse:
    """Walk the chain now and say whether it holds."""
    form = VerifyChainForm(request.POST)
    if not form.is_valid():
        return render(request, "federation/chain_state.html", {"verify": form}, status=422)
    audit.advance_feed()
    anchor = form.cleaned_data["head"]
    context = {"state": audit.verify_chain(anchor), "verify": VerifyChainForm(), "anchored": anchor is not None}
    return render(request, "federation/chain_state.html", context)
