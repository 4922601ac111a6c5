"""What this room puts on the officer's menu and first page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.cases import towns
from niangjia.cases.permissions import GIVE, READ
from niangjia.core.areas import DeskItem, MenuEntry, desk_items, menu


def register() -> None:
    """Offer them."""
    menu.register("cases.towns", MenuEntry("desk", 70, _("Towns"), "towns", right=READ, badge=towns.badge))
    desk_items.register(
        "cases.due",
        DeskItem("cases-due", 10, _("Asked of us"), "cases/_desk_due.html", towns.due_block, right=GIVE),
    )
    desk_items.register(
        "cases.towns",
        DeskItem("cases-towns", 26, _("Not returned yet"), "cases/_desk_towns.html", towns.towns_block, right=READ),
    )
