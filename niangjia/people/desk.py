"""What this room puts on the officer's menu and first page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niangjia.core.areas import DeskItem, MenuEntry, desk_items, menu
from niangjia.federation.scopes import scope_of
from niangjia.people import mine
from niangjia.people.pairs import due_pairs
from niangjia.people.permissions import USAGE
from niangjia.people.rosters.page import due_rosters
from niangjia.people.waiting import FIRST_PAGE_ROWS, desk_block, waiting_count


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
        "people.requests",
        DeskItem(
            "people-requests", 18, _("Asked by people about what is kept of them"), "people/_desk_requests.html",
            _requests, right="people.fact:verify",
        ),
    )  # fmt: skip
    desk_items.register(
        "people.erasures",
        DeskItem(
            "people-erasures", 16, _("Deletions to confirm"), "people/_desk_erasures.html", _erasures,
            right="people.erasure:confirm",
        ),
    )  # fmt: skip
    desk_items.register(
        "people.erasures.unfinished",
        DeskItem(
            "people-erasures-unfinished", 17, _("Deletions that could not be finished"),
            "people/_desk_requests.html", _unfinished, right="people.erasure:propose",
        ),
    )  # fmt: skip
    desk_items.register(
        "people.waiting",
        DeskItem(
            "people-waiting", 20, _("To verify"), "people/_desk_waiting.html", desk_block, right="people.fact:verify"
        ),
    )


def _requests(request: HttpRequest) -> dict[str, Any]:
    rows = mine.request_rows(mine.open_requests(scope_of(request.user, "people.fact:verify"))[:FIRST_PAGE_ROWS])
    return {"rows": rows, "count": len(rows)}


def _erasures(request: HttpRequest) -> dict[str, Any]:
    rows = mine.waiting_erasures(scope_of(request.user, "people.erasure:confirm"))
    return {"rows": rows, "count": len(rows)}


def _unfinished(request: HttpRequest) -> dict[str, Any]:
    rows = mine.request_rows(mine.unfinished_erasures(scope_of(request.user, "people.erasure:propose")))
    return {"rows": rows[:FIRST_PAGE_ROWS], "count": len(rows)}
