"""The size of a firm, who stands behind it, and firms like it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.routes import requires
from niangjia.people import queries
from niangjia.people.firms.related import registration_of
from niangjia.people.forms.firms import RegistrationForm, SizeForm
from niangjia.people.models import Employer
from niangjia.people.services import firms
from niangjia.people.views.forms import EntryPage, entry, writing_scope

WRITE = "people.registry:write"


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def size_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Enter what a firm was measured at; the class follows."""
    employer = queries.employer_by_public_id(writing_scope(request), public_id)
    initial = {"staff": employer.staff_count, "true_on": clock.today()}
    form = SizeForm(request.POST or None, initial=initial)

    def do(values: dict[str, Any]) -> str:
        firms.record_size(
            employer=employer, industry=values["industry"], staff=values["staff"], revenue_fen=values["revenue"],
            assets_fen=values["assets"], true_on=values["true_on"], source=values["source"], acting_user=request.user,
        )  # fmt: skip
        return _address(employer)

    intro = _("The class is computed from the official table of that day; what is measured depends on the industry.")
    return entry(request, _page(employer, _("Size of the firm"), _("The size is recorded."), intro), form, do)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def registration(request: HttpRequest, public_id: str) -> HttpResponse:
    """Enter who stands behind a firm."""
    employer = queries.employer_by_public_id(writing_scope(request), public_id)
    form = RegistrationForm(request.POST or None, initial=registration_of(employer))

    def do(values: dict[str, Any]) -> str:
        firms.record_registration(employer=employer, acting_user=request.user, **values)
        return _address(employer)

    intro = _(
        "Kept sealed. Firms with the same person, telephone or address are shown beside each other, never merged."
    )
    return entry(request, _page(employer, _("Registration of the firm"), _("Recorded."), intro), form, do)


@requires(WRITE)
@require_POST
def pair(request: HttpRequest, public_id: str, other: str) -> HttpResponse:
    """Say whether two firms belong together."""
    scope = writing_scope(request)
    employer = queries.employer_by_public_id(scope, public_id)
    beside = queries.employer_by_public_id(scope, other)
    try:
        firms.decide_pair(
            employer=employer, other=beside, is_related=request.POST.get("related") == "yes",
            note=request.POST.get("note", ""), acting_user=request.user,
        )  # fmt: skip
        messages.success(request, gettext("Noted. Nothing was merged."))
    except Refusal as refusal:
        messages.warning(request, str(refusal.sentence))
    return redirect(_address(employer))


def _page(employer: Employer, title: Any, done: Any, intro: Any) -> EntryPage:
    return EntryPage(title, done, _("Record"), _address(employer), employer.name, intro)


def _address(employer: Employer) -> str:
    return reverse("employer_file", args=[employer.public_id])
