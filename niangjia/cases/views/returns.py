from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.cases import queries, returns, towns
from niangjia.cases.forms import ReturnForm, SendBackForm, refuse
from niangjia.cases.models import DueReturn
from niangjia.cases.permissions import GIVE, HAND_DOWN, READ
from niangjia.cases.services import assignments
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.workdays import workdays_after
from niangjia.federation.routes import requires
from niangjia.files.arrived import files_of
from niangjia.files.queries import file_cards, file_response

AGAIN_DAYS = 2


@requires(READ)
@require_GET
def one(request: HttpRequest, due: str) -> HttpResponse:
    """One union's return: what is asked, what was answered, and the next step."""
    return _page(request, queries.due_return_in(request.user, due))


@requires(GIVE)
@require_http_methods(["POST"])
def give(request: HttpRequest, due: str) -> HttpResponse:
    """Return it, or enter it on behalf of the union."""
    found = queries.due_return_in(request.user, due)
    form = _return_form(request, found)
    if form.is_valid():
        try:
            assignments.give_return(due_public_id=due, acting_user=request.user, **form.values())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Returned. %(union)s sees it now.") % {"union": found.assignment.union.name})
            return redirect("town_return", due)
    return _page(request, found, give=form)


@requires(HAND_DOWN)
@require_POST
def send_back(request: HttpRequest, due: str) -> HttpResponse:
    """Send it back with one sentence."""
    found = queries.due_return_in(request.user, due)
    form = SendBackForm(request.POST)
    if form.is_valid():
        try:
            assignments.send_back(due_public_id=due, acting_user=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Sent back with your sentence."))
            return redirect("town_task", found.assignment.public_id)
    return _page(request, found, back=form)


@requires(READ)
@require_GET
def attachment(request: HttpRequest, due: str) -> FileResponse:
    """What came with the task, for the union that is asked."""
    found = queries.due_return_in(request.user, due)
    if found.assignment.attachment_id is None:
        raise NotFoundHere
    return file_response(file_cards([found.assignment.attachment_id])[found.assignment.attachment_id])


@requires(READ)
@require_GET
def file(request: HttpRequest, due: str, number: int) -> FileResponse:
    """The paper of one answer; that it was opened is on record."""
    found = queries.due_return_in(request.user, due)
    return file_response(returns.opened_file(due=found, number=number, acting_user=request.user))


def _return_form(request: HttpRequest, due: DueReturn) -> ReturnForm:
    task = due.assignment
    return ReturnForm(
        request.POST or None, files_of(request) or None, asks_roster=bool(task.roster_kind),
        nil_allowed=task.nil_allowed, rosters=returns.roster_choices(request.user, due),
    )  # fmt: skip


def _page(
    request: HttpRequest, due: DueReturn, give: forms.Form | None = None, back: forms.Form | None = None
) -> HttpResponse:
    user, open_ = request.user, due.state != DueReturn.State.RETURNED
    context: dict[str, Any] = {
        "due": due, "task": due.assignment, "line": towns.asked_lines([due])[0], "kind": towns.kind_of(due.assignment),
        "answers": returns.answers_of(due), "acts_above": queries.may_hand_down(user, due.assignment.union_id),
        "gives": open_ and queries.may_give(user, due), "own": returns.is_own(user, due),
        "sees_task": returns.sees_task(user, due), "hands_on": returns.may_hand_on(user, due),
    }  # fmt: skip
    context["give"] = give or (_return_form(request, due) if context["gives"] else None)
    again = {"due_on": workdays_after(clock.today(), AGAIN_DAYS)}
    context["back"] = back or SendBackForm(initial=again)
    status = 422 if give or back else 200
    return render(request, "cases/return.html", context, status=status)
