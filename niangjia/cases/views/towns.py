from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.cases import handing, papers, queries, towns
from niangjia.cases.forms import HandDownForm, refuse
from niangjia.cases.permissions import HAND_DOWN, READ
from niangjia.cases.services import assignments
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.listing.pages import open_list
from niangjia.federation.routes import requires
from niangjia.files.arrived import files_of
from niangjia.files.queries import file_cards, file_response


@requires(READ)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What we handed down with how far it is; what is asked of us stands behind its own tab."""
    return _list(request, "cases.tasks")


@requires(READ)
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    """What the unions above ask of us, the most urgent first."""
    return _list(request, "cases.asked")


def _list(request: HttpRequest, kind: str) -> HttpResponse:
    context = {"list": open_list(request, kind), "tabs": towns.tabs(request.user, kind)}
    return render(request, "cases/towns.html", context)


@requires(HAND_DOWN)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Hand a task down; from an earlier one, or from one asked of us, with their words filled in."""
    plan = handing.plan(request.user, request.GET)
    initial = {**plan.initial, "request_id": token_urlsafe(18)}
    form = HandDownForm(
        request.POST or None, files_of(request) or None, kinds=handing.kinds(), unions=plan.choices, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("town_task", handing.hand_down(request.user, plan, form.cleaned_data).public_id)
        except Refusal as refusal:
            refuse(form, refusal)
    status = 422 if form.errors else 200
    return render(request, "cases/hand_down.html", {"form": form, "plan": plan}, status=status)


@requires(READ)
@require_GET
def task(request: HttpRequest, assignment: str) -> HttpResponse:
    """One task: who has returned it, who is late, and the words to chase with."""
    context = {**_context(request, assignment), "list": open_list(request, "cases.returns", assignment)}
    return render(request, "cases/task.html", context)


def _context(request: HttpRequest, public_id: str) -> dict[str, Any]:
    found = queries.assignment_in(request.user, public_id)
    shown = towns.progress(found)
    return {
        "progress": shown, "task": found, "kind": towns.kind_of(found),
        "acts": queries.may_hand_down(request.user, found.union_id),
        "answered": any(row.due.answered for row in shown.rows),
        "printed_at": clock.now(), "chase": papers.chase_words(request, shown),
    }  # fmt: skip


@requires(READ)
@require_GET
def sheet(request: HttpRequest, assignment: str) -> HttpResponse:
    """The same on paper."""
    return render(request, "cases/print_task.html", _context(request, assignment))


@requires(HAND_DOWN)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, assignment: str) -> HttpResponse:
    """Take a task back that nobody has answered, after a page that says so."""
    found = queries.assignment_in(request.user, assignment)
    if request.method == "POST":
        try:
            assignments.withdraw(public_id=assignment, acting_user=request.user)
            messages.success(request, _("The task was taken back; the unions do not see it any more."))
        except Refusal as refusal:
            messages.warning(request, str(refusal.sentence))
        return redirect("town_task", assignment)
    return render(request, "cases/withdraw.html", {"task": found, "asked": found.returns.count()})


@requires(READ)
@require_GET
def attachment(request: HttpRequest, assignment: str) -> FileResponse:
    """The paper or blank table of a task."""
    found = queries.assignment_in(request.user, assignment)
    if found.attachment_id is None:
        raise NotFoundHere
    return file_response(file_cards([found.attachment_id])[found.attachment_id])
