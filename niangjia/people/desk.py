"""What this room puts on the officer's menu and first page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from niangjia.core.areas import DeskItem, MenuEntry, desk_items, menu
from niangjia.people.pairs import due_pairs
from niangjia.people.permissions import USAGE
from niangjia.people.rosters.page import due_rosters
from niangjia.people.waiting import desk_block, waiting_count


def register() -> None:
    """Offer them."""
    menu.register(
        "people.households", MenuEntry("desk", 30, _("Household files"), "household_list", right="people.registry:read")
    )
    menu.register(
        "people.verify",
        MenuEntry("desk", 40, _("Verify"), "verify_queue", right="people.fact:verify", badge=waiting_count),
    )
    menu.register("people.usage", MenuEntry("desk", 87, _("Usage"), "usage", right=USAGE))
    desk_items.register(
        "people.rosters",
        DeskItem(
            "people-rosters", 30, _("Rosters to look at"), "people/_desk_rosters.html", due_rosters,
            right="people.registry:write",
        ),
    )  # fmt: skip
    desk_items.register(
        "people.pairs",
        DeskItem(
            "people-pairs", 25, _("Perhaps the same person"), "people/_desk_pairs.html", due_pairs,
            right="people.registry:merge",
        ),
    )  # fmt: skip
    desk_items.register(
        "people.waiting",
        DeskItem(
            "people-waiting", 20, _("To verify"), "people/_desk_waiting.html", desk_block, right="people.fact:verify"
        ),
    )
