"""The officer's side of what people ask about what is kept of them."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.listing.pages import show_list
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import approvals, audit
from niangjia.files.arrived import files_of
from niangjia.files.queries import file_cards, file_response
from niangjia.people import mine, queries
from niangjia.people.erasure import plan_of
from niangjia.people.forms import refuse
from niangjia.people.forms.mine import AnswerForm, ConsentForm, CopyForm, DeskErasureForm, DeskMandateForm
from niangjia.people.models import OwnRequest
from niangjia.people.purposes import purposes
from niangjia.people.services import consents, copies, erasure, requests
from niangjia.people.services.noting import note_request_look
from niangjia.people.views.forms import EntryPage, entry

VERIFY, WRITE = requests.VERIFY, "people.registry:write"


@requires(VERIFY)
@require_GET
def desk_requests(request: HttpRequest) -> HttpResponse:
    """What people asked, the most urgent first."""
    return show_list(request, "people.requests", "people/desk_requests.html")


@requires(VERIFY)
@require_http_methods(["GET", "POST"])
def desk_request(request: HttpRequest, own_request: str) -> HttpResponse:
    """One request: what stands there, what is asked, the paper; for a deletion what goes and what must stay."""
    row = mine.request_in(scope_of(request.user, VERIFY), own_request)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, row, form.cleaned_data["note"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            audit.advance_feed()
            return redirect("data_requests")
    return _show(request, row, form)


def _answer(request: HttpRequest, row: OwnRequest, note: str) -> None:
    answer = request.POST.get("answer", "")
    if row.kind == OwnRequest.Kind.CORRECT:
        verdict = "done" if answer == "done" else "returned"
        requests.answer_correction(public_id=row.public_id, verdict=verdict, note=note, acting_user=request.user)
    elif answer == "propose":
        erasure.propose_erasure(public_id=row.public_id, acting_user=request.user)
        messages.success(request, _("Sent to the second person. Nothing is deleted before the confirmation."))
        return
    else:
        erasure.refuse_erasure(public_id=row.public_id, note=note, acting_user=request.user)
    messages.success(request, _("Answered. The person reads it on his page."))


@transaction.atomic
def _show(request: HttpRequest, row: OwnRequest, form: AnswerForm) -> HttpResponse:
    note_request_look(row=row, acting_user=request.user)
    plan = plan_of(row.person_id) if row.kind == OwnRequest.Kind.ERASE else None
    context = {
        "row": row, "form": form, "plan": plan, "now": mine.present_value(row), "late": mine.days_late(row),
        "what": mine.ENTRY_NAMES.get(row.what, ""), "by_itself": row.what in requests.COLUMNS,
        "may_propose": scope_of(request.user, erasure.PROPOSE).reaches_union(row.union_id),
        "may_see_photo": scope_of(request.user, "files.evidence:read").reaches_union(row.union_id),
        "asked": mine.open_confirmation(row),
    }  # fmt: skip
    if row.kind == OwnRequest.Kind.CORRECT and row.what in {"id_number", "phone"} and context["now"]:
        audit.record(
            "people.identity:look", acting_user=request.user, object_kind="person", object_id=row.person_id,
            union_id=row.union_id, reason=_("Answering a correction the person asked for"),
        )  # fmt: skip
    return render(request, "people/desk_request.html", context, status=422 if form.errors else 200)


@requires(erasure.CONFIRM)
@require_http_methods(["GET", "POST"])
def desk_erasure(request: HttpRequest, own_request: str) -> HttpResponse:
    """The second person reads what goes and what stays, and confirms exactly that."""
    row = mine.request_in(scope_of(request.user, erasure.CONFIRM), own_request)
    approval = mine.open_confirmation(row)
    form = AnswerForm(request.POST or None)
    if approval is None:
        raise NotFoundHere
    if request.method == "POST" and form.is_valid():
        try:
            approvals.decide(
                public_id=approval.public_id, verdict=request.POST.get("answer", ""), note=form.cleaned_data["note"],
                acting_user=request.user,
            )  # fmt: skip
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Answered."))
            return redirect("desk")
    context = {"row": row, "form": form, "plan": plan_of(row.person_id), "approval": approval}
    return render(request, "people/desk_erasure.html", context, status=422 if form.errors else 200)


@requires("files.evidence:read")
@require_GET
def request_paper(request: HttpRequest, own_request: str) -> FileResponse:
    """The paper beside a request; the look is written down."""
    row = mine.request_in(scope_of(request.user, "files.evidence:read"), own_request)
    if row.evidence is None:
        raise NotFoundHere
    with transaction.atomic():
        audit.record(
            "people.evidence:look", acting_user=request.user, object_kind="person", object_id=row.person_id,
            union_id=row.union_id, after={"request": row.public_id},
        )  # fmt: skip
    return file_response(file_cards([row.evidence_id])[row.evidence_id])


@requires(copies.PRINT)
@require_http_methods(["GET", "POST"])
def person_copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """Print the person's own copy for him at the window; nothing is shown before a reason is given."""
    person = queries.person_by_public_id(scope_of(request.user, copies.PRINT), public_id)
    form, back = CopyForm(request.POST or None), reverse("person_file", args=[public_id])
    if request.method == "POST" and form.is_valid():
        try:
            printed = copies.print_copy(person=person, reason=form.cleaned_data["reason"], acting_user=request.user)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return render(request, "people/person_copy.html", {"person": person, "printed": printed, "back": back})
    page = EntryPage(
        _("Print the copy for the person"), "", _("Show the copy, to be printed"), back, person.name,
        _("The copy holds numbers in full and goes to the person alone. Compare the identity card with the name first; "
          "that it was printed, by whom and why stands on the person's own page."),
    )  # fmt: skip
    context = {"page": page, "form": form}
    return render(request, "people/entry.html", context, status=422 if form.errors else 200)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def person_consents(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a person's consents stand, and what he answered on paper or at the window."""
    person = queries.person_by_public_id(scope_of(request.user, WRITE), public_id)
    choices = [(one.code, one.title) for one in purposes.all() if one.rests_on_consent]
    form = ConsentForm(
        request.POST or None, files_of(request) or None, purposes=choices, initial={"request_id": token_urlsafe(18)}
    )
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("purpose", "way", "photograph", "request_id")}
        try:
            consents.record_answer(
                person_id=person.pk, given=form.cleaned_data["given"] == "yes", acting_user=request.user, **values
            )
            audit.advance_feed()
            messages.success(request, _("Recorded. It counts from now on."))
            return redirect("person_consents", public_id)
        except Refusal as refusal:
            refuse(form, refusal)
    context = {
        "person": person, "form": form, "lines": mine.purpose_lines(person.pk),
        "mandates": mine.mandates_of(person)[0], "family": mine.family_of(person),
    }  # fmt: skip
    return render(request, "people/person_consents.html", context, status=422 if form.errors else 200)


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def person_mandate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whom a person lets act for him, as he said on paper or at the window."""
    person = queries.person_by_public_id(scope_of(request.user, WRITE), public_id)
    members = {one.public_id: one for one in mine.family_of(person)}
    choices = [(key, one.name) for key, one in members.items()]
    form = DeskMandateForm(request.POST or None, files_of(request) or None, members=choices)

    def do(values: dict[str, Any]) -> str:
        consents.record_mandate(
            person_id=person.pk, deputy_id=members[values["deputy"]].pk, way=values["way"],
            photograph=values["photograph"], acting_user=request.user,
        )  # fmt: skip
        return reverse("person_consents", args=[public_id])

    page = EntryPage(
        _("Let a member of the family act"), _("Recorded. The person can end it at any time."), _("Record it"),
        reverse("person_consents", args=[public_id]), _("Consents"),
    )  # fmt: skip
    return entry(request, page, form, do)


@requires(VERIFY)
@require_http_methods(["GET", "POST"])
def person_erasure(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note that somebody who stands at the window asks to be deleted."""
    person = queries.person_by_public_id(scope_of(request.user, VERIFY), public_id)
    form = DeskErasureForm(request.POST or None, files_of(request) or None, initial={"request_id": token_urlsafe(12)})

    def do(values: dict[str, Any]) -> str:
        row = requests.note_erasure(person_id=person.pk, acting_user=request.user, **values)
        return reverse("desk_request", args=[row.public_id])

    page = EntryPage(
        _("Asks to be deleted"), _("Noted. The county union answers it by the day that stands here."), _("Note it"),
        reverse("person_file", args=[public_id]), person.name,
        _("What must stay by law stays. Two people look at it before anything goes."),
    )  # fmt: skip
    return entry(request, page, form, do)
