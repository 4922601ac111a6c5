"""How a view says who may call it. The lowest room with views keeps the marks; `federation.routes` adds rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def logged_in(view: View) -> View:
    """Any logged-in user may call it (it shows only what is his)."""
    view.required_right = "*"  # type: ignore[attr-defined]
    return view


def anonymous(reason: str) -> Callable[[View], View]:
    """Anybody may call it, for this reason."""

    def mark(view: View) -> View:
        view.required_right = ""  # type: ignore[attr-defined]
        view.anonymous_reason = reason  # type: ignore[attr-defined]
        return view

    return mark
