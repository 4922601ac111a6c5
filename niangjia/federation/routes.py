"""Every route declares who may call it; one that does not is an error at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.urls import URLPattern, URLResolver, get_resolver

from niangjia.accounts.doors import anonymous, logged_in

__all__ = ["anonymous", "declared_right", "discovered_routes", "logged_in", "requires"]

View = TypeVar("View", bound=Callable[..., Any])


def requires(right: str) -> Callable[[View], View]:
    """The caller must be logged in and hold this right somewhere; the view still starts from a scope."""

    def mark(view: View) -> View:
        view.required_right = right  # type: ignore[attr-defined]
        return view

    return mark


def discovered_routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site, with its pattern, found from the URL configuration itself."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from discovered_routes(entry, path)
        else:
            yield path, entry


def declared_right(view: Any) -> str | None:
    """The right a view declares: a code, `*` for any log-in, empty for anonymous, None for nothing."""
    for candidate in (view, getattr(view, "view_class", None)):
        right = getattr(candidate, "required_right", None)
        if right is not None:
            return str(right)
    return None
