from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from niangjia.accounts.kept import kept
from niangjia.core import areas, clock
from niangjia.federation.queries import officer_card
from niangjia.federation.scopes import rights_of
from niangjia.people.lookingafter import looked_after_by

# The national hotline of the unions; it is the same number in every county.
HOTLINE = "12351"


@dataclass(frozen=True)
class MenuLink:
    """One entry of the menu as a page shows it; the badge is counted only if it is drawn."""

    entry: areas.MenuEntry
    url: str
    current: bool
    request: HttpRequest
    under: tuple[MenuLink, ...] = ()  # those that this one opens
    is_sub: bool = False

    @property
    def label(self) -> str:
        """The words of the entry in the reader's language."""
        return str(self.entry.label)

    @cached_property
    def badge(self) -> int | None:
        """How many wait behind the entry, and behind those it opens as long as it is shut; or nothing."""
        behind = () if self.is_open else self.under
        counts = [link.count for link in (self, *behind)]
        return sum(count for count in counts if count) or None

    @property
    def count(self) -> int | None:
        """How many wait behind this one entry."""
        count = self.entry.badge
        if count is None:
            return None
        number: int | None = kept(self.request, self.entry.route, lambda: count(self.request))
        return number

    @property
    def is_open(self) -> bool:
        """Whether the reader stands here, or on one of those it opens."""
        return self.current or any(link.current for link in self.under)


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every page of the shell needs: menu of its area, demo banner, theme and size."""
    area = request.path.strip("/").split("/")[0]
    theme, size = request.COOKIES.get("theme", ""), request.COOKIES.get("size", "")
    card: Any = SimpleLazyObject(lambda: _post(request))
    held = SimpleLazyObject(lambda: rights_of(getattr(request, "user", None)))
    return {
        "area": area,
        "menu": SimpleLazyObject(lambda: _menu(request, area)),
        "account_menu": SimpleLazyObject(lambda: _under_the_name(request, area)),
        "held_rights": held,
        "demo": clock.is_demo(),
        "today": SimpleLazyObject(clock.today),
        "theme": theme if theme in {"light", "dark"} else "",
        "size": size if size == "large" else "",
        "post": SimpleLazyObject(lambda: card[0] if card else ""),
        "owner_name": SimpleLazyObject(lambda: _owner(request, card)),
        "hotline": HOTLINE,
        "login_url": settings.LOGIN_URL,
        "logout_url": _address("logout"),
        "search_url": _address("desk_search"),
    }


def _post(request: HttpRequest) -> list[str]:
    """Post and union of an officer; nothing of anybody else."""
    user = getattr(request, "user", None)
    if not getattr(user, "is_authenticated", False):
        return []
    found: list[str] = kept(request, "post", lambda: _read_post(user))
    return found


def _read_post(user: Any) -> list[str]:
    card = officer_card(user)
    return [card.post, card.union_name] if card else []


def _owner(request: HttpRequest, card: list[str]) -> str:
    """Whose page this is to the reader: one platform, and each union's own name on it."""
    user = getattr(request, "user", None)
    if card or not getattr(user, "is_authenticated", False):
        return card[1] if card else ""
    found: str = kept(request, "owner", lambda: looked_after_by(user))
    return found


class Menu(list[MenuLink]):
    """The entries of one page; as a text it names everything the page shows of them, but for the language."""

    def __str__(self) -> str:
        return " ".join(f"{link.url} {link.current} {link.badge} {link.is_sub}" for link in self)


def _menu(request: HttpRequest, area: str) -> Menu:
    """The entries the reader may open; those under another one only where that one, or one beside, is open."""
    links = _links(request, area)
    routes = {link.entry.route for link in links}
    shown = Menu()
    for link in links:
        if link.entry.under == areas.UNDER_THE_NAME or link.entry.under in routes:
            continue
        under = tuple(replace(one, is_sub=True) for one in links if one.entry.under == link.entry.route)
        top = replace(link, under=under)
        shown += [top, *(under if top.is_open else ())]
    return shown


def _under_the_name(request: HttpRequest, area: str) -> list[MenuLink]:
    return [link for link in _links(request, area) if link.entry.under == areas.UNDER_THE_NAME]


def _links(request: HttpRequest, area: str) -> list[MenuLink]:
    held = rights_of(getattr(request, "user", None))
    entries = [entry for entry in areas.entries_of(area) if not entry.right or entry.right in held]
    found = [(entry, _address(entry.route)) for entry in entries]
    here = _longest([url for _, url in found], request.path)
    return [MenuLink(entry, url, url == here, request) for entry, url in found]


def _longest(urls: list[str], path: str) -> str:
    """The entry a page stands under: the longest address its own begins with; an area's root only by itself."""
    under = [url for url in urls if url == path or (path.startswith(url) and url.count("/") > 2)]
    return max(under, key=len, default="")


def _address(route: str) -> str:
    """The address of a route that a room may not have opened yet."""
    return _address_in(route, settings.ROOT_URLCONF)


@lru_cache(maxsize=200)
def _address_in(route: str, urlconf: str) -> str:
    try:
        return reverse(route, urlconf=urlconf)
    except NoReverseMatch:
        return ""
