"""What stands around a page's own rows, read anew only now and then: numbers in the menu, the post, saved lists."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest

_KEPT, _READ_AT = "frame", "frame_read_at"


class Keep(Protocol):
    """How something of the frame is read: kept for a while, or each time."""

    def __call__(self, name: str, read: Callable[[], Any], *, if_true: bool = False) -> Any:
        """Return what `read` returns, now or a moment ago."""


def kept(request: HttpRequest, name: str, read: Callable[[], Any], *, if_true: bool = False) -> Any:
    """One thing of the frame (what JSON can hold); what others did in the last seconds may be missing in it.

    Every page shows half a dozen, and reading them took half of a page's time. So a session keeps them for
    `FRAME_KEPT_SECONDS`; after whatever the reader does himself (see `forget`) they are read at once. With `if_true`
    only what is true is kept: that something is not so, or is nothing, may change at any moment.
    """
    # Not the house's clock: at the end of a demo day that one stands still, and nothing would grow old.
    moment, session = time.time(), getattr(request, "session", {})
    is_fresh = 0 <= moment - session.get(_READ_AT, 0) < settings.FRAME_KEPT_SECONDS
    found = dict(session.get(_KEPT, {})) if is_fresh else {}
    if name not in found:
        found[name] = read()
        if settings.FRAME_KEPT_SECONDS and (found[name] or not if_true):
            session[_KEPT] = found
            session[_READ_AT] = session[_READ_AT] if is_fresh else moment
    return found[name]


def forget(request: HttpRequest) -> None:
    """The reader did something: what waits for him is another number now."""
    request.session.pop(_KEPT, None)
    request.session.pop(_READ_AT, None)


def not_kept(name: str, read: Callable[[], Any], *, if_true: bool = False) -> Any:
    """Read each time: for what is no page of anybody."""
    return read()
