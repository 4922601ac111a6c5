from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.federation.listing.pages import open_list
from niangjia.federation.queries import union_by_public_id
from niangjia.federation.routes import requires
from niangjia.files.arrived import files_of
from niangjia.people import coverage
from niangjia.people.forms import CoverageForm
from niangjia.people.services.coverage import record_coverage
from niangjia.people.views.forms import EntryPage, entry, first_choice, union_choices, writing_scope

READ, WRITE = "people.registry:read", "people.registry:write"


@requires(READ)
@require_GET
def register_list(request: HttpRequest) -> HttpResponse:
    """Which register was said to be complete where, newest first."""
    found = open_list(request, "people.registers")
    rows = coverage.page_lines(found, clock.today())
    return render(request, "people/register_list.html", {"list": found, "rows": rows})


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def register_complete(request: HttpRequest) -> HttpResponse:
    """Record that a register was complete for a union and all below."""
    scope = writing_scope(request)
    choices = union_choices(scope)
    form = CoverageForm(
        request.POST or None, files_of(request) or None, unions=choices,
        initial={**first_choice(choices), "complete_on": clock.today()},
    )  # fmt: skip

    def do(values: dict[str, Any]) -> str:
        union = union_by_public_id(scope, values.pop("union"))
        record_coverage(union_id=union.pk, acting_user=request.user, **values)
        return reverse("register_list")

    page = EntryPage(
        _("A register was complete"), _("Recorded."), _("Record"), reverse("register_list"), _("Complete registers"),
        _("Only then does no row mean no: without it, somebody without a recorded job is unknown, not out of work."),
    )  # fmt: skip
    return entry(request, page, form, do)
