"""What every list can do: be saved under a name, be printed, and be taken out for a purpose."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation import exportpage
from niangjia.federation.forms.exports import ExportAnswerForm, ExportForm, SaveForm
from niangjia.federation.forms.rights import refuse
from niangjia.federation.listing.kinds import list_kinds
from niangjia.federation.listing.leaving import columns_for
from niangjia.federation.listing.pages import ListPage, page_of, show_list
from niangjia.federation.routes import logged_in, requires
from niangjia.federation.scopes import rights_of
from niangjia.federation.services import exports, saved


def _page(request: HttpRequest, kind: str, *, to_export: bool = False) -> ListPage:
    if kind not in list_kinds:
        raise NotFoundHere
    right = list_kinds.get(kind).export_right if to_export else list_kinds.get(kind).right
    if not right or right not in rights_of(request.user):
        raise NotFoundHere
    sent = request.GET.dict()
    return page_of(request.user, kind, sent, sent.get("about", "")[:20]).that_stands()


@logged_in
@require_http_methods(["GET", "POST"])
def list_export(request: HttpRequest, list_code: str) -> HttpResponse:
    """Take a list out: what for, which columns; the file, the paper, or a second person first."""
    page = _page(request, list_code, to_export=True)
    form = ExportForm(request.POST or None, offered=columns_for(page))
    if request.method == "POST" and form.is_valid():
        try:
            taken = exports.take_list(page=page, acting_user=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return exportpage.answer(request, taken, page)
    context = {
        "form": form, "list": page, "left": exports.rows_left(request.user), "most": exports.MOST_ROWS_A_DAY,
        "back": page.kind.address(page.about) + page.asked.address(),
    }  # fmt: skip
    return render(request, "federation/list_export.html", context, status=422 if form.errors else 200)


@logged_in
@require_POST
def list_save(request: HttpRequest, list_code: str) -> HttpResponse:
    """Save a list as it is asked for, and go back to it."""
    page = _page(request, list_code)
    form = SaveForm(request.POST)
    values = form.cleaned_data if form.is_valid() else {"name": "", "shared": False}
    try:
        saved.save_list(page=page, acting_user=request.user, **values)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("Saved. It stands above the list under its name."))
    return HttpResponseRedirect(page.kind.address(page.about) + page.asked.address())


@logged_in
@require_POST
def list_drop(request: HttpRequest, saved_list: str) -> HttpResponse:
    """Remove a list I saved."""
    gone = saved.drop_saved(public_id=saved_list, acting_user=request.user)
    messages.success(request, _("Removed. The rows themselves are untouched."))
    return HttpResponseRedirect(list_kinds.get(gone.kind).address(gone.about))


@logged_in
@require_GET
def own_exports(request: HttpRequest) -> HttpResponse:
    """What I took out, and what waits."""
    if not rights_of(request.user):
        raise NotFoundHere
    return render(request, "federation/own_exports.html", {"lines": exportpage.own_lines(request.user)})


@requires("federation.audit:read")
@require_GET
def export_list(request: HttpRequest) -> HttpResponse:
    """Everything that left the desk, for the auditor."""
    return show_list(request, "federation.exports", "federation/export_list.html")


@logged_in
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, export: str) -> HttpResponse:
    """One export: how it stands; who asked takes it, the second person answers."""
    found = exportpage.export_for(request.user, export)
    form = ExportAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["answer"]:
                exports.answer(public_id=export, acting_user=request.user, **_answer(form))
                messages.success(request, _("Answered."))
                return redirect("export", export)
            return exportpage.answer(request, exports.take_allowed(public_id=export, acting_user=request.user), None)
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"form": form, "shown": exportpage.shown(found, request.user)}
    return render(request, "federation/export.html", context, status=422 if form.errors else 200)


def _answer(form: ExportAnswerForm) -> dict[str, str]:
    return {"verdict": form.cleaned_data["answer"], "note": form.cleaned_data["note"]}
