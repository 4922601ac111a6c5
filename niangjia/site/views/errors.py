from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One page for what is missing and for what is foreign: the same bytes."""
    return render(request, "site/not_found.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere."""
    return render(request, "site/form_expired.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke on our side; nothing was half-written."""
    return render(request, "site/server_error.html", status=500)
