"""A state as it is shown everywhere: symbol, word and colour, always all three; colour is never alone."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

# The symbol of each colour; a status may have one of its own.
SYMBOLS = {"yes": "✓", "ask": "?", "no": "–", "go": "…", "late": "!"}


def marked(colour: str, word: str | Promise, symbol: str = "") -> SafeString:
    """The state as it stands in a page; an unknown colour raises KeyError."""
    return format_html(
        '<span class="status status-{}"><span class="status-symbol" aria-hidden="true">{}</span>{}</span>',
        colour, symbol or SYMBOLS[colour], word,
    )  # fmt: skip
