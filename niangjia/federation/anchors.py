"""Heads of the audit chain, noted where the server's administrators cannot reach them."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from niangjia.core import clock, duties
from niangjia.federation.services import audit

DUTY = "federation.note-head"


class BadHeads(Exception):
    """A file of heads has a line that is none: its number, from 1."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(line)


def note_head(path: Path) -> str:
    """Add the chain's head to a file, one line: when, place, digest. What stands there is never rewritten."""
    line = f"{clock.now().astimezone(clock.LOCAL).isoformat(timespec='seconds')} {audit.head_note()}"
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    return line


def unwritten_since() -> datetime | None:
    """Since when the auditor's file could not be written, where the installation has one; None when all is well."""
    return duties.failing_since(DUTY) if settings.AUDIT_HEADS_FILE else None


def noted_heads(path: Path) -> list[tuple[int, str]]:
    """All heads of such a file; a line that is none raises `BadHeads`, for a skipped one would prove nothing."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(audit.parse_head(line.split()[-1]))
        except (ValueError, IndexError):
            raise BadHeads(number) from None
    return found
