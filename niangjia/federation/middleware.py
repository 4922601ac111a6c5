from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from niangjia.core.errors import NotFoundHere, Refusal, RightMissing
from niangjia.federation.listing.pages import PLAIN, SentenceAsked
from niangjia.federation.routes import declared_right
from niangjia.federation.scopes import one_reading, rights_of


class RightsMiddleware:
    """Lets a request through only with the right its route declares; else the same 404 as for nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with one_reading():
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Check the declared right before the view runs."""
        right = declared_right(view)
        if right is None:
            raise ImproperlyConfigured(f"{view!r} declares no right")
        if right == "":
            return None
        if not request.user.is_authenticated:
            return _to_login(request)
        if right != "*" and right not in rights_of(request.user):
            raise Http404
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What is foreign and what is missing look the same from outside; a refusal says its sentence.

        A list that was asked for its sentence alone answers with that.
        Views answer refusals beside the field; this is the net under those that have no form to show.
        """
        if isinstance(exception, SentenceAsked):
            return HttpResponse(exception.page.sentence, content_type=f"{PLAIN}; charset=utf-8")
        if isinstance(exception, NotFoundHere | RightMissing):
            raise Http404 from exception
        if isinstance(exception, Refusal):
            return render(request, "federation/refused.html", {"sentence": exception.sentence}, status=409)
        return None


def _to_login(request: HttpRequest) -> HttpResponse:
    address = f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)
