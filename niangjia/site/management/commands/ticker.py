from __future__ import annotations

import logging
import os
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from niangjia.core import duties, turns
from niangjia.federation.services import audit

logger = logging.getLogger(__name__)
TICK_SECONDS = 1.0
PATIENCE_SECONDS = 5.0


class Command(BaseCommand):
    """Seals the audit trail, hands changes to their readers, and runs the periodic duties."""

    help = "Every second: seal what is new, tell the readers of changes, run what is due. One or more may run."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to tick once only."""
        parser.add_argument("--once", action="store_true", help="tick once and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tick until told to stop."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        parent = os.getppid()
        if options["once"]:
            tick()
            turns.take_turns()
            return
        threading.Thread(target=_take_turns, args=(stop,), daemon=True).start()
        while True:
            pause = tick()
            # Whoever started the ticker is gone: it must not live on as an orphan.
            if os.getppid() != parent or stop.wait(pause):
                return


def _take_turns(stop: threading.Event) -> None:
    """Work that takes minutes, beside the ticks: a large roster must not keep the trail unsealed."""
    while not stop.wait(TICK_SECONDS):
        close_old_connections()
        turns.take_turns()


def tick() -> float:
    """One round; returns the seconds to wait before the next one. System act.

    A database that is away for a moment (a restart, a lock) is waited for, never a reason to die.
    """
    close_old_connections()
    pause = TICK_SECONDS
    # Looked up at each tick; one that fails does not keep the other from its turn.
    for name, turn in (("The change feed", audit.advance_feed), ("A periodic duty", duties.run_due)):
        try:
            turn()
        except Exception:
            logger.exception("%s failed; nothing is lost, it is tried again.", name)
            pause = PATIENCE_SECONDS
    return pause
