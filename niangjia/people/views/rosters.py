from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.listing.pages import show_list
from niangjia.federation.queries import union_by_public_id
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.files.workbooks import table_workbook, workbook_response
from niangjia.people.forms import refuse
from niangjia.people.forms.rosters import ColumnsForm, RosterForm
from niangjia.people.models import RosterImport
from niangjia.people.rosters import page as pages
from niangjia.people.rosters.kinds import roster_kinds
from niangjia.people.rosters.returned import refused_as_xlsx
from niangjia.people.services import rosters
from niangjia.people.services.roster_work import ROWS_PER_BLOCK
from niangjia.people.views.forms import first_choice, union_choices, writing_scope

WRITE = "people.registry:write"
POLLING_ENDS = 286


@requires(WRITE)
@require_GET
def roster_list(request: HttpRequest) -> HttpResponse:
    """The rosters handed in, newest first."""
    return show_list(request, "people.rosters", "people/roster_list.html")


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def roster_new(request: HttpRequest) -> HttpResponse:
    """Hand in a roster; the page it leads to shows how far it is."""
    choices = union_choices(writing_scope(request))
    initial = {**first_choice(choices), "true_on": clock.today(), "request_id": token_urlsafe(18)}
    kinds = pages.kinds_for(request.user)
    form = RosterForm(request.POST or None, request.FILES or None, kinds=kinds, unions=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("roster_file", _receive(request, form.cleaned_data).public_id)
        except Refusal as refusal:
            refusal.field = refusal.field or "file"
            refuse(form, refusal)
    return render(request, "people/roster_new.html", {"form": form, "kinds": kinds}, status=422 if form.errors else 200)


@requires(WRITE)
@require_GET
def roster_blank(request: HttpRequest, roster_kind: str) -> HttpResponse:
    """A blank table of one kind, for towns and employers that have none yet."""
    kind = next((one for one in pages.kinds_for(request.user) if one.code == roster_kind), None)
    if kind is None:
        raise NotFoundHere
    return workbook_response(table_workbook(pages.blank_headings(kind), []), str(kind.title))


def _receive(request: HttpRequest, values: dict[str, Any]) -> RosterImport:
    scope = scope_of(request.user, roster_kinds.get(values["kind"]).right)
    union = union_by_public_id(scope, values["union"])
    return rosters.receive_roster(
        upload=values["file"], kind=values["kind"], union_id=union.pk, source=values["source"],
        true_on=values["true_on"], request_id=values["request_id"], acting_user=request.user,
    )  # fmt: skip


@requires(WRITE)
@require_GET
@vary_on_headers("HX-Request")
def roster_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """One roster: how far it is, what each row is worth, what can be done next."""
    roster = pages.roster_of(request.user, public_id)
    if request.headers.get("HX-Request"):
        return _progress(request, roster)
    if roster_kinds.get(roster.kind).route and roster.state != RosterImport.State.COLUMNS:
        return redirect(roster_kinds.get(roster.kind).route, public_id)
    if roster.state == RosterImport.State.COLUMNS:
        return redirect("roster_columns", public_id)
    return render(request, "people/roster_file.html", _context(request, roster))


def _progress(request: HttpRequest, roster: RosterImport) -> HttpResponse:
    if pages.is_waiting(roster):
        return render(request, "people/_roster_progress.html", {"roster": roster, "far": pages.far(roster)})
    response = HttpResponse(status=POLLING_ENDS)
    response["HX-Refresh"] = "true"
    return response


def _context(request: HttpRequest, roster: RosterImport) -> dict[str, Any]:
    address = reverse("roster_file", args=[roster.public_id])
    tab = pages.chosen_tab(roster, request.GET.get("show", ""))
    page = Paginator(range(roster.counts.get(tab, 0)), ROWS_PER_BLOCK).get_page(request.GET.get("page"))
    return {
        "roster": roster, "kind": roster_kinds.get(roster.kind), "state": pages.state_of(roster),
        "waiting": pages.is_waiting(roster), "far": pages.far(roster), "fault": pages.fault_sentence(roster),
        "tab": tab, "tabs": pages.tabs_of(roster, tab, address), "page": page,
        "rows": pages.block_of(roster, tab, page.number),
        "consequences": pages.consequences(roster), "earlier": pages.earlier_of_same_file(roster),
        "unread": pages.unread_headings(roster), "unread_sheets": pages.unread_sheets(roster),
        "hidden": pages.hidden_in(roster), "may_take_back": pages.may_take_back(roster),
        "may_enter": bool(roster.counts.get("new") or roster.counts.get("changed")),
    }  # fmt: skip


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def roster_columns(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what the headings mean; remembered for the next table."""
    roster = pages.roster_of(request.user, public_id)
    columns = roster_kinds.get(roster.kind).all_columns().values()
    form = ColumnsForm(
        request.POST or None, headings=pages.heading_lines(roster), columns=columns,
        sheets=pages.sheets_to_leave_out(roster), left_out=roster.layout.get("left_out", ()),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        return _act(request, public_id, rosters.say_columns, meanings=form.meanings(), left_out=form.left_out())
    context = {
        "roster": roster, "form": form, "lacking": pages.sheets_that_lack(roster), "hidden": pages.hidden_in(roster),
    }  # fmt: skip
    return render(request, "people/roster_columns.html", context, status=422 if form.errors else 200)


@requires(WRITE)
@require_POST
def roster_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve what the preview showed."""
    pages.roster_of(request.user, public_id)
    return _act(request, public_id, rosters.approve_roster)


@requires(WRITE)
@require_POST
def roster_drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lay it aside."""
    pages.roster_of(request.user, public_id)
    return _act(request, public_id, rosters.drop_roster)


@requires(WRITE)
@require_POST
def roster_refused(request: HttpRequest, public_id: str) -> HttpResponse:
    """The refused rows as an Excel file, for whoever made the table; that it was taken is on record."""
    roster = pages.roster_of(request.user, public_id)
    content = refused_as_xlsx(roster=roster, acting_user=request.user)
    return workbook_response(content, f"{_('Refused')}_{clock.today():%Y%m%d}")


@requires(WRITE)
@require_http_methods(["GET", "POST"])
def roster_undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back what it entered, after a page that says which rows go and which stay."""
    roster = pages.roster_of(request.user, public_id)
    if request.method == "POST" and "take_back" in request.POST and pages.looked_at(roster):
        return _act(request, public_id, rosters.undo_roster)
    if request.method == "POST":
        return _act(request, public_id, rosters.look_before_undo, then="roster_undo")
    if not (pages.may_take_back(roster) or pages.is_looked_at(roster)):
        return redirect("roster_file", public_id)  # which says why
    page = Paginator(range(roster.counts.get("would_stay", 0)), ROWS_PER_BLOCK).get_page(request.GET.get("page"))
    context = {
        "roster": roster, "waiting": pages.is_looked_at(roster), "looked_at": pages.looked_at(roster),
        "far": pages.far(roster),
        "fault": pages.fault_sentence(roster), "consequences": pages.undo_consequences(roster), "page": page,
        "rows": pages.block_of(roster, pages.KEPT, page.number), "tab": pages.KEPT,
    }  # fmt: skip
    return render(request, "people/roster_undo.html", context)


def _act(request: HttpRequest, public_id: str, service: Any, then: str = "roster_file", **words: Any) -> HttpResponse:
    try:
        service(public_id=public_id, acting_user=request.user, **words)
    except Refusal as refusal:
        messages.warning(request, str(refusal.sentence))
    return redirect(then, public_id)
