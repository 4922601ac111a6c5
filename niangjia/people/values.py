"""Values of recorded facts: canonical JSON in the row, typed in the hand."""

from __future__ import annotations

import json
from datetime import date

from django.utils.translation import gettext_lazy as _

from niangjia.core.errors import Refusal
from niangjia.core.facts import Fact
from niangjia.core.money import parse_yuan

Value = bool | int | str | date | None
PROOF_NAMES = {1: "stated", 2: "document", 3: "seal", 4: "visit", 5: "bureau"}


class ValueUnreadable(Refusal):
    """The value does not fit the fact's type."""


def to_text(value: Value) -> str:
    """The canonical text of a value."""
    return json.dumps(value.isoformat() if isinstance(value, date) else value, ensure_ascii=False)


def from_text(fact_type: str, text: str) -> Value:
    """The typed value behind a canonical text."""
    loaded = json.loads(text)
    if fact_type == "date" and loaded is not None:
        return date.fromisoformat(loaded)
    return loaded  # type: ignore[no-any-return]


def from_form(fact: Fact, text: str) -> Value:
    """The typed value behind what a person typed; refuses with a sentence naming the right form."""
    text = text.strip()
    try:
        if fact.type == "bool":
            return _YES_NO[text.casefold()]
        if fact.type == "date":
            return date.fromisoformat(text)
        if fact.type == "fen":
            return parse_yuan(text)
        if fact.type == "code":
            return _code(fact, text)
        return int(text)
    except (KeyError, ValueError):
        raise ValueUnreadable(_HINTS[fact.type], field="value") from None


def _code(fact: Fact, text: str) -> str:
    # The code itself, or its name in either language: officers type what the page shows.
    names = {name: code for code, pair in fact.codes.items() for name in (code, *pair)}
    return names[text]


_YES_NO = {"yes": True, "y": True, "是": True, "有": True, "no": False, "n": False, "否": False, "没有": False}
_HINTS = {
    "bool": _("Please choose yes or no."),
    "date": _("Please give the date as 2026-08-03."),
    "fen": _("Please give the amount in yuan, as 1180 or 1180.50."),
    "int": _("Please give a whole number."),
    "ppm": _("Please give a whole number."),
    "code": _("Please choose one of the answers."),
}
