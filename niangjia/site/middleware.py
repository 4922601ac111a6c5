from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import translation

from niangjia.accounts.kept import forget

log = logging.getLogger("niangjia.site")
# PostgreSQL's word for "canceling statement due to statement timeout".
ENDED = "57014"
# Everything comes from our own origin; no inline script, no inline style.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


class HeadersMiddleware:
    """Puts the content policy on every answer, and forbids shared caches to keep a logged-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), interest-cohort=()")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "private, no-store"
        return response


# A roster of 30 MB with its form; deploy.md tells the proxy in front the same.
MOST_BYTES = 40 * 1024 * 1024


class SizeMiddleware:
    """Refuses a request over the house's limit by its head, before anything of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.headers.get("Content-Length", "")
        if told.isascii() and told.isdigit() and int(told) > MOST_BYTES:
            raise RequestDataTooBig
        return self.get_response(request)


class LettersMiddleware:
    """Refuses what has the letter NUL in it: nobody types it, and PostgreSQL takes no text that has it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            raise BadRequest("NUL in an address.")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The same of what came in a form: its fields say so themselves, what is read past them meets the database."""
        if not isinstance(exception, DataError) or "NUL" not in str(exception):
            return None
        return render(request, "site/bad_request.html", status=HTTPStatus.BAD_REQUEST)


# Where pages have buttons.
AREAS = ("/desk/", "/my/", "/employer/")


class FormAddressMiddleware:
    """Whoever types the address of a button (or reloads after its refusal) lands on the page the button is on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_read = request.method in {"GET", "HEAD"} and request.path.startswith(AREAS)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and is_read:
            return HttpResponseRedirect(_page_above(request.path))
        return response


def _page_above(path: str) -> str:
    """The nearest address above that leads anywhere."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        with suppress(Resolver404):
            resolve(path)
            return path
    return path


class FrameMiddleware:
    """After whatever somebody sends, the numbers in his menu are counted anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            forget(request)
        return response


class TooLongMiddleware:
    """Says so when PostgreSQL ended a statement because it took too long; see STATEMENT_SECONDS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer in the database's place; without the request, for the page must not ask it again."""
        if not isinstance(exception, OperationalError) or getattr(exception.__cause__, "sqlstate", "") != ENDED:
            return None
        log.warning("a statement of %s took too long and was ended", request.path)
        return HttpResponse(render_to_string("site/too_long.html"), status=HTTPStatus.SERVICE_UNAVAILABLE)


class LanguageMiddleware:
    """Chinese first; English when the reader chose it. The browser's guess is not asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
