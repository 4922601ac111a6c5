"""A programme's numbers as people name, type and read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from niangjia.core.errors import Refusal
from niangjia.core.money import FEN_PER_YUAN, parse_yuan
from niangjia.engines import rules
from niangjia.engines.rules import tree
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.model import Amount
from niangjia.engines.rules.words import show

PPM_PER_CENT = 10_000
# Ten thousand million yuan: above it somebody typed zeros too many.
LARGEST_FEN = 10_000_000_000 * FEN_PER_YUAN
LONG_NUMBER = re.compile(r"\d{13,}(?:\.\d{1,2})?\s*元?")
BLANK = re.compile(r"\{[^{}]*\}")


class NumberUnreadable(Refusal):
    """What was typed does not fit the number's unit."""


class AmountTooLarge(Refusal):
    """More than any union has to give."""

    sentence = _("At most 10,000,000,000 yuan can be entered. Please check for zeros too many.")


class AmountBelowZero(Refusal):
    """Money is given, never taken."""

    sentence = _("An amount cannot be below 0 yuan.")


@dataclass(frozen=True)
class Number:
    """One dated number of a programme, ready for a form."""

    code: str
    label: str
    type: str  # fen | int | ppm | date | code | bool
    unit: str
    value: Value | None
    origin: str  # stated | set | missing
    document: str
    by: str
    line: str

    @property
    def is_missing(self) -> bool:
        """Whether a union still has to enter it."""
        return self.origin == "missing"


def label_of(programme: rules.Programme, code: str, language: str) -> str:
    """What forms and refusals call a number: the recipe's own label, else the sentence it stands in."""
    labels = programme.sections.get("labels")
    words = labels.get(code) if isinstance(labels, Mapping) else None
    if isinstance(words, Mapping):
        return str(words[language])
    for item in programme.conditions:
        sentence = item.words.zh if language == "zh" else item.words.en
        if f"{{{code}}}" in sentence:
            return BLANK.sub("…", sentence)
    zh, en = _structural(programme, code)
    return zh if language == "zh" else en


def _structural(programme: rules.Programme, code: str) -> tuple[str, str]:
    """A name that follows from what the number is used for, where the recipe gives none."""
    name = programme.name
    if programme.as_of.kind == "amount" and programme.as_of.code == code:
        return "按哪一天算", "The day of reckoning"
    for formula in programme.formulas:
        node = formula.value
        if isinstance(node, tree.AmountRef) and node.code == code:
            return f"{name.zh}标准", f"{name.en}: the amount"
        if isinstance(node, tree.Call) and node.name == "least" and code in tree.amounts_of(node):
            return f"{name.zh}最多", f"{name.en}: at most"
    asked = {found for item in programme.conditions for found in tree.amounts_of(item.when)}
    if code not in asked and any(item.near and code in tree.amounts_of(item.near) for item in programme.conditions):
        return "差多少算差一点", "How near counts as a near miss"
    return code, code


def numbers_of(programme: rules.Programme, language: str) -> Iterator[Number]:
    """The numbers a union may enter itself, in the order of the text; neither band tables nor derived averages."""
    for amount in programme.amounts.values():
        if amount.over is None and not amount.derived:
            yield _number(programme, amount, language)


def _number(programme: rules.Programme, amount: Amount, language: str) -> Number:
    entry = next((item for item in amount.entries if item.origin == "missing"), amount.entries[-1])
    return Number(
        amount.code, label_of(programme, amount.code, language), amount.kind.type, amount.kind.unit, entry.value,
        entry.origin, entry.document, entry.by, entry.line,
    )  # fmt: skip


def shown(amount: Amount, value: Value | None, language: str, year: int | None = None) -> str:
    """A number in words with its unit; an open one is a dash."""
    return "—" if value is None else show(value, amount.kind, language, year)


def typed(number_type: str, value: Value | None) -> str:
    """A number as it stands in its form field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if number_type == "fen":
        whole, rest = divmod(int(value), 100)  # type: ignore[arg-type]
        return f"{whole}.{rest:02d}" if rest else str(whole)
    if number_type == "ppm":
        whole, rest = divmod(int(value), PPM_PER_CENT)  # type: ignore[arg-type]
        return f"{whole}.{rest:04d}".rstrip("0") if rest else str(whole)
    return value.isoformat() if isinstance(value, date) else str(value)


def read(number_type: str, text: str, field: str) -> Value:
    """The value behind what a person typed; refuses with a sentence in the words of its unit."""
    text = text.strip()
    if number_type == "fen":
        return read_yuan(text, field)
    try:
        if number_type == "date":
            return date.fromisoformat(text)
        if number_type == "ppm":
            return _per_cent(text)
        if number_type == "bool":
            return {"yes": True, "no": False}[text]
        if number_type == "code":
            return text or {}[text]  # type: ignore[index]
        return _whole(text)
    except (KeyError, ValueError):
        raise NumberUnreadable(_HINTS[number_type], field=field) from None


def read_yuan(text: str, field: str) -> int:
    """The fen behind what a person typed as yuan; refuses with a sentence."""
    text = text.strip()
    if text[:1] in {"-", "−", "－"}:
        raise AmountBelowZero(field=field)
    try:
        found = parse_yuan(text)
    except ValueError:
        if not LONG_NUMBER.fullmatch(text):
            raise NumberUnreadable(_HINTS["fen"], field=field) from None
        found = LARGEST_FEN + 1
    if found > LARGEST_FEN:
        raise AmountTooLarge(field=field)
    return found


def _whole(text: str) -> int:
    # A date or 10^30 is not a number anybody meant.
    if not text.isdecimal() or len(text) > 9:
        raise ValueError(text)
    return int(text)


def _per_cent(text: str) -> int:
    whole, _dot, rest = text.removesuffix("%").removesuffix("％").strip().partition(".")
    if not whole.isdecimal() or len(whole) > 4 or len(rest) > 4 or (rest and not rest.isdecimal()):
        raise ValueError(text)
    return int(whole) * PPM_PER_CENT + int(rest.ljust(4, "0") or 0)


_HINTS = {
    "fen": _("Please give the amount in yuan, as 5000 or 5000.50."),
    "int": _("Please give a whole number."),
    "ppm": _("Please give a percentage, as 30 or 12.5."),
    "date": _("Please give the date as 2026-08-03."),
    "bool": _("Please choose yes or no."),
    "code": _("Please choose one of the answers."),
}
