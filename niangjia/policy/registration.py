"""Everything this room offers to the house, registered once at start-up."""

from __future__ import annotations

from niangjia.core.duties import register_duty
from niangjia.federation.services.audit import feed_readers
from niangjia.policy import permissions, sections
from niangjia.policy.services import feed, publishing, sweeps

NIGHTLY = "30 1 * * *"


def register() -> None:
    """Offer rights, actions, the confirmation kind, the feed reader and the nightly sweep."""
    permissions.register()
    sections.register()
    publishing.register()
    feed_readers.register("policy", feed.read_feed)
    register_duty("policy.sweep", NIGHTLY, sweeps.sweep_all)
