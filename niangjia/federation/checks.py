"""Start-up checks: a route without a declared right, or with one that does not exist, stops the start."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from niangjia.federation.rights import rights
from niangjia.federation.routes import declared_right, discovered_routes


def routes_declare_rights(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Each address of the site declares who may call it."""
    found: list[CheckMessage] = []
    for path, pattern in discovered_routes():
        right = declared_right(pattern.callback)
        if right is None:
            found.append(Error(f"/{path} declares no right.", hint=_HINT, id="federation.E001"))
        elif right not in ("", "*") and right not in rights:
            found.append(Error(f"/{path} asks for the unknown right {right!r}.", hint=_HINT, id="federation.E002"))
    return found


_HINT = "Mark the view with @requires, @logged_in or @anonymous of niangjia.federation.routes."
