from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from niangjia.federation.queries import union_by_public_id
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people import finding

READ = "people.registry:read"
ROWS_PER_PAGE = 50


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


@requires(READ)
@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """Persons in scope, those of one union when asked, newest first."""
    scope, asked = scope_of(request.user, READ), request.GET.get("union", "")
    union = union_by_public_id(scope, asked) if asked else None
    rows = finding.persons_of(scope, union.pk if union else None)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    hits = finding.with_homes(list(page.object_list))
    return render(request, "people/person_list.html", {"page": page, "hits": hits, "union": union})
