from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from niangjia.core import areas, clock
from niangjia.federation.scopes import rights_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every page of the shell needs: menu of its area, demo banner, theme and size."""
    held = rights_of(getattr(request, "user", None))
    area = request.path.strip("/").split("/")[0]
    theme, size = request.COOKIES.get("theme", ""), request.COOKIES.get("size", "")
    return {
        "area": area,
        "menu": [entry for entry in areas.entries_of(area) if not entry.right or entry.right in held],
        "held_rights": held,
        "demo": clock.is_demo(),
        "today": clock.today(),
        "theme": theme if theme in {"light", "dark"} else "",
        "size": size if size == "large" else "",
    }
