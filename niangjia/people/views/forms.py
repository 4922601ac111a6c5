"""How every entry page of this room works: show the form, or do it, tell, re-decide, and go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from niangjia.core.errors import Refusal
from niangjia.federation.queries import standing_in
from niangjia.federation.scopes import Scope, require
from niangjia.federation.services import audit
from niangjia.people.forms import refuse
from niangjia.people.services.persons import KnownHere
from niangjia.people.views.asking import LooksAlike, known


@dataclass(frozen=True)
class EntryPage:
    """The words of one entry page, and the way back."""

    title: str | Promise
    done: str | Promise
    button: str | Promise
    back_url: str
    back_label: str | Promise
    intro: str | Promise = ""


def entry(request: HttpRequest, page: EntryPage, form: forms.Form, do: Callable[[dict[str, Any]], str]) -> HttpResponse:
    """Show the form; sent and in order, `do` writes in one transaction and returns where to go on."""
    alike: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            after = do(form.cleaned_data)
        except LooksAlike as found:
            alike = found.rows
        except Refusal as refusal:
            refuse(form, refusal)
            alike = known(request, refusal.person) if isinstance(refusal, KnownHere) else []
        else:
            # A changed fact decides again at once; the ticker would do it a little later.
            audit.advance_feed()
            messages.success(request, str(page.done))
            return redirect(after)
    status = 422 if form.errors or alike else 200
    return render(request, "people/entry.html", {"page": page, "form": form, "alike": alike}, status=status)


def union_choices(scope: Scope) -> list[tuple[str, str]]:
    """The unions an officer may choose from, those that stand today, in the order of their codes."""
    found = list(standing_in(scope).values_list("public_id", "name"))
    # With several, none is chosen beforehand: a household in the wrong union is seen by the wrong people.
    return found if len(found) == 1 else [("", ""), *found]


def writing_scope(request: HttpRequest, right: str = "people.registry:write") -> Scope:
    """The scope an officer writes in."""
    return require(request.user, right)


def first_choice(choices: list[tuple[str, str]]) -> dict[str, str]:
    """Filled in beforehand when there is only one union to choose."""
    return {"union": choices[0][0]} if len(choices) == 1 else {}
