"""A programme as read from its folder, and one decision made with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from niangjia.engines.rules.facts import Catalogue, Value
from niangjia.engines.rules.tree import Expression, Kind, amounts_of, facts_of, relations_of, walk

SUBJECTS = ("person", "household", "employer", "union")
LEVELS = ("enterprise", "township", "county", "city", "province", "national")


@dataclass(frozen=True)
class Text:
    """One sentence or name in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Need:
    """The proof a condition asks for and how many days it stays fresh; 0 and nothing ask none."""

    proof: int = 0
    fresh_days: int | None = None


STATED_ONLY = Need()


@dataclass(frozen=True)
class Entry:
    """One number of an amount, or one set of bands, from a day on; `to` is its last day."""

    from_: dt.date
    to: dt.date | None
    value: Value | None
    origin: str
    bands: tuple[tuple[int | None, Value], ...] = ()
    document: str = ""
    by: str = ""
    line: str = ""


@dataclass(frozen=True)
class Amount:
    """A dated number of a programme; `over` is the kind of what a band table is asked for."""

    code: str
    kind: Kind
    entries: tuple[Entry, ...]
    over: Kind | None = None

    @property
    def missing(self) -> bool:
        """Return whether a union still has to set this number."""
        return any(entry.origin == "missing" for entry in self.entries)

    @property
    def derived(self) -> bool:
        """Return whether this is our own division, which no rule may use."""
        return any(entry.origin == "derived" for entry in self.entries)

    def at(self, day: dt.date | None) -> Entry | None:
        """Return the entry in force on a day; on an unknown day only a sole entry is known."""
        if day is None:
            return self.entries[0] if len(self.entries) == 1 else None
        chosen = self.entries[0]
        for entry in self.entries[1:]:
            if entry.from_ <= day:
                chosen = entry
        return chosen


@dataclass(frozen=True)
class Clause:
    """The clause of an official paper behind a condition, with one sentence of ours."""

    title: str
    article: str = ""
    date: str = ""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class Condition:
    """One condition; a subject qualifies when every condition is yes."""

    id: str
    text: str
    when: Expression
    words: Text
    need: Need = STATED_ONLY
    near: Expression | None = None
    near_text: str = ""
    clause: Clause | None = None


@dataclass(frozen=True)
class Formula:
    """A named expression that is worked out beside the conditions, such as an amount or a rank."""

    name: str
    text: str
    value: Expression
    need: Need = STATED_ONLY


@dataclass(frozen=True)
class AsOf:
    """The day of reckoning: today, a date, an amount of type date, or a fact and some months."""

    kind: str = "today"
    day: dt.date | None = None
    code: str = ""
    months: int = 0
    days: int = 0


@dataclass(frozen=True)
class Choice:
    """A setting that the paper leaves open: the adopting union must choose one of the options."""

    key: str
    options: tuple[tuple[str, ...], ...]
    words: Text


@dataclass(frozen=True)
class Give:
    """One thing that a programme gives; `amount` names the formula with its fen."""

    kind: str
    amount: str = ""
    words: Text | None = None


@dataclass(frozen=True)
class Cap:
    """How much (`fen`) or how often (`times`) at most per these, and the fact of what was received."""

    per: tuple[str, ...]
    kind: str
    limit: str
    received: str


@dataclass(frozen=True)
class Programme:
    """One programme, read and checked; safe to decide with when `missing` is empty."""

    system: str
    name: Text
    source: Mapping[str, object]
    owner_level: str
    subject: str
    payee: str
    per: tuple[str, ...]
    choices: Mapping[str, Choice]
    valid_from: dt.date
    valid_to: dt.date | None
    as_of: AsOf
    ask: str
    decide: str
    give: tuple[Give, ...]
    fund: Mapping[str, object]
    sections: Mapping[str, object]
    notice: Text
    conditions: tuple[Condition, ...]
    formulas: tuple[Formula, ...]
    group: Formula | None
    rank_key: Formula | None
    amounts: Mapping[str, Amount]
    catalogue: Catalogue
    bundle_hash: str
    slug: str = ""
    caps: tuple[Cap, ...] = ()
    examples: tuple[Mapping[str, object], ...] = field(default=(), repr=False)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the amounts without a value and the settings without a choice."""
        return (*self.missing_amounts, *self.choices)

    @cached_property
    def missing_amounts(self) -> tuple[str, ...]:
        """Return the codes of the amounts that a union still has to set."""
        return tuple(code for code, amount in self.amounts.items() if amount.missing)

    @property
    def expressions(self) -> Mapping[str, Formula]:
        """Return the named amounts of `rules.yaml`."""
        return {item.name: item for item in self.formulas}

    @cached_property
    def every_formula(self) -> tuple[Formula, ...]:
        """Return the named amounts, then the group and the rank where the programme has them."""
        extra = (item for item in (self.group, self.rank_key) if item is not None)
        return (*self.formulas, *extra)

    def roots(self) -> tuple[Expression, ...]:
        """Return every expression of the programme."""
        return self._roots

    @cached_property
    def _roots(self) -> tuple[Expression, ...]:
        found: list[Expression] = []
        for item in self.conditions:
            found.append(item.when)
            if item.near is not None:
                found.append(item.near)
        return (*found, *(item.value for item in self.every_formula))

    @cached_property
    def fact_codes(self) -> tuple[str, ...]:
        """Return the subject's facts that the programme mentions, in reading order."""
        codes = [code for root in self.roots() for code in facts_of(root)]
        if self.as_of.kind == "fact":
            codes.append(self.as_of.code)
        return tuple(dict.fromkeys(codes))

    @cached_property
    def amount_codes(self) -> tuple[str, ...]:
        """Return the amounts that the programme uses, in reading order."""
        codes = [code for root in self.roots() for code in amounts_of(root)]
        if self.as_of.kind == "amount":
            codes.append(self.as_of.code)
        return tuple(dict.fromkeys(codes))

    @cached_property
    def relation_codes(self) -> tuple[str, ...]:
        """Return the relations that the programme looks into."""
        return tuple(dict.fromkeys(c for root in self.roots() for c in relations_of(root)))

    @property
    def uses_as_of(self) -> bool:
        """Return whether any expression counts from the day of reckoning."""
        names = {getattr(node, "name", "") for root in self.roots() for node in walk(root)}
        return bool(names & {"years_since", "months_since", "days_since"})

    def lookup_day(self, as_of: dt.date | None) -> dt.date | None:
        """Return the day whose numbers apply: the day of reckoning, held within the validity."""
        if as_of is None:
            return None
        day = max(as_of, self.valid_from)
        return day if self.valid_to is None else min(day, self.valid_to)
