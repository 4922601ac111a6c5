from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from niangjia.site import stage


class Command(BaseCommand):
    """Brings database, messages and static files up to date; on a demo stage it builds the county once."""

    help = "Everything that must be done before serving. Doing it twice does no harm."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to leave the lines that are shown at each start."""
        parser.add_argument("--announcement", type=Path, help="write the demo accounts to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each step, with the seconds it took."""
        for zh, en, work in stage.steps():
            start = time.monotonic()
            self.stdout.write(f"· {zh} / {en} …")
            self.stdout.flush()
            work()
            self.stdout.write(f"  {time.monotonic() - start:.1f} s")
        if options["announcement"]:
            options["announcement"].write_text(stage.announcement(), encoding="utf-8")
