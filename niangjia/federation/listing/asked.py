"""What the address of a list asks for: checked against what its kind declares, and written back the same way."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from niangjia.accounts.kept import Keep, not_kept
from niangjia.core.spellings import plain
from niangjia.federation.listing.house import union_choices
from niangjia.federation.listing.kinds import Condition, ListKind
from niangjia.federation.scopes import Scope

LARGEST = 2**62
SORT, PAGE, COUNT = "sort", "page", "count"
WHOLE = "whole"


@dataclass(frozen=True)
class Given:
    """One condition as it was given; without a value it was not understood, and nothing fits it."""

    condition: Condition
    text: str
    value: Any
    words: str | Promise


@dataclass(frozen=True)
class Asked:
    """Conditions, order and page of one address."""

    kind: ListKind
    given: tuple[Given, ...] = ()
    sort: str = ""
    backwards: bool = False
    page: int = 1
    whole: bool = False  # count to the end
    offered: Mapping[str, list[tuple[str, str | Promise]]] = field(default_factory=dict)

    @property
    def is_understood(self) -> bool:
        """Whether every condition is one that can be met."""
        return all(one.value is not None for one in self.given)

    def pairs(self, **change: str) -> dict[str, str]:
        """The address as names and texts, with some of them changed; what is empty is left out."""
        found = {one.condition.code: one.text for one in self.given}
        if self.sort != self.kind.default.lstrip("-") or self.backwards != self.kind.default.startswith("-"):
            found[SORT] = f"{'-' if self.backwards else ''}{self.sort}"
        return {code: text for code, text in {**found, **change}.items() if text}

    def query(self, **change: str) -> str:
        """The same as it stands behind the question mark."""
        return urlencode(self.pairs(**change))

    def chosen(self) -> str:
        """The same without what was typed: a name that somebody looked for stands in no trail, where it would stay."""
        conditions = [one.condition for one in self.given]
        typed = [one.code for one in conditions if one.choices is None and one.form == "text"]
        return self.query(**dict.fromkeys(typed, "…"))

    def address(self, **change: str) -> str:
        """The same, to be put behind the list's own address; never empty, so that it leads somewhere."""
        return f"?{self.query(**change)}"

    def without(self) -> list[tuple[str, str, str]]:
        """Each condition: label, what was asked, and the address without it."""
        return [
            (str(one.condition.label), str(one.words), self.address(**{one.condition.code: ""})) for one in self.given
        ]

    def words(self) -> str:
        """The conditions in one line."""
        return _("; ").join(f"{one.condition.label}{_(': ')}{one.words}" for one in self.given)


def read(kind: ListKind, scope: Scope, sent: Mapping[str, str], keep: Keep = not_kept) -> Asked:
    """What was asked for; names and columns the kind does not declare are as if they were not there."""
    offered = {one.code: _choices(one, scope, keep) for one in kind.conditions if one.choices is not None}
    given = tuple(
        _given(one, text, offered.get(one.code), scope)
        for one in kind.conditions
        if (text := str(sent.get(one.code, "")).strip())
    )
    wanted = str(sent.get(SORT, ""))
    column = kind.column(wanted.removeprefix("-"))
    if column is None or not column.sorts or column.right:
        wanted = kind.default
    return Asked(
        kind, given, wanted.removeprefix("-"), wanted.startswith("-"), _page(sent.get(PAGE, "")),
        sent.get(COUNT) == WHOLE, offered,
    )  # fmt: skip


def _choices(condition: Condition, scope: Scope, keep: Keep) -> list[tuple[str, str | Promise]]:
    if condition.choices is union_choices:
        return [(code, name) for code, name in keep(f"unions {scope.seat_mark}", lambda: union_choices(scope))]
    return list(condition.choices(scope)) if condition.choices else []


def _page(text: str) -> int:
    return min(int(text), LARGEST) if text.isascii() and text.isdigit() and 0 < len(text) < 19 and int(text) else 1


def _given(condition: Condition, text: str, offered: list[tuple[str, str | Promise]] | None, scope: Scope) -> Given:
    shown = text[: condition.most]
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
        return Given(condition, shown, None, "?")
    if offered is not None:
        words = dict(offered).get(text)
        if words is None and condition.named is not None:
            words = condition.named(scope, text)
        return Given(condition, shown, text if words is not None else None, shown if words is None else words)
    return Given(condition, shown, _value(condition, text), shown)


def _value(condition: Condition, typed: str) -> Any:
    text = plain(typed) if condition.form in {"number", "day"} else typed
    if condition.form == "number":
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    if condition.form == "day":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return text if len(text) <= condition.most else None
