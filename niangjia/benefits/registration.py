"""Everything this room offers to the house, registered once at start-up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niangjia.benefits import (
    export,
    facts,
    history,
    leaving,
    lists,
    merging,
    overview,
    own,
    pastroster,
    permissions,
    placesection,
    received,
    underway,
    unknowns,
)
from niangjia.benefits.services import notice
from niangjia.benefits.views.own import cards_of
from niangjia.core import clock
from niangjia.core.areas import DeskItem, MenuEntry, desk_items, menu
from niangjia.federation.scopes import scope_of
from niangjia.people.filepage import under_way
from niangjia.people.timeline import timelines
from niangjia.policy import queries as policy
from niangjia.policy.history import History, history as histories
from niangjia.policy.sections import sections

# Notices that end within this many days stand on the officer's first page.
SOON = timedelta(days=1)


def register() -> None:
    """Offer rights, actions, facts, the approval of lists, what was served before and when, menus and desk blocks."""
    permissions.register()
    facts.register()
    export.register()
    received.register()
    leaving.register()
    notice.register()
    merging.register()
    unknowns.register()
    sections.register(placesection.SECTION, placesection.check_places)
    histories.register("benefits", History(history.ever_served, history.served_anything))
    pastroster.register()
    timelines.register("benefits", history.past_help)
    under_way.register("benefits", underway.lists_under_way)
    for entry in _menu():
        menu.register(entry.route, entry)
    for item in _desk_items():
        desk_items.register(item.code, item)


def _menu() -> tuple[MenuEntry, ...]:
    return (
        MenuEntry("desk", 20, _("Lists"), "desk_lists", "benefits.list:read"),
        MenuEntry("desk", 60, _("Notice and pay"), "desk_notices", "benefits.list:read"),
        MenuEntry("my", 10, _("What I can get"), "my_home", "benefits.own:read"),
        MenuEntry("my", 20, _("To do"), "my_todo", "benefits.own:read", badge=_todo_badge),
        MenuEntry("my", 40, _("Me"), "my_me", "benefits.own:read"),
        MenuEntry("employer", 10, _("What the employer can get"), "employer_home", "benefits.employer:read"),
    )


def _todo_badge(request: HttpRequest) -> int | None:
    return len(own.tasks_of(cards_of(request))) or None


def _desk_items() -> tuple[DeskItem, ...]:
    return (
        DeskItem(
            "benefits.approvals",
            15,
            _("Lists to approve"),
            "benefits/desk_approvals.html",
            _approvals,
            "benefits.list:approve",
        ),
        DeskItem(
            "benefits.notices",
            20,
            _("Public notices that end"),
            "benefits/desk_notices.html",
            _notices,
            "benefits.list:freeze",
        ),
        DeskItem("benefits.lists", 40, _("Met, not served"), "benefits/desk_lists.html", _lists, "benefits.list:read"),
    )


def _approvals(request: HttpRequest) -> dict[str, Any]:
    rows = overview.waiting_approvals(scope_of(request.user, "benefits.list:approve"))
    return {"rows": rows, "count": len(rows)}


def _notices(request: HttpRequest) -> dict[str, Any]:
    found = lists.notices_ending(scope_of(request.user, "benefits.list:freeze"), clock.today() + SOON)
    cards = policy.cards_of({frozen.version_id for frozen in found})
    return {"rows": [{"frozen": frozen, "card": cards[frozen.version_id]} for frozen in found], "count": len(found)}


def _lists(request: HttpRequest) -> dict[str, Any]:
    return {"rows": [line for line in overview.programmes(scope_of(request.user, "benefits.list:read")) if line.waits]}
