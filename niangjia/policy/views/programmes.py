"""项目: what is in force, what is drafted, what waits for a second person, and the shelf of recipes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.routes import requires
from niangjia.federation.scopes import rights_of
from niangjia.policy import desk, recipes, shelf
from niangjia.policy.forms import RecipeForm, refuse
from niangjia.policy.services import drafts
from niangjia.policy.views.sent import sent


@requires("policy.programme:read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Programmes in force, with the counts of the reader's own people."""
    rows = desk.programmes_in_force(request.user)
    return render(request, "policy/programmes.html", {"rows": rows, "tabs": _tabs(request, "desk_programmes")})


@requires("policy.version:draft")
@require_GET
def drafts_page(request: HttpRequest) -> HttpResponse:
    """起草: what is not finished yet, with what each lacks."""
    rows = desk.drafts_of(request.user)
    return render(request, "policy/drafts.html", {"rows": rows, "tabs": _tabs(request, "desk_drafts")})


@requires("policy.programme:read")
@require_GET
def requests_page(request: HttpRequest) -> HttpResponse:
    """待复核: what waits for the second person."""
    context = {
        "rows": desk.requests_for(request.user), "tabs": _tabs(request, "desk_requests"),
        "may_confirm": desk.CONFIRMING in rights_of(request.user),
    }  # fmt: skip
    return render(request, "policy/requests.html", context)


@requires("policy.programme:read")
@require_GET
def shelf_page(request: HttpRequest) -> HttpResponse:
    """方案库: recipes of other unions, with what each lacks."""
    rows = [shelf.line_of(found) for found in recipes.recipes()]
    return render(request, "policy/recipes.html", {"rows": rows, "tabs": _tabs(request, "desk_recipes")})


@requires("policy.programme:read")
@require_http_methods(["GET", "POST"])
def recipe(request: HttpRequest, folder: str) -> HttpResponse:
    """One recipe: the rule in words, its source, what it lacks; taken over as an own dated edition."""
    found = recipes.recipe(folder)
    may_draft = desk.DRAFTING in rights_of(request.user)
    form = RecipeForm(*sent(request)[:1], initial={"edition": f"{clock.today().year}年版"})
    if request.method == "POST" and form.is_valid():
        try:
            version = drafts.copy_recipe(recipe=folder, edition=form.cleaned_data["edition"], acting_user=request.user)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Taken over as a draft of your own. Nothing is published yet."))
            return redirect("desk_version", version.public_id)
    context: dict[str, Any] = {"found": found, "line": shelf.line_of(found), "form": form, "may_draft": may_draft}
    if found.programme is not None:
        context |= {"rule": desk.rule_of(found.programme), "numbers": desk.numbers_in_words(found.programme)}
    return render(request, "policy/recipe.html", context, status=422 if form.errors else 200)


def _tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    held = rights_of(request.user)
    labels = {
        "desk_programmes": _("In force"),
        "desk_requests": _("Waiting for confirmation"),
        "desk_recipes": _("Recipes"),
    }
    if desk.DRAFTING in held:
        labels = {"desk_programmes": _("In force")}
    if desk.DRAFTING in held:
        labels["desk_drafts"] = _("Drafts")
    labels |= {"desk_requests": _("Waiting for confirmation"), "desk_recipes": _("Recipes")}
    counts = {"desk_requests": len(desk.requests_for(request.user))}
    return [
        {
            "label": label,
            "url": reverse(name),
            "current": name == current,
            "count": counts.get(name) or "",
            "unit": _("to confirm"),
        }
        for name, label in labels.items()
    ]
