from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from niangjia.federation import anchors
from niangjia.federation.forms import VerifyChainForm
from niangjia.federation.listing.pages import open_list
from niangjia.federation.models import ChainWalk
from niangjia.federation.queries import newest_walk
from niangjia.federation.routes import requires
from niangjia.federation.services import audit
from niangjia.federation.services.chain_walks import begin_walk

POLLING_ENDS = 286


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
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def verify_chain(request: HttpRequest) -> HttpResponse:
    """Have the chain walked; how far the walk is, and in the end whether it holds."""
    form = VerifyChainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        begin_walk(noted=form.cleaned_data["head"], acting_user=request.user)
        return redirect("audit_verify")
    walk = newest_walk(request.user)
    if request.headers.get("HX-Request"):
        return _progress(request, walk)
    context = {"walk": walk, "verify": form}
    return render(request, "federation/chain_state.html", context, status=422 if form.errors else 200)


def _progress(request: HttpRequest, walk: ChainWalk | None) -> HttpResponse:
    if walk is not None and walk.ended_at is None:
        return render(request, "federation/_chain_progress.html", {"walk": walk})
    response = HttpResponse(status=POLLING_ENDS)
    response["HX-Refresh"] = "true"
    return response
