from __future__ import annotations

import logging
import secrets

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

log = logging.getLogger("niangjia.site")


# One request may ask for that much and not more; each is answered with a sentence that says what to do.
_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent is more than the house takes at once, or cannot be read."""
    if isinstance(exception, _TOO_LARGE):
        return render(request, "site/too_large.html", status=413)
    return render(request, "site/bad_request.html", status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One page for what is missing and for what is foreign: the same bytes."""
    return render(request, "site/not_found.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from elsewhere."""
    return render(request, "site/form_expired.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke on our side; the number on the page stands beside the error in the log."""
    number = secrets.token_hex(2).upper()
    log.error("server error %s at %s", number, request.path, exc_info=True)
    # Without the request: whatever broke (the database, say) must not break this page too.
    return HttpResponse(render_to_string("site/server_error.html", {"number": number}), status=500)
