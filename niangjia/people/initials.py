"""First letters of the pinyin of a name (麦芒种 gives mmz), for the search box.

GB 2312 orders its 3,755 common characters by pinyin, so the letter follows from the character's
place in it: no dictionary is needed. A rarer character, or one with several readings, may be missed;
the name itself always finds the person.
"""

from __future__ import annotations

from bisect import bisect_right

# First code of each letter in the first level of GB 2312 (no pinyin begins with i, u or v).
_LETTERS = "abcdefghjklmnopqrstwxyz"
_STARTS = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8, 0xC4C3, 0xC5B6,
    0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_END = 0xD7FA
UNKNOWN = "_"


def initials(name: str) -> str:
    """The first letters of a name's characters; a character without a known letter is an underscore."""
    return "".join(_letter(character) for character in name)


def _letter(character: str) -> str:
    if character.isascii() and character.isalpha():
        return character.lower()
    try:
        code = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return UNKNOWN
    return _LETTERS[bisect_right(_STARTS, code) - 1] if _STARTS[0] <= code < _END else UNKNOWN
