from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.routes import requires
from niangjia.federation.scopes import home_area
from niangjia.people.forms import refuse
from niangjia.people.views.forms import EntryPage
from niangjia.visits import queries
from niangjia.visits.forms import FindingForm, ReasonForm
from niangjia.visits.permissions import ASSESS
from niangjia.visits.samplepage import masked_file, masked_rows
from niangjia.visits.services.samples import note_sample_look, record_finding, reveal_address
from niangjia.visits.views.entry import entry

# By the page the reader came from: the frame around a file, and where what he asks of it is sent.
FRAMES = {
    "assess_index": {"frame": "site/desk.html", "file_route": "assess_file", "address_route": "assess_address"},
    "partner_home": {"frame": "site/partner.html", "file_route": "partner_file", "address_route": "partner_address"},
}


@requires(ASSESS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The drawn files an assessor was named for; nothing else of the county."""
    if home_area(request.user) == "partner":  # a provider's people have a first page of their own
        return redirect("partner_home")
    rows = masked_rows(queries.rows_for_assessor(request.user), clock.today())
    return render(request, "visits/assess_index.html", {"rows": rows})


def _page(home: str, done: str | Promise = "") -> EntryPage:
    return EntryPage(_("File to check"), done, _("Record"), reverse(home), _("Files to check"))


@requires(ASSESS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, row_id: str, home: str = "assess_index") -> HttpResponse:
    """One drawn file, masked; opening it is written down. Here the assessor says what was found."""
    row = queries.row_for_assessor(request.user, row_id)
    note_sample_look(row=row, acting_user=request.user)
    form, page = FindingForm(request.POST or None), _page(home, _("What was found is recorded."))

    def do(values: dict[str, Any]) -> str:
        agrees = values["agrees"] == "yes"
        record_finding(row_public_id=row_id, agrees=agrees, said=values["said"], acting_user=request.user)
        return page.back_url

    more = {**masked_file(row, clock.today()), "reason_form": ReasonForm(), **FRAMES[home]}
    return entry(request, page, form, do, "visits/assess_file.html", **more)


@requires(ASSESS)
@require_POST
def address(request: HttpRequest, row_id: str, home: str = "assess_index") -> HttpResponse:
    """Where the household lives, for a reason that is kept."""
    row = queries.row_for_assessor(request.user, row_id)
    form, shown, status = ReasonForm(request.POST), "", 422
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            shown = reveal_address(row_public_id=row_id, reason=reason, acting_user=request.user)
            status = 200
        except Refusal as refusal:
            refuse(form, refusal)
    if not shown:
        note_sample_look(row=row, acting_user=request.user)
    context = {"page": _page(home), "form": FindingForm(), **masked_file(row, clock.today()), **FRAMES[home]}
    return render(request, "visits/assess_file.html", {**context, "reason_form": form, "address": shown}, status=status)
