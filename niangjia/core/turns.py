"""Work that waits to be done in the background: rooms register who does theirs, the ticker gives each its turn.

A turn does everything that waits and returns how much that was. It may take minutes, so it has a thread
of its own beside the sealing of the trail; whatever it holds survives a restart in the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from niangjia.core.registries import Registry

logger = logging.getLogger(__name__)
Turn = Callable[[], int]
turns: Registry[Turn] = Registry("turns")


def take_turns() -> int:
    """Give every room its turn; one that fails does not keep the others from theirs. System act."""
    done = 0
    for name in turns:
        try:
            done += turns.get(name)()
        except Exception:
            logger.exception("The turn %s failed; it is taken again.", name)
    return done
