"""What rooms put on the shell's menus, and on the first page of each area."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from niangjia.core.registries import Registry

# What is seldom asked for stands on the page behind one's own name, not on the menu.
UNDER_THE_NAME = "own_account"


@dataclass(frozen=True)
class MenuEntry:
    """One entry of an area's menu; it appears when there is something in it."""

    area: str  # my | desk | employer
    order: int
    label: str | Promise
    route: str
    right: str = ""
    badge: Callable[[HttpRequest], int | None] | None = None
    under: str = ""  # the route of the entry that opens it, or UNDER_THE_NAME


@dataclass(frozen=True)
class DeskItem:
    """A block on the officer's first page: rows that are due, each with its next step."""

    code: str
    order: int
    title: str | Promise
    template: str
    context: Callable[[HttpRequest], dict[str, Any]]  # an empty `rows` hides the block
    right: str = ""


menu: Registry[MenuEntry] = Registry("menu")
desk_items: Registry[DeskItem] = Registry("desk items")


def entries_of(area: str) -> list[MenuEntry]:
    """The entries of one area in their order."""
    return sorted((entry for entry in menu.all() if entry.area == area), key=lambda entry: entry.order)
