from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from niangjia.federation import anchors
from niangjia.federation.forms import VerifyChainForm
from niangjia.federation.listing.pages import open_list
from niangjia.federation.routes import requires
from niangjia.federation.services import audit


@requires("federation.audit:read")
@require_GET
def audit_trail(request: HttpRequest) -> HttpResponse:
    """Who did or looked at what, newest first."""
    context = {
        "list": open_list(request, "federation.trail"), "verify": VerifyChainForm(), "head": audit.head_note(),
        "unsealed": audit.has_unsealed(), "unwritten_since": anchors.unwritten_since(),
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
