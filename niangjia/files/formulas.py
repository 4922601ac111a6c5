"""Text that a spreadsheet program would run: made harmless on its way out, and itself again on its way in."""

from __future__ import annotations

# A cell that begins with one of these is read as a formula, or lets what follows begin the cell.
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
MARK = "'"


def neutral(text: str) -> str:
    """The text so that no spreadsheet runs it: an apostrophe in front, as a person would type it."""
    return MARK + text if text.lstrip(MARK).startswith(STARTS) else text


def restored(text: str) -> str:
    """What `neutral` was given."""
    return text[1:] if text.startswith(MARK) and text.lstrip(MARK).startswith(STARTS) else text
