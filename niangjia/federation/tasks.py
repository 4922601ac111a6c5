"""What this room does by itself."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from niangjia.core.duties import register_duty
from niangjia.core.turns import turns
from niangjia.federation import anchors
from niangjia.federation.services import audit, chain_walks, tree


def register() -> None:
    """Offer the duties, and the work in the background."""
    turns.register("federation.chain-walks", chain_walks.walk_on)
    register_duty("federation.advance-feed", "* * * * *", _advance)
    # Against whoever can rewrite the database only a head noted elsewhere helps, and only up to that head.
    register_duty(anchors.DUTY, "*/10 * * * *", _note_head)
    # A place in the tree may begin or end today: rights follow the tree of the day.
    register_duty("federation.rebuild-tree", "1 0 * * *", _rebuild)


def _advance() -> str:
    return f"{audit.advance_feed()} rows read"


def _note_head() -> str:
    if not settings.AUDIT_HEADS_FILE:
        return "no file to note the head in"
    audit.seal_all()
    return anchors.note_head(Path(settings.AUDIT_HEADS_FILE))


def _rebuild() -> str:
    tree.rebuild_closure()
    return "today's tree rebuilt"
