"""Log lines that name nobody: long numbers in a message or in an error's words are masked before they are written."""

from __future__ import annotations

import logging
import re
from typing import Any

# Eleven digits and more, with blanks or dashes between: telephones, identity numbers, cards.
_NUMBER = re.compile(r"\d(?:[ -]?\d){9,}[ -]?[\dXx]")


def masked(text: str) -> str:
    """A text without long numbers: their first two digits and how many there were."""
    return _NUMBER.sub(lambda found: f"{found[0][:2]}…({len(found[0])})", text)


class MaskingFormatter(logging.Formatter):
    """Writes a record as usual, then masks; a traceback has the error's words in it too."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, masked."""
        return masked(super().format(record))


# One handler for all; none that sends mail: a mailed report quotes what was in the form.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": MaskingFormatter, "format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
