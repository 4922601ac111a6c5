"""The numbers beside the entries of the menu: how many wait there, counted anew only now and then."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from niangjia.core import areas, clock

_KEPT, _COUNTED_AT = "badges", "badges_at"


def badge_of(request: HttpRequest, entry: areas.MenuEntry) -> int | None:
    """How many wait behind an entry for this reader; what others did in the last seconds may be missing.

    Every page shows half a dozen of them, and counting took a third of a page's time. So a session keeps them for
    `BADGES_KEPT_SECONDS`; whatever the reader does himself (see `forget`) is counted at once.
    """
    if entry.badge is None:
        return None
    moment, session = clock.now().timestamp(), request.session
    is_fresh = 0 <= moment - session.get(_COUNTED_AT, 0) < settings.BADGES_KEPT_SECONDS
    kept = dict(session.get(_KEPT, {})) if is_fresh else {}
    if entry.route not in kept:
        kept[entry.route] = entry.badge(request)
        if settings.BADGES_KEPT_SECONDS:
            session[_KEPT] = kept
            session[_COUNTED_AT] = session[_COUNTED_AT] if is_fresh else moment
    number: int | None = kept[entry.route]
    return number


def forget(request: HttpRequest) -> None:
    """The reader did something: what waits for him is another number now."""
    request.session.pop(_KEPT, None)
    request.session.pop(_COUNTED_AT, None)
