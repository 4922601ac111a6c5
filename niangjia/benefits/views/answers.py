"""How a page answers a service: its success as a message, its refusal as the sentence it carries."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from niangjia.core.errors import Refusal


def new_request_id() -> str:
    """A key for one form: sent twice, it is one act."""
    return token_urlsafe(18)


def act(
    request: HttpRequest, back: str, done: str | Promise, service: Callable[..., Any], **words: Any
) -> HttpResponse:
    """Call a service for a plain button and go back: with what was done, or with why it was not."""
    try:
        service(acting_user=request.user, **words)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, str(done))
    return redirect(back)


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Put a refusal where it belongs: at its field, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))
