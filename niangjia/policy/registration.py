"""Everything this room offers to the house, registered once at start-up."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from niangjia.core import areas
from niangjia.core.duties import register_duty
from niangjia.core.facts import leave_with
from niangjia.federation import rightspage
from niangjia.federation.scopes import scope_of
from niangjia.federation.services.audit import feed_readers
from niangjia.policy import cards, desk, holding, merging, permissions, sections
from niangjia.policy.services import feed, leaving, publishing, snapshots, sweeps

NIGHTLY, EVERY_QUARTER = "30 1 * * *", "*/15 * * * *"


def register() -> None:
    """Offer rights, actions, the confirmation kind, the feed reader, the nightly sweep, menu and due rows."""
    permissions.register()
    holding.register()
    sections.register()
    publishing.register()
    merging.register()
    feed_readers.register("policy", feed.read_feed)
    register_duty("policy.sweep", NIGHTLY, sweeps.sweep_all)
    register_duty("policy.snapshots", EVERY_QUARTER, snapshots.remove_expired)
    leave_with.register("policy.standing", leaving.forget_standings)
    leave_with.register("policy.decision", leaving.keep_decisions)
    rightspage.programme_books.register("policy", rightspage.ProgrammeBook(cards.programmes_of, cards.programme_names))
    _register_pages()


def _register_pages() -> None:
    areas.menu.register(
        "policy.programmes",
        areas.MenuEntry("desk", 90, _("Programmes"), "desk_programmes", right="policy.programme:read", badge=_waiting),
    )
    areas.desk_items.register(
        "policy.requests",
        areas.DeskItem(
            "policy.requests", 20, _("Waiting for your confirmation"), "policy/_due_requests.html", _due_requests,
            right="policy.version:confirm",
        ),
    )  # fmt: skip


def _own_requests(request: HttpRequest) -> list[desk.Waiting]:
    return [row for row in desk.requests_for(request.user) if not row.is_own]


def _waiting(request: HttpRequest) -> int | None:
    """How many requests wait for this reader: only who confirms sees a badge."""
    if scope_of(request.user, desk.CONFIRMING).is_empty:
        return None
    return len(_own_requests(request)) or None


def _due_requests(request: HttpRequest) -> dict[str, Any]:
    rows = [
        {
            "what": f"{row.name} {row.version.document_number}",
            "who": row.asked_by,
            "url": reverse("desk_version_confirmation", args=[row.version.public_id]),
        }
        for row in _own_requests(request)
    ]
    return {"rows": rows, "count": len(rows)}
