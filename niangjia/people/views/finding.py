from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people import finding

READ = "people.registry:read"


@requires(READ)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """One box for persons, households, employers and unions in scope; as a page, or its results while typing."""
    text = request.GET.get("q", "").strip()
    found = finding.find(scope_of(request.user, READ), text)
    fragment = bool(getattr(request, "htmx", False))
    template = "people/_found.html" if fragment else "people/search.html"
    response = render(request, template, {"found": found, "text": text, "fragment": fragment})
    patch_vary_headers(response, ("HX-Request",))
    return response
