"""What this room puts on the officer's menu and first page."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.core.areas import UNDER_THE_NAME, DeskItem, MenuEntry, desk_items, menu
from niangjia.federation.listing.kinds import list_url
from niangjia.federation.scopes import scope_of
from niangjia.people import mine
from niangjia.people.household_rows import reviews_due, without_head
from niangjia.people.models import Household
from niangjia.people.pairs import due_pairs
from niangjia.people.permissions import USAGE
from niangjia.people.queries import members_of, subject_cards
from niangjia.people.rosters.page import due_rosters
from niangjia.people.waiting import FIRST_PAGE_ROWS, desk_block, waiting_count

WRITE = "people.registry:write"


def register() -> None:
    """Offer them."""
    menu.register(
        "people.households", MenuEntry("desk", 30, _("Household files"), "household_list", right="people.registry:read")
    )
    menu.register(
        "people.verify",
        MenuEntry("desk", 40, _("Verify"), "verify_queue", right="people.fact:verify", badge=waiting_count),
    )
    menu.register("people.usage", MenuEntry("desk", 87, _("Usage"), "usage", right=USAGE, under=UNDER_THE_NAME))
    _of_erasures()
    desk_items.register(
        "people.rosters",
        DeskItem(
            "people-rosters", 30, _("Rosters to look at"), "people/_desk_rosters.html", due_rosters,
            right=WRITE,
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
        "people.reviews",
        DeskItem("people-reviews", 26, _("Review due"), "people/_desk_reviews.html", _reviews, right=WRITE),
    )
    desk_items.register(
        "people.waiting",
        DeskItem(
            "people-waiting", 20, _("To verify"), "people/_desk_waiting.html", desk_block, right="people.fact:verify"
        ),
    )


def _of_erasures() -> None:
    """What people ask about their data, and what a deletion leaves to be done."""
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
        "people.headless",
        DeskItem(
            "people-headless", 24, _("Households without a head"), "people/_desk_headless.html", _headless, right=WRITE
        ),
    )


def _requests(request: HttpRequest) -> dict[str, Any]:
    rows = mine.request_rows(mine.open_requests(scope_of(request.user, "people.fact:verify"))[:FIRST_PAGE_ROWS])
    return {"rows": rows, "count": len(rows)}


def _erasures(request: HttpRequest) -> dict[str, Any]:
    rows = mine.waiting_erasures(scope_of(request.user, "people.erasure:confirm"))
    return {"rows": rows, "count": len(rows)}


def _reviews(request: HttpRequest) -> dict[str, Any]:
    today = clock.today()
    due = reviews_due(scope_of(request.user, WRITE), today)
    files = list(due[:FIRST_PAGE_ROWS])
    cards = subject_cards("household", [file.household_id for file in files], today=today)
    rows = [
        {
            "card": cards[file.household_id], "due_on": file.review_due_on,
            "url": reverse("household_file", args=[cards[file.household_id].public_id]),
        }
        for file in files
    ]  # fmt: skip
    all_url = f"{reverse('household_list')}?{urlencode({'review': 'due', 'sort': 'review'})}"
    return {"rows": rows, "count": due.count() if rows else 0, "all_url": all_url}


def _headless(request: HttpRequest) -> dict[str, Any]:
    """Their head was deleted and others stayed; until one of them is named nobody stands for the household."""
    scope = scope_of(request.user, WRITE)
    waiting = without_head(Household.objects.filter(scope.unions())).order_by("head_erased_on", "pk")
    homes = list(waiting.select_related("union").defer("address")[:FIRST_PAGE_ROWS])
    people: dict[int, list[str]] = defaultdict(list)
    for one in members_of([home.pk for home in homes]):
        people[one.household_id].append(one.person.name)
    rows = [
        {
            "who": "、".join(people[home.pk]), "where": home.union.name,
            "since": home.head_erased_on, "url": reverse("head_change", args=[home.public_id]),
        }
        for home in homes
    ]  # fmt: skip
    all_url = list_url("people.households", head_missing="1")
    return {"rows": rows, "count": waiting.count() if rows else 0, "all_url": all_url, "unit": "household"}


def _unfinished(request: HttpRequest) -> dict[str, Any]:
    rows = mine.request_rows(mine.unfinished_erasures(scope_of(request.user, "people.erasure:propose")))
    return {"rows": rows[:FIRST_PAGE_ROWS], "count": len(rows)}
