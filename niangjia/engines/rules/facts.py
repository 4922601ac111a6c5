"""What a rule may ask about, and what is known about one subject."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

Value = bool | int | str | dt.date

TYPES = ("bool", "int", "fen", "ppm", "date", "code")
NUMERIC = frozenset({"int", "fen", "ppm"})

STATED, DOCUMENT, SEAL, VISIT, BUREAU = 1, 2, 3, 4, 5
PROOFS: Mapping[str, int] = {
    "stated": STATED,
    "document": DOCUMENT,
    "seal": SEAL,
    "visit": VISIT,
    "bureau": BUREAU,
}


@dataclass(frozen=True)
class Fact:
    """One registered fact: what a rule may ask, what it means and who can answer."""

    code: str
    type: str
    zh: str
    en: str
    unit: str = ""
    changeable: bool = False
    supplier: str = "person"
    cost: int = 1
    codes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    # What it means that a register, complete for the subject's unit, has nothing about the subject.
    register: str = ""
    absent: Value | None = None


@dataclass(frozen=True)
class Relation:
    """One registered set of dated records of a subject, read with any, all, count and sum."""

    code: str
    columns: tuple[Fact, ...]
    zh: str
    en: str
    register: str = ""


@dataclass(frozen=True)
class Catalogue:
    """Every fact and relation that a programme may mention."""

    facts: tuple[Fact, ...] = ()
    relations: tuple[Relation, ...] = ()

    @cached_property
    def _facts(self) -> Mapping[str, Fact]:
        # Of two with one code the first counts, as it always has.
        return {item.code: item for item in reversed(self.facts)}

    @cached_property
    def _relations(self) -> Mapping[str, Relation]:
        return {item.code: item for item in reversed(self.relations)}

    def fact(self, code: str) -> Fact | None:
        """Return the fact of this code, or nothing."""
        return self._facts.get(code)

    def relation(self, code: str) -> Relation | None:
        """Return the relation of this code, or nothing."""
        return self._relations.get(code)


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of one fact for one subject, with how and when it was proved.

    A value of `None` is unknown; `unknown` then says why. `low` and `high` bound a number that is
    known in part, as when four of seven records are certain. `on` is the day it was true or proved,
    `recorded_on` the day since when we have known it.
    """

    value: Value | None = None
    proof: int = 0
    on: dt.date | None = None
    source_zh: str = ""
    source_en: str = ""
    unknown: str = ""
    next_change_on: dt.date | None = None
    records: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    recorded_on: dt.date | None = None


Row = Mapping[str, Reading]


class Partial(tuple[Row, ...]):
    """The records of a register that is not complete: those here count, others may be missing."""

    __slots__ = ()


Readings = Mapping[str, Reading]
Records = Mapping[str, Sequence[Row]]
