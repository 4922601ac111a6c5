"""Telling how far long work is: on one line of a terminal, or every few seconds in a log."""

from __future__ import annotations

import sys
import time

TERMINAL_SECONDS, LOG_SECONDS = 0.2, 10.0


class Progress:
    """Counts what is done and says so on standard error, never on standard output."""

    def __init__(self, what: str, total: int | None, *, quiet: bool = False) -> None:
        """Begin counting; `total` is how many there are, where that is known."""
        self.what, self.total, self.done, self.quiet = what, total, 0, quiet
        self._began = self._told = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def add(self, count: int) -> None:
        """Count so many more, and say so when it is time."""
        self.done += count
        now = time.monotonic()
        if not self.quiet and now - self._told >= (TERMINAL_SECONDS if self._terminal else LOG_SECONDS):
            self._told = now
            sys.stderr.write(f"\r{self.line(now)} " if self._terminal else f"{self.line(now)}\n")
            sys.stderr.flush()

    def line(self, now: float) -> str:
        """How far it is, and how much longer it takes at this speed."""
        seconds = max(now - self._began, 1e-6)
        if not self.total:
            return f"{self.what}: {self.done:,}"
        left = seconds / self.done * (self.total - self.done) if self.done else 0.0
        return f"{self.what}: {self.done:,} / {self.total:,} ({self.done * 100 // self.total}%, {left:.0f} s)"

    def end(self) -> None:
        """Leave the terminal's line."""
        if self._terminal and not self.quiet:
            sys.stderr.write(f"\r{self.line(time.monotonic())}\n")
