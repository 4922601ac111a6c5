from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import niangjia
from niangjia.core import catalogues

PACKAGE = Path(niangjia.__file__).parent


class Command(BaseCommand):
    """Brings the message catalogues in step with the source, and compiles them."""

    help = (
        "Extract messages into each room's locale/zh_Hans/LC_MESSAGES/django.po and compile them. "
        "With rooms named, only those files are written. With --check nothing is written: "
        "missing, fuzzy, unused and doubly translated messages are listed, and any makes it fail."
    )
    requires_system_checks: list[str] = []  # it must run while a room is half-built

    def add_arguments(self, parser: CommandParser) -> None:
        """Rooms, and whether only to check."""
        parser.add_argument("rooms", nargs="*", help="names of rooms, e.g. people; all when empty")
        parser.add_argument("--compile", action="store_true", help="only compile what is there")
        parser.add_argument("--check", action="store_true", help="write nothing; fail on what is not in order")

    def handle(self, *args: Any, **options: Any) -> None:
        """Update and compile, or check."""
        wanted = [room for room in catalogues.rooms(PACKAGE) if not options["rooms"] or room.name in options["rooms"]]
        missing = set(options["rooms"]) - {room.name for room in wanted}
        if missing:
            raise CommandError(f"There is no room named {', '.join(sorted(missing))}.")
        if options["check"]:
            self._check({room.name for room in wanted})
            return
        if options["compile"]:
            for room in wanted:
                catalogues.compile_room(room)
            return
        for room in wanted:
            if catalogues.update_room(room):
                self.stdout.write(f"{room.name}: catalogue updated")
            catalogues.compile_room(room)
        untranslated = [f for room in wanted for f in catalogues.check_room(room)]
        for fault in untranslated:
            self.stdout.write(str(fault))

    def _check(self, names: set[str]) -> None:
        faults = [fault for fault in catalogues.check_house(PACKAGE) if fault.room in names]
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            raise CommandError(
                f"{len(faults)} messages are not in order. Run `python manage.py messages ROOM`, "
                "then fill in or correct the msgstr lines of that room's django.po."
            )
