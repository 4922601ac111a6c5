from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core.errors import Refusal
from niangjia.federation.listing.pages import show_list
from niangjia.federation.routes import requires
from niangjia.federation.scopes import scope_of
from niangjia.federation.services import audit
from niangjia.people import pairs
from niangjia.people.likeness import holds
from niangjia.people.models import SuspectedPair
from niangjia.people.services import merges
from niangjia.people.services.noting import note_look
from niangjia.people.services.pairs import tell_apart

MERGE = "people.registry:merge"


@requires(MERGE)
@require_GET
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Pairs of files that may be of one person and wait for an answer."""
    return show_list(request, "people.pairs", "people/duplicate_list.html")


@requires(MERGE)
@require_http_methods(["GET", "POST"])
def duplicate_pair(request: HttpRequest, pair: str) -> HttpResponse:
    """Two files side by side: the same person, with what a merge would do; or two persons, with a reason."""
    found = pairs.pair_of(scope_of(request.user, MERGE), pair)
    if request.method == "POST":
        try:
            return _answer(request, found)
        except Refusal as refusal:
            return _show(request, found, str(refusal.sentence))
    for person in (found.person, found.other):
        note_look(kind="person", subject_id=person.pk, union_id=person.union_id, acting_user=request.user)
    return _show(request, found, "")


def _answer(request: HttpRequest, pair: SuspectedPair) -> HttpResponse:
    reason = request.POST.get("reason", "")
    if request.POST.get("answer") == "two":
        tell_apart(person_id=pair.person_id, other_id=pair.other_id, reason=reason, acting_user=request.user)
        messages.success(request, _("Kept: two persons. You are not asked again."))
        return redirect("duplicate_list")
    stays, leaves = _sides(request, pair)
    merge = merges.merge_persons(
        survivor_id=stays.pk, absorbed_id=leaves.pk, reason=reason, take=request.POST.getlist("take"),
        acting_user=request.user,
    )  # fmt: skip
    audit.advance_feed()
    messages.success(request, _("One file now. It can be parted again on the page of the merge."))
    return redirect("merge_file", merge.public_id)


def _sides(request: HttpRequest, pair: SuspectedPair) -> tuple[Any, Any]:
    """Which file stays: the one that was chosen, else the one whose number holds."""
    keep = request.POST.get("keep") or request.GET.get("keep")
    turned = keep == pair.other.public_id if keep else holds(pair.other.id_number) and not holds(pair.person.id_number)
    return (pair.other, pair.person) if turned else (pair.person, pair.other)


def _show(request: HttpRequest, pair: SuspectedPair, error: str) -> HttpResponse:
    stays, leaves = _sides(request, pair)
    taken = request.POST.getlist("take")
    context = {
        "line": pairs.line_of(pair, first=stays.pk), "pair": pair, "stays": stays, "leaves": leaves, "error": error,
        "taken": taken, "reason": request.POST.get("reason", ""),
        "plan": merges.plan_for(survivor_id=stays.pk, absorbed_id=leaves.pk, take=taken, acting_user=request.user),
    }  # fmt: skip
    return render(request, "people/duplicate_pair.html", context, status=422 if error else 200)


@requires(MERGE)
@require_http_methods(["GET", "POST"])
def merge_file(request: HttpRequest, merge: str) -> HttpResponse:
    """One merge: what, why, by whom; and parting the two again, with a reason."""
    found, error = pairs.merge_of(scope_of(request.user, MERGE), merge), ""
    if request.method == "POST":
        try:
            merges.part_persons(public_id=merge, reason=request.POST.get("reason", ""), acting_user=request.user)
        except Refusal as refusal:
            error = str(refusal.sentence)
        else:
            audit.advance_feed()
            messages.success(request, _("Parted. Both files stand as they stood before."))
            return redirect("merge_file", merge)
    context = {"merge": found, "error": error, "reason": request.POST.get("reason", "")}
    return render(request, "people/merge_file.html", context, status=422 if error else 200)
