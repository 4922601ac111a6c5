"""What this room does by itself."""

from __future__ import annotations

from niangjia.core.duties import register_duty
from niangjia.federation.services import audit, tree


def register() -> None:
    """Offer the duties."""
    register_duty("federation.advance-feed", "* * * * *", _advance)
    # A place in the tree may begin or end today: rights follow the tree of the day.
    register_duty("federation.rebuild-tree", "1 0 * * *", _rebuild)


def _advance() -> str:
    return f"{audit.advance_feed()} rows read"


def _rebuild() -> str:
    tree.rebuild_closure()
    return "today's tree rebuilt"
