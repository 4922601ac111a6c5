"""公示发放: a frozen list on its way: notice, approval, handing out, and the papers printed of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.benefits import lists, noticepage
from niangjia.benefits.forms.lists import NoticeForm, ReasonForm, ServingForm, VerdictForm
from niangjia.benefits.services import freeze, notice, serve
from niangjia.benefits.status import day_in_words
from niangjia.benefits.views.answers import act, refuse
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.routes import requires
from niangjia.federation.scopes import Scope, rights_of, scope_of
from niangjia.files.queries import file_cards, file_response


def _scope(request: HttpRequest) -> Scope:
    return scope_of(request.user, "benefits.list:read")


@requires("benefits.list:read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Frozen lists in scope, newest first, each with its state and its next step."""
    return render(request, "benefits/notices.html", {"lists": noticepage.overview(_scope(request))})


@requires("benefits.list:read")
@require_GET
def one(request: HttpRequest, frozen: str) -> HttpResponse:
    """One frozen list: paper, notice, approval, rows, what changed since."""
    return _show(request, frozen)


def _show(request: HttpRequest, frozen: str, status: int = 200, **forms: Any) -> HttpResponse:
    found = noticepage.open_list(_scope(request), frozen)
    context = {
        "found": found, "frozen": found.frozen, "card": found.card, "held_rights": rights_of(request.user),
        "notice_form": forms.get("notice_form") or NoticeForm(initial=noticepage.usual_notice(found.frozen)),
        "serving_form": forms.get("serving_form") or ServingForm(),
    }  # fmt: skip
    return render(request, "benefits/notice.html", context, status=status)


@requires("benefits.list:freeze")
@require_POST
def start(request: HttpRequest, frozen: str) -> HttpResponse:
    """Put the list up; on the same form the officer may let the people on it see it."""
    form = NoticeForm(request.POST)
    if form.is_valid():
        release = form.cleaned_data.pop("release")
        try:
            up = notice.start_notice(list_public_id=frozen, acting_user=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            until = {"day": day_in_words(up.ends_on)}
            messages.success(request, _("The notice is up; it runs until %(day)s, and today does not count.") % until)
            if release:
                return _release(request, frozen)
            return redirect("desk_notice", frozen)
    return _show(request, frozen, 422, notice_form=form)


@requires("benefits.list:freeze")
@require_POST
def ask(request: HttpRequest, frozen: str) -> HttpResponse:
    """Ask the deputy chair to approve the list."""
    done = _("Sent for approval. Nothing can be handed out before it is approved.")
    return act(request, noticepage.address(frozen), done, notice.ask_list_approval, list_public_id=frozen)


@requires("benefits.list:release")
@require_POST
def release(request: HttpRequest, frozen: str) -> HttpResponse:
    """From now on the people on the list see how it stands."""
    return _release(request, frozen)


def _release(request: HttpRequest, frozen: str) -> HttpResponse:
    done = _("The people on this list now see on their own pages how it stands.")
    return act(request, noticepage.address(frozen), done, notice.release_list, list_public_id=frozen)


@requires("benefits.list:serve")
@require_POST
def record(request: HttpRequest, frozen: str) -> HttpResponse:
    """已发放 for the rows that are ticked."""
    form = ServingForm(request.POST)
    chosen = [int(row) for row in request.POST.getlist("row") if row.isascii() and row.isdigit()]
    if form.is_valid():
        try:
            done = serve.record_servings(
                list_public_id=frozen, row_ids=chosen, acting_user=request.user, **form.cleaned_data
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            words = ngettext("%(n)s row recorded as handed out.", "%(n)s rows recorded as handed out.", len(done))
            messages.success(request, words % {"n": len(done)})
            return redirect("desk_notice", frozen)
    return _show(request, frozen, 422, serving_form=form)


@requires("benefits.list:serve")
@require_POST
def end(request: HttpRequest, frozen: str, serving: str) -> HttpResponse:
    """Undo a record of today, or note that the money came back."""
    how = "returned" if request.POST.get("how") == "returned" else "undone"
    done = _("Recorded as sent back; it is paid again.") if how == "returned" else _("The record is undone.")
    return act(
        request, noticepage.address(frozen), done, serve.end_serving, public_id=serving, how=how,
        reason=request.POST.get("reason", ""),
    )  # fmt: skip


@requires("benefits.list:freeze")
@require_POST
def exclude(request: HttpRequest, frozen: str, row: int) -> HttpResponse:
    """Take one row off the list, with a reason."""
    return act(
        request, noticepage.address(frozen), _("Taken off the list; the reason is on record."), freeze.exclude_row,
        list_public_id=frozen, row_id=row, reason=request.POST.get("reason", ""), declined="declined" in request.POST,
    )  # fmt: skip


@requires("benefits.list:freeze")
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, frozen: str) -> HttpResponse:
    """Take the whole list back, on a page that says what that does."""
    found = noticepage.open_list(_scope(request), frozen)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            freeze.cancel_list(public_id=frozen, acting_user=request.user, **form.cleaned_data)
            messages.success(request, _("The list is taken back; its people are free for the next one."))
            return redirect("desk_notice", frozen)
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"found": found, "card": found.card, "form": form, "consequences": noticepage.cancelling(found)}
    return render(request, "benefits/cancel.html", context, status=422 if form.errors else 200)


@requires("benefits.list:approve")
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, frozen: str) -> HttpResponse:
    """The second person compares the list with its paper and approves, or returns it with a sentence."""
    scope = scope_of(request.user, "benefits.list:approve")
    found = noticepage.open_list(scope, frozen)
    waiting = noticepage.open_approval(scope, found.frozen)
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            notice.answer_list_approval(public_id=waiting.public_id, acting_user=request.user, **form.cleaned_data)
            return redirect("desk_notice", frozen)
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"found": found, "card": found.card, "frozen": found.frozen, "approval": waiting, "form": form}
    return render(request, "benefits/approve.html", context, status=422 if form.errors else 200)


@requires("benefits.list:read")
@require_GET
def paper(request: HttpRequest, frozen: str) -> HttpResponse:
    """The scanned document of the list: it names the people of every town, so it is for those who reach all."""
    scope = _scope(request)
    found = lists.list_in(scope, frozen)
    if not scope.of_programme(found.programme.slug).reaches_union(found.union_id):
        raise NotFoundHere
    return file_response(file_cards([found.attachment_id])[found.attachment_id])
