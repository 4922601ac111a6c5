"""名单: the programmes in force, the list of one of them, its export, holds and freezing."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from niangjia.benefits import export, listfigures, listpage, overview
from niangjia.benefits.answerdays import answer_panel
from niangjia.benefits.forms.lists import AnswerForm, FreezeForm
from niangjia.benefits.placewords import panel
from niangjia.benefits.services import answers, freeze, holds
from niangjia.benefits.services.reading import note_values_read
from niangjia.benefits.views.answers import act, new_request_id, refuse
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.listing.pages import open_list
from niangjia.federation.routes import requires
from niangjia.federation.scopes import rights_of, scope_of
from niangjia.files.arrived import files_of


@requires("benefits.list:read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The programmes in force, each with its three numbers."""
    scope = scope_of(request.user, "benefits.list:read")
    return render(request, "benefits/lists.html", {"programmes": overview.programmes(scope)})


@requires("benefits.list:read")
@require_GET
@transaction.atomic
def one(request: HttpRequest, version: str) -> HttpResponse:
    """The list of one programme under one tab; where a reason tells a value, the look is written down."""
    found = _open(request, version)
    rows = open_list(request, "benefits.list", version, export.rows_of(found), listfigures.told_of(found))
    lines = export.lines_of(rows)
    note_values_read(page=rows, lines=lines, acting_user=request.user)
    context = {
        "found": found, "card": found.card, "list": rows, "lines": lines,
        "tabs": listpage.tabs_of(found),
        "figures": listfigures.figures_of(found), "groups": listpage.ask_groups(found),
        "panel": panel(found.places, found.filters.address, found.filters.place),
        "towns": listpage.town_choices(found.scope),
        "held_rights": rights_of(request.user), "back": request.get_full_path(),
        "answer": answer_panel(found.card.id, may_set=_may_promise(request, found)),
    }  # fmt: skip
    return render(request, "benefits/list.html", context)


def _may_promise(request: HttpRequest, found: listpage.ListPage) -> bool:
    scope = scope_of(request.user, "benefits.list:freeze").of_programme(found.card.programme_slug)
    return scope.reaches_union(found.card.owner_union_id)


@requires("benefits.list:freeze")
@require_POST
def answer(request: HttpRequest, version: str) -> HttpResponse:
    """Promise the day by which those who meet the rule are answered."""
    form = AnswerForm(request.POST)
    day = form.cleaned_data["answer_by"] if form.is_valid() else None
    done = _("Promised. Those who meet the rule read it on their own pages.")
    return act(
        request, reverse("desk_list", args=[version]), done,
        answers.set_answer_day, version_public_id=version, day=day,
    )  # fmt: skip


def _open(request: HttpRequest, version: str) -> listpage.ListPage:
    scope = scope_of(request.user, "benefits.list:read")
    return listpage.open_list(scope, version, listpage.Filters.of(request.GET.dict()))


@requires("benefits.list:hold")
@require_POST
def hold(request: HttpRequest, version: str) -> HttpResponse:
    """暂缓 one subject, with a reason."""
    subject_id = request.POST.get("subject", "")
    if not subject_id.isascii() or not subject_id.isdigit():
        raise NotFoundHere
    return act(
        request, _back(request, version), _("Put on hold. It stays off the next list until the hold is lifted."),
        holds.place_hold, version_public_id=version, subject_kind=request.POST.get("kind", ""),
        subject_id=int(subject_id), reason=request.POST.get("reason", ""),
    )  # fmt: skip


@requires("benefits.list:hold")
@require_POST
def lift(request: HttpRequest, version: str, hold: str) -> HttpResponse:
    """Lift a hold."""
    return act(request, _back(request, version), _("The hold is lifted."), holds.lift_hold, public_id=hold)


def _back(request: HttpRequest, version: str) -> str:
    # Only the query is taken from the form: where it leads is ours.
    query = request.POST.get("back", "").partition("?")[2]
    return reverse("desk_list", args=[version]) + (f"?{query}" if query else "")


@requires("benefits.list:freeze")
@require_http_methods(["GET", "POST"])
def freeze_list(request: HttpRequest, version: str) -> HttpResponse:
    """定稿: what will happen to how many, then the list with its paper."""
    scope = scope_of(request.user, "benefits.list:freeze")
    plan = freeze.plan_freeze(scope, version)
    form = FreezeForm(request.POST or None, files_of(request) or None, initial=_start(plan))
    if request.method == "POST" and form.is_valid():
        try:
            frozen = freeze.freeze_list(version_public_id=version, acting_user=request.user, **form.cleaned_data)
            return redirect("desk_notice", frozen.public_id)
        except Refusal as refusal:
            refuse(form, refusal)
            # What stands there now is what the next press confirms.
            form.data = {**form.data.dict(), "seen": plan.seen}
    context = {"plan": plan, "card": plan.card, "form": form, "consequences": overview.freezing(plan)}
    return render(request, "benefits/freeze.html", context, status=422 if form.errors else 200)


def _start(plan: freeze.FreezePlan) -> dict[str, str]:
    return {"seen": plan.seen, "request_id": new_request_id()}
