from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from niangjia.accounts import sessions


class IdleMiddleware:
    """Ends a desk session after 30 idle minutes; the way back is kept, and what was being sent too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let a request through, or send it to log in again."""
        if not request.user.is_authenticated or not sessions.has_run_out(request):
            return self.get_response(request)
        back = request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
        sessions.end_keeping_form(request)
        address = f"{settings.LOGIN_URL}password/?{urlencode({'idle': '1', 'next': back})}"
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=401)
            response["HX-Redirect"] = address
            return response
        return HttpResponseRedirect(address)
