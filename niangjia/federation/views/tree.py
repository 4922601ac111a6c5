"""工会: the tree on a day, proposing a change, and the second person's answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation import treepage
from niangjia.federation.forms.rights import refuse
from niangjia.federation.forms.tree import ChangeAnswerForm, DayForm, FoundForm, MergeForm, MoveForm, SplitForm
from niangjia.federation.listing.pages import show_list
from niangjia.federation.models import Union
from niangjia.federation.queries import union_by_public_id, unions_in
from niangjia.federation.routes import requires
from niangjia.federation.scopes import Scope, require, scope_of
from niangjia.federation.services import changes, tree as places

TITLES = {
    "found": gettext_lazy("Found a union below it"), "move": gettext_lazy("Move it"),
    "merge": gettext_lazy("Merge it into another"), "split": gettext_lazy("Split it"),
}  # fmt: skip


@requires(treepage.READ)
@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    """My part of the tree, from its top."""
    return redirect("tree_union", treepage.first_union(scope_of(request.user, treepage.READ)).public_id)


@requires(treepage.READ)
@require_GET
def tree_union(request: HttpRequest, union: str) -> HttpResponse:
    """One union on a day, in one of the two trees."""
    found = union_by_public_id(scope_of(request.user, treepage.READ), union)
    form = DayForm({"on": clock.today(), "hierarchy": "place", **request.GET.dict()})
    wanted = form.cleaned_data if form.is_valid() else {"on": clock.today(), "hierarchy": "place"}
    page = treepage.union_page(request.user, found, wanted["on"], wanted["hierarchy"])
    return render(request, "federation/tree_union.html", {"page": page, "form": form, "today": clock.today()})


@requires(treepage.READ)
@require_GET
def union_list(request: HttpRequest) -> HttpResponse:
    """All unions I reach, as one list."""
    return show_list(request, "federation.unions", "federation/union_list.html")


def _form(kind: str, request: HttpRequest, scope: Scope, union: Union) -> forms.Form:
    sent = request.POST or None
    initial = {"on": clock.today(), "level": "primary", "kind": "grid"}
    others = unions_in(scope).filter(ended_on__isnull=True).exclude(pk=union.pk)
    made: dict[str, Callable[[], forms.Form]] = {
        "found": lambda: FoundForm(sent, initial=initial),
        "move": lambda: MoveForm(sent, initial=initial, unions=others.values_list("public_id", "name")),
        "merge": lambda: MergeForm(sent, initial=initial, unions=others.values_list("public_id", "name")),
        "split": lambda: SplitForm(sent, initial={**initial, "level": union.level, "kind": union.kind},
                                   children=_children(union)),
    }  # fmt: skip
    return made[kind]()


def _children(union: Union) -> list[tuple[str, str]]:
    return [(str(child.pk), child.name) for child in places.children_on(union.pk, "place", clock.today())]


def _said(scope: Scope, values: dict[str, Any]) -> dict[str, Any]:
    said = {name: values[name] for name in ("on", "document", "hierarchy") if name in values}
    if "target" in values:
        said["target"] = union_by_public_id(scope, values["target"])
    if "code" in values:
        said["new_unit"] = {name: values[name] for name in ("code", "name", "level", "kind")}
    return {**said, "children": [int(pk) for pk in values.get("children", ())]}


@requires(changes.PLACE)
@require_http_methods(["GET", "POST"])
def tree_propose(request: HttpRequest, union: str, kind: str) -> HttpResponse:
    """Propose a change; nothing happens before a second person confirms it."""
    scope = require(request.user, changes.PLACE)
    found = union_by_public_id(scope, union)
    form = _form(kind, request, scope, found)
    if request.method == "POST" and form.is_valid():
        try:
            said = _said(scope, form.cleaned_data)
            change = changes.propose(kind=kind, union=found, acting_user=request.user, **said)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Proposed. It is done when a second person confirms it."))
            return redirect("tree_change", change.public_id)
    context = {"form": form, "union": found, "title": TITLES[kind]}
    return render(request, "federation/tree_propose.html", context, status=422 if form.errors else 200)


@requires(treepage.READ)
@require_http_methods(["GET", "POST"])
def tree_change(request: HttpRequest, change: str) -> HttpResponse:
    """One change in words; the second person answers here."""
    found = treepage.change_in(scope_of(request.user, treepage.READ), change)
    form = ChangeAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            values = form.cleaned_data
            changes.answer(
                change_public_id=change, verdict=values["answer"], note=values["note"], acting_user=request.user
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Answered."))
            return redirect("tree_change", change)
    line = treepage.line_of(found)
    context = {"form": form, "line": line}
    return render(request, "federation/tree_change.html", context, status=422 if form.errors else 200)
