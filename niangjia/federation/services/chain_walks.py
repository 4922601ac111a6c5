"""Walking the chain for whoever asks by page: in stretches, so that a chain of any length keeps nobody waiting."""

from __future__ import annotations

from django.db import transaction

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.models import ChainWalk
from niangjia.federation.scopes import require
from niangjia.federation.services import audit

READ = "federation.audit:read"
STRETCH = 20_000


def begin_walk(*, noted: tuple[int, str] | None, acting_user: User) -> ChainWalk:
    """Verify the chain as it is now; a short one is through at once, a long one goes on in the background."""
    require(acting_user, READ)
    audit.advance_feed()
    with transaction.atomic():
        begun = ChainWalk.objects.create(
            asked_by=acting_user, asked_at=clock.now(), noted=f"{noted[0]}:{noted[1]}" if noted else "",
            until=audit.parse_head(audit.head_note())[0], digest=audit.FIRST_LINK,
        )  # fmt: skip
        audit.record("federation.chain:verify", acting_user=acting_user, object_kind="chain", object_id=begun.pk)
    _go_on(begun)
    begun.refresh_from_db()
    return begun


def walk_on() -> int:
    """A stretch of every walk that is under way; returns the links walked. System act."""
    return sum(_go_on(begun) for begun in ChainWalk.objects.filter(ended_at__isnull=True).order_by("pk"))


def _go_on(begun: ChainWalk) -> int:
    heads = [audit.parse_head(begun.noted)] if begun.noted else []
    goal = min(begun.place + STRETCH, begun.until)
    place, digest, broken = audit.walk(begun.place, begun.digest, heads, goal)
    if broken is None and place < goal:
        broken = audit.Break(place + 1, "missing")  # it was longer when the walk began
    if broken is None and place == begun.until and any(head > place for head, _digest in heads):
        broken = audit.Break(place + 1, "shorter")
    done = broken is not None or place == begun.until
    # Read without a lock, written only where nobody else has walked the same stretch meanwhile.
    walked = ChainWalk.objects.filter(pk=begun.pk, place=begun.place, ended_at__isnull=True).update(
        place=place, digest=digest, ended_at=clock.now() if done else None,
        broken_at=broken.chain_no if broken else None, broken_how=broken.what if broken else "",
    )  # fmt: skip
    return place - begun.place if walked else 0
