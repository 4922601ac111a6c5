"""Entry pages of this room: show the form, or do it, tell, decide again, and go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from niangjia.core.errors import Refusal
from niangjia.federation.services import audit
from niangjia.people.forms import refuse
from niangjia.people.views.forms import EntryPage

Do = Callable[[dict[str, Any]], str]


def entry(
    request: HttpRequest, page: EntryPage, form: forms.Form, do: Do, template: str = "visits/entry.html", **more: Any
) -> HttpResponse:
    """Show the form; sent and in order, `do` writes in one transaction and returns where to go on."""
    if request.method == "POST" and form.is_valid():
        try:
            after = do(form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            audit.advance_feed()
            messages.success(request, str(page.done))
            return redirect(after)
    status = 422 if form.errors else 200
    return render(request, template, {"page": page, "form": form, **more}, status=status)
