"""What this room does in the background."""

from __future__ import annotations

from niangjia.core.duties import register_duty
from niangjia.core.turns import turns
from niangjia.people.rosters import kinds, parts
from niangjia.people.services.erasure import finish_erasures
from niangjia.people.services.roster_forgetting import forget_old_rows
from niangjia.people.services.roster_work import work_rosters


def register() -> None:
    """Offer the kinds of roster, the work on them, and the duty that forgets their rows."""
    kinds.register()
    parts.register()
    turns.register("people.rosters", work_rosters)
    register_duty("people.rosters.forget", "40 2 * * *", forget_old_rows)
    register_duty("people.erasures.finish", "50 2 * * *", finish_erasures)
