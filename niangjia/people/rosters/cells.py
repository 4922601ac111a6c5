"""What a cell of a roster may hold, how it is read, and how it is shown; every refusal says what to do.

Table programs ruin long numbers silently: an identity number typed as a number has lost its last
places for good, so it is refused and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts import phones
from niangjia.core.errors import Refusal
from niangjia.core.money import parse_yuan, yuan
from niangjia.files.formulas import STARTS, restored
from niangjia.people.identity import parse_credit_code, parse_identity_number
from niangjia.people.queries import mask_number

Value = Any  # str, int, bool, date; None for an empty cell
EXACT_DIGITS = 15  # what a number in a workbook holds without loss
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,3}")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_FIRST_SERIAL, _LAST_SERIAL = 7_000, 80_000  # 1919 to 2119 in the count of days of table programs
_SERIAL_ZERO = date(1899, 12, 30)
_YES = {"是", "有", "对", "yes", "y", "true", "1", "√", "✓"}
_NONE = "无"
_NO = {"否", "无", "没有", "不是", "no", "n", "false", "0", "×"}


class CellRefused(Refusal):
    """The cell does not hold what its column asks for."""


_NUMBER_RUINED = _(
    "This long number was typed as a number, and the table program has rounded off its last places. "
    "Set the column to text and type the number again from the card."
)
_NAME_ODD = _("This does not look like a name. Please write the name as it stands on the card.")
_DAY_WRONG = _(
    "This is no date (%(given)s). Please write year, month and day, as 2026-08-03, 2026/8/3, 2026.8.3 or 20260803."
)
_DAY_IMPOSSIBLE = _("There is no such day (%(given)s). Please compare it with the paper.")
_AMOUNT_WRONG = _("This is no amount in yuan (%(given)s). Please write it as 1180 or 1180.50.")
_WHOLE_WRONG = _("This is no whole number (%(given)s). Please write digits only, as 46.")
_NONE_OR_UNKNOWN = _(
    "“None” may mean zero, or that nothing is known. Please write 0 for zero, and leave the cell empty otherwise."
)
_YES_NO_WRONG = _("Please write yes or no here, not %(given)s.")
_CHOICE_WRONG = _("%(given)s is none of the answers here. Please write one of: %(answers)s.")
_TOO_LONG = _("This is too long: %(given)s characters, at most %(most)s. Please write it shorter.")


@dataclass(frozen=True)
class CellType:
    """One type of column: how its cells are read and shown, and how a value is kept as JSON."""

    parse: Callable[[Any], Value]
    show: Callable[[Value], str] = str
    load: Callable[[Any], Value] = lambda kept: kept
    keep: Callable[[Value], Any] = lambda value: value
    answers: frozenset[str] = frozenset()  # of the words forms are left empty with, those that say something here

    def is_empty(self, cell: Any) -> bool:
        """Whether a cell of this column says nothing: to whether there is a car 无 is an answer, to an address none."""
        return is_empty(cell) and not (isinstance(cell, str) and cell.strip() in self.answers)


_EMPTY_WORDS = frozenset({"", "-", "—", "/", "无", "空", "N/A"})


def is_empty(cell: Any) -> bool:
    """Whether a cell says nothing, whatever its column; a dash or 无 is how forms are left empty."""
    return cell in ("", None) or (isinstance(cell, str) and cell.strip() in _EMPTY_WORDS)


def as_text(cell: Any) -> str:
    """A cell as its sender saw it; an export's apostrophe before a formula sign is taken off again."""
    if isinstance(cell, dict):
        return str(cell["day"])
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return restored(str(cell).strip())


def _half(cell: Any) -> str:
    return as_text(cell).translate(_HALF_WIDTH).strip()


def _exact(cell: Any) -> str:
    """Digits of a long number, or a refusal when they were rounded."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**EXACT_DIGITS:
        raise CellRefused(_NUMBER_RUINED)
    text = _half(cell).lstrip("'")
    if _SCIENTIFIC.fullmatch(text):
        raise CellRefused(_NUMBER_RUINED)
    return text


def parse_name(cell: Any) -> str:
    """A name without the blanks that stretch two characters to three."""
    text = as_text(cell)
    name = " ".join(text.split()) if text.isascii() else "".join(text.split())
    name = name.replace("•", "·").replace("．", "·")
    if not any(sign.isalpha() for sign in name) or name.startswith(STARTS) or any(s.isdigit() for s in name):
        raise CellRefused(_NAME_ODD)
    return _at_most(name, 60)


def _at_most(text: str, most: int) -> str:
    if len(text) > most:
        raise CellRefused(_TOO_LONG % {"given": len(text), "most": most})
    return text


def parse_day(cell: Any) -> date:
    """A date in any of its six forms: a real one, 2026-08-03, 2026/8/3, 2026.8.3, 20260803, 2026年8月3日."""
    if isinstance(cell, dict):
        return _plausible(date.fromisoformat(cell["day"]), cell["day"])
    if isinstance(cell, int) and not isinstance(cell, bool) and _FIRST_SERIAL <= cell <= _LAST_SERIAL:
        return _SERIAL_ZERO + timedelta(days=cell)
    text = _half(cell)
    found = _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    if found is None:
        raise CellRefused(_DAY_WRONG % {"given": text[:20]})
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        raise CellRefused(_DAY_IMPOSSIBLE % {"given": text[:20]}) from None
    return _plausible(day, text)


def _plausible(day: date, text: str) -> date:
    if not 1900 <= day.year <= 2100:
        raise CellRefused(_DAY_IMPOSSIBLE % {"given": text[:20]})
    return day


def _parse_whole(cell: Any) -> int:
    text = _half(cell).replace(",", "")
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise CellRefused(_WHOLE_WRONG % {"given": text[:20]})
    return int(text)


def _parse_yuan(cell: Any) -> int:
    text = _half(cell)
    try:
        return parse_yuan(f"{cell:.2f}" if isinstance(cell, float) and round(cell, 2) == cell else text)
    except ValueError:
        raise CellRefused(_AMOUNT_WRONG % {"given": text[:20]}) from None


def _parse_yes_no(cell: Any) -> bool:
    text = _half(cell).casefold()
    if text not in _YES | _NO:
        raise CellRefused(_YES_NO_WRONG % {"given": text[:20]})
    return text in _YES


def chinese() -> bool:
    """Whether the reader's language is Chinese."""
    return (translation.get_language() or "").startswith("zh")


def _show_yes_no(value: bool) -> str:
    return ("是" if value else "否") if chinese() else ("yes" if value else "no")


def text(most: int) -> CellType:
    """Any text up to a length."""
    return CellType(lambda cell: _at_most(as_text(cell), most))


def choice(answers: Mapping[str, tuple[str, ...]]) -> CellType:
    """One of several codes; each is told by its names: Chinese first, English second, then what else is written."""
    names = {name.casefold(): code for code, told in answers.items() for name in (code, *told)}

    def parse(cell: Any) -> str:
        given = _half(cell)
        if given.casefold() not in names:
            words = "、".join(told[0] for told in answers.values() if told)
            raise CellRefused(_CHOICE_WRONG % {"given": given[:20], "answers": words})
        return names[given.casefold()]

    said = frozenset(word for word in _EMPTY_WORDS if word.casefold() in names)
    return CellType(parse, lambda code: answers[code][0 if chinese() else 1], answers=said)


def counted(kind: CellType) -> CellType:
    """A number a bureau answers with: 无 may be none, or not known there, and is refused rather than guessed."""

    def parse(cell: Any) -> Value:
        if as_text(cell) == _NONE:
            raise CellRefused(_NONE_OR_UNKNOWN)
        return kind.parse(cell)

    return replace(kind, parse=parse, answers=frozenset({_NONE}))


def both(sentence: Callable[[], str | Promise]) -> dict[str, str]:
    """A sentence in both languages, to be kept: who reads it later may read the other one."""
    found = {}
    for language, key in (("zh-hans", "zh"), ("en", "en")):
        with translation.override(language):
            found[key] = str(sentence())
    return found


def refusal_in_both(parse: Callable[[Any], Value], cell: Any) -> dict[str, str]:
    """What a parser says of a cell it refuses, in both languages."""

    def sentence() -> str | Promise:
        try:
            parse(cell)
        except Refusal as refusal:
            return refusal.sentence
        return ""

    return both(sentence)


NAME = CellType(parse_name)
IDENTITY = CellType(lambda cell: parse_identity_number(_exact(cell)).number, mask_number)
PHONE = CellType(lambda cell: phones.normalise(_exact(cell)), phones.masked)
CREDIT = CellType(lambda cell: parse_credit_code(_exact(cell)))
DAY = CellType(parse_day, lambda day: day.isoformat(), date.fromisoformat, lambda day: day.isoformat())
WHOLE = CellType(_parse_whole)
YUAN = CellType(_parse_yuan, lambda fen: f"{yuan(fen)}元" if chinese() else f"¥{yuan(fen)}")
YES_NO = CellType(_parse_yes_no, _show_yes_no, answers=frozenset({_NONE}))
