from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.listing.pages import open_list
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.people.forms import refuse
from niangjia.people.views.forms import EntryPage
from niangjia.visits import queries
from niangjia.visits.forms import AssessorForm, HandoverForm, RectifyForm, SampleForm, SeedForm
from niangjia.visits.permissions import DRAW, READ, RECORD
from niangjia.visits.samplelist import DRAWN
from niangjia.visits.samplepage import contract_choices, sample_context, stratum_file
from niangjia.visits.services.handovers import hand_over, take_from
from niangjia.visits.services.samples import (
    enter_seed,
    fix_sample,
    name_assessor,
    note_finding_looks,
    rectify,
    unname_assessor,
)
from niangjia.visits.standardpage import own_union
from niangjia.visits.views.entry import entry


@requires(DRAW)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Fix a sample: who can be drawn, how many, and where the seed will come from."""
    form = SampleForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        sample = fix_sample(union_id=own_union(request.user), acting_user=request.user, **values)
        return reverse("sample_file", args=[sample.public_id])

    page = EntryPage(
        _("Sample for an outside check"), _("The lists are fixed; publish their hashes before the seed is out."),
        _("Fix the lists"), reverse("visits_index"), _("Visits and re-checks"),
        _("The lists are fixed first, the seed comes later, and anybody can draw again."),
    )  # fmt: skip
    return entry(request, page, form, do)


@requires(READ)
@require_GET
def one(request: HttpRequest, sample_id: str) -> HttpResponse:
    """A sample: its strata, seed, drawn files, what differs and what was put right."""
    return _show(request, sample_id)


@requires(READ)
@require_GET
def drawn(request: HttpRequest, sample_id: str) -> HttpResponse:
    """The drawn files of a sample as a list: what waits, what differs, what was put right."""
    sample = queries.sample_in(scope_of(request.user, READ), sample_id)
    return render(request, "visits/sample_rows.html", {"list": open_list(request, DRAWN, sample_id), "sample": sample})


@transaction.atomic
def _show(
    request: HttpRequest, sample_id: str, *, seed: forms.Form | None = None, assessor: forms.Form | None = None,
    handover: forms.Form | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of a sample, with the one form that was sent and came back."""
    sample = queries.sample_in(scope_of(request.user, READ), sample_id)
    shown = sample_context(sample, clock.today())
    note_finding_looks(rows=[line.row for line in shown["lines"] if line.differs], acting_user=request.user)
    choices = contract_choices(request.user, sample)
    context = {
        **shown, "seed_form": seed or SeedForm(), "assessor_form": assessor or AssessorForm(),
        "handover_form": handover or HandoverForm(contracts=choices),
        "may_draw": scope_of(request.user, DRAW).reaches_union(sample.union_id),
        "may_hand_over": bool(choices) and sample.ends_on >= clock.today(),
        "is_out": clock.today() >= sample.seed_on,
    }  # fmt: skip
    came_back = seed or assessor or handover
    return render(request, "visits/sample.html", context, status=422 if came_back else 200)


@requires(DRAW)
@require_POST
def seed(request: HttpRequest, sample_id: str) -> HttpResponse:
    """Enter the seed as its source published it."""
    queries.sample_in(scope_of(request.user, DRAW), sample_id)
    form = SeedForm(request.POST)
    if form.is_valid():
        try:
            enter_seed(public_id=sample_id, value=form.cleaned_data["value"], acting_user=request.user)
            return redirect("sample_file", sample_id)
        except Refusal as refusal:
            refuse(form, refusal)
    return _show(request, sample_id, seed=form)


@requires(DRAW)
@require_POST
def assessor(request: HttpRequest, sample_id: str) -> HttpResponse:
    """Name somebody from outside who sees this sample."""
    queries.sample_in(scope_of(request.user, DRAW), sample_id)
    form = AssessorForm(request.POST)
    if form.is_valid():
        try:
            name_assessor(public_id=sample_id, username=form.cleaned_data["username"], acting_user=request.user)
            return redirect("sample_file", sample_id)
        except Refusal as refusal:
            refuse(form, refusal)
    return _show(request, sample_id, assessor=form)


@requires(DRAW)
@require_POST
def assessor_end(request: HttpRequest, sample_id: str) -> HttpResponse:
    """Let an assessor see this sample no longer."""

    def end() -> None:
        whom = request.POST.get("assessor", "")
        unname_assessor(public_id=sample_id, user_public_id=whom, acting_user=request.user)

    return _closed(request, sample_id, end, _("He sees the drawn files no longer."))


@requires(DRAW)
@require_POST
def handover(request: HttpRequest, sample_id: str) -> HttpResponse:
    """Put this sample into a provider's hands."""
    sample = queries.sample_in(scope_of(request.user, DRAW), sample_id)
    form = HandoverForm(request.POST, contracts=contract_choices(request.user, sample))
    if form.is_valid():
        try:
            chosen = form.cleaned_data["contract"]
            hand_over(public_id=sample_id, contract_public_id=chosen, acting_user=request.user)
            return redirect(reverse("sample_file", args=[sample_id]) + "#assessors")
        except Refusal as refusal:
            refuse(form, refusal)
    return _show(request, sample_id, handover=form)


@requires(DRAW)
@require_POST
def handover_end(request: HttpRequest, sample_id: str) -> HttpResponse:
    """Take this sample from a provider."""

    def end() -> None:
        contract = request.POST.get("contract", "")
        take_from(public_id=sample_id, contract_public_id=contract, acting_user=request.user)

    return _closed(request, sample_id, end, _("Its people see the drawn files no longer."))


def _closed(request: HttpRequest, sample_id: str, end: Callable[[], None], done: str) -> HttpResponse:
    """Shut somebody out of a sample that is in scope, and say what came of it."""
    queries.sample_in(scope_of(request.user, DRAW), sample_id)
    try:
        end()
    except Refusal as refusal:
        messages.warning(request, str(refusal.sentence))
    else:
        messages.success(request, done)
    return redirect(reverse("sample_file", args=[sample_id]) + "#assessors")


@requires(READ)
@require_GET
def stratum_draw(request: HttpRequest, sample_id: str, stratum: int) -> HttpResponse:
    """The draw of one stratum as a file that anybody can run again."""
    found = queries.stratum_in(scope_of(request.user, READ), sample_id, stratum)
    response = HttpResponse(stratum_file(found), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sample-{found.pk}.json"'
    return response


@requires(RECORD)
@require_http_methods(["GET", "POST"])
def rectify_finding(request: HttpRequest, row_id: str) -> HttpResponse:
    """Record what was put right upon a finding."""
    row = queries.row_in(scope_of(request.user, RECORD), row_id)
    if hasattr(row, "finding"):
        note_finding_looks(rows=[row], acting_user=request.user)
    back = reverse("household_file", args=[row.household.public_id])
    form = RectifyForm(request.POST or None)

    def do(values: dict[str, Any]) -> str:
        rectify(row_public_id=row_id, said=values["said"], acting_user=request.user)
        return back

    finding = getattr(row, "finding", None)
    page = EntryPage(
        _("Put right"), _("What was put right is recorded."), _("Record"), back, _("Household"),
        finding.said if finding else "",
    )  # fmt: skip
    return entry(request, page, form, do)
