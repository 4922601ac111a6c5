"""比对: batches for other bureaus."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.workdays import workdays_after
from niangjia.federation.listing.pages import open_list, show_list
from niangjia.federation.queries import union_by_public_id
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.federation.templatetags.lists import linked
from niangjia.files.workbooks import workbook_response
from niangjia.people.bureaux import batches, drafting
from niangjia.people.bureaux.checkpage import page_of
from niangjia.people.bureaux.drafts import Draft, draft_of
from niangjia.people.bureaux.rowlist import numbers_of
from niangjia.people.forms import refuse
from niangjia.people.forms.checks import AnswersForm, CloseForm, ConfirmForm, SendForm
from niangjia.people.models import CrossCheck
from niangjia.people.rosters.page import roster_of
from niangjia.people.services import check_close as closing, check_leave, cross_checks
from niangjia.people.services.noting import note_answers_look

READ, SEND = "people.check:read", "people.check:send"
USUAL_WORKDAYS = 10


@requires(READ)
@require_GET
def check_list(request: HttpRequest) -> HttpResponse:
    """The batches, newest first."""
    return show_list(request, "people.checks", "people/check_list.html")


@requires(SEND)
@require_GET
def check_start(request: HttpRequest) -> HttpResponse:
    """Which bureau a new batch is for."""
    return render(request, "people/check_start.html", {"questions": drafting.questions()})


@requires(SEND)
@require_http_methods(["GET", "POST"])
def check_new(request: HttpRequest) -> HttpResponse:
    """Draft a batch: from the unknowns of a list, or by picking."""
    draft = draft_of(request)
    if request.method == "POST" and draft.form.is_valid():
        try:
            return redirect("check_file", _draft(request, draft).public_id)
        except Refusal as refusal:
            refuse(draft.form, refusal)
    status = 422 if draft.form.errors else 200
    return render(request, "people/check_new.html", {"draft": draft, "form": draft.form}, status=status)


def _draft(request: HttpRequest, draft: Draft) -> CrossCheck:
    values = draft.form.cleaned_data
    union = union_by_public_id(scope_of(request.user, SEND), values["union"])
    return cross_checks.draft_check(
        union_id=union.pk, bureau=draft.asked.bureau, keys=values["facts"], ids=draft.ids_below(union.pk),
        title=values["title"], request_id=values["request_id"], acting_user=request.user,
    )  # fmt: skip


@requires(READ)
@require_GET
@transaction.atomic
def check_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """One batch: how far it is, who is in it, and what came back; whose answers are shown is written down."""
    check = batches.check_in(scope_of(request.user, READ), public_id)
    context = page_of(request, check)
    people = [person for _row, person in context.get("rows", ()) if person is not None]
    note_answers_look(check=check, people=people, acting_user=request.user)
    return render(request, "people/check_file.html", context)


@requires(READ)
@require_GET
def check_rows(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everybody in a batch as a list, without a value: who is in the file, and what came back about whom."""
    check = batches.check_in(scope_of(request.user, READ), public_id)
    found = open_list(request, "people.check_rows", public_id)
    return render(request, "people/check_rows.html", {"check": check, "list": found})


@requires(SEND)
@require_http_methods(["GET", "POST"])
def check_send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a batch, after a page that says whose numbers leave."""
    check = batches.check_in(scope_of(request.user, SEND), public_id)
    form = SendForm(request.POST or None, initial={"due_on": workdays_after(clock.today(), USUAL_WORKDAYS)})
    if request.method == "POST" and form.is_valid():
        try:
            cross_checks.send_check(public_id=public_id, acting_user=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect("check_file", public_id)
    batch = batches.OpenBatch(check, batches.rows_of(check, clock.today()))
    context = {"check": check, "form": form, "batch": batch, "consequences": _consequences(batch)}
    return render(request, "people/check_send.html", context, status=422 if form.errors else 200)


def _consequences(batch: batches.OpenBatch) -> list[dict[str, Any]]:
    return [
        {"what": _("Go into the file with full numbers; each is written down"), "many": len(batch.ready)},
        {"what": _("Left out: an authority, a consent or a number is missing"), "many": len(batch.left)},
    ]


@requires(check_leave.CONFIRM)
@require_http_methods(["GET", "POST"])
def check_confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """The second person sees whose numbers would leave, to whom and for what, and says yes or sends it back."""
    check = batches.check_in(scope_of(request.user, check_leave.CONFIRM), public_id)
    word, form = batches.second_word(check), ConfirmForm(request.POST or None)
    if not word.asked_by:
        raise NotFoundHere
    if request.method == "POST" and form.is_valid():
        verdict, note = request.POST.get("answer", ""), form.cleaned_data["note"]
        try:
            check_leave.answer(public_id=public_id, verdict=verdict, note=note, acting_user=request.user)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Answered."))
            return redirect("desk")
    batch = batches.OpenBatch(check, batches.rows_of(check, clock.today()))
    context = {"check": check, "form": form, "batch": batch, "word": word, "facts": batches.fact_words(check.facts)}
    return render(request, "people/check_confirm.html", context, status=422 if form.errors else 200)


@requires(SEND)
@require_POST
def check_take(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file with full numbers; every person's look is written down first."""
    check = batches.check_in(scope_of(request.user, SEND), public_id)
    try:
        content = cross_checks.take_file(public_id=public_id, acting_user=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal.sentence))
        return redirect("check_file", public_id)
    return workbook_response(content, f"{check.bureau}{_('check')}_{check.sent_on:%Y%m%d}_{public_id[:4]}")


@requires(SEND)
@require_http_methods(["GET", "POST"])
def check_answers(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hand in the table that came back."""
    check = batches.check_in(scope_of(request.user, SEND), public_id)
    initial = {"true_on": clock.today(), "request_id": token_urlsafe(18)}
    form = AnswersForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            cross_checks.receive_answers(
                public_id=public_id, upload=values["file"], paper=values["paper"], true_on=values["true_on"],
                request_id=values["request_id"], acting_user=request.user,
            )  # fmt: skip
            return redirect("check_file", public_id)
        except Refusal as refusal:
            refusal.field = refusal.field or "file"
            refuse(form, refusal)
    context = {"check": check, "form": form}
    return render(request, "people/check_answers.html", context, status=422 if form.errors else 200)


@requires(SEND)
@require_POST
def check_choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Decide on one row."""
    number, choice = request.POST.get("number", ""), request.POST.get("choice", "")
    if number == "rest":
        return _act(request, public_id, cross_checks.choose_rest, "#differences", choice=choice)
    if not number.isascii() or not number.isdigit():
        raise NotFoundHere
    return _act(request, public_id, cross_checks.choose, "#differences", number=int(number), choice=choice)


@requires(SEND)
@require_POST
def check_settle(request: HttpRequest, public_id: str) -> HttpResponse:
    """Enter what agrees and what was decided."""
    return _act(request, public_id, cross_checks.settle)


@requires(SEND)
@require_POST
def check_drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lay a draft aside."""
    return _act(request, public_id, cross_checks.drop_check)


@requires(SEND)
@require_http_methods(["GET", "POST"])
def check_close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close a sent batch without an answer, after a page that says what that means."""
    check = batches.check_in(scope_of(request.user, SEND), public_id)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            closing.close_check(public_id=public_id, acting_user=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect("check_file", public_id)
    batch = batches.OpenBatch(check, batches.rows_of(check, clock.today()))
    silent = linked(numbers_of(check, batch)["named"])
    told = [{"what": _("Stay without an answer, and can be asked again"), "many": silent}]
    context = {"check": check, "form": form, "consequences": told}
    return render(request, "people/check_close.html", context, status=422 if form.errors else 200)


@requires(SEND)
@require_POST
def check_reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Wait again for the answer of a batch that was closed without one."""
    return _act(request, public_id, closing.reopen_check)


@requires(SEND)
@require_POST
def check_rest(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draft a batch about those who were left out."""
    batches.check_in(scope_of(request.user, SEND), public_id)
    try:
        check = cross_checks.draft_rest(
            public_id=public_id, request_id=request.POST.get("request_id", "")[:40] or token_urlsafe(18),
            acting_user=request.user,
        )  # fmt: skip
    except Refusal as refusal:
        messages.warning(request, str(refusal.sentence))
        return redirect("check_file", public_id)
    return redirect("check_file", check.public_id)


@requires(SEND)
@require_GET
def check_of_roster(request: HttpRequest, public_id: str) -> HttpResponse:
    """From the table of the answers to the batch it answers."""
    roster = roster_of(request.user, public_id)
    check = batches.check_of_roster(scope_of(request.user, SEND), roster)
    return redirect("check_file", check.public_id)


def _act(request: HttpRequest, public_id: str, service: Any, anchor: str = "", **words: Any) -> HttpResponse:
    batches.check_in(scope_of(request.user, SEND), public_id)
    try:
        service(public_id=public_id, acting_user=request.user, **words)
    except Refusal as refusal:
        messages.warning(request, str(refusal.sentence))
    return redirect(reverse("check_file", args=[public_id]) + anchor)
