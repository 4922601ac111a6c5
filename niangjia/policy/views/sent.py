"""What a form was sent with."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from niangjia.files.arrived import files_of


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """Data and files of a form that was sent; nothing for a page that was only opened.

    A form sent empty is still a sent form: it must get its answers, not the empty page again.
    """
    return (request.POST, files_of(request)) if request.method == "POST" else (None, None)
