"""The parts of a decision: conditions answered, facts and numbers used, records looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from niangjia.engines.rules.facts import Fact, Reading, Relation, Row, Value
from niangjia.engines.rules.model import Clause, Text
from niangjia.engines.rules.tree import Kind


@dataclass(frozen=True)
class ConditionSpec:
    """A condition as it stood in the version: its text and the words for it."""

    id: str
    text: str
    words: Text
    proof: int = 0
    fresh_days: int | None = None
    near_text: str = ""
    clause: Clause | None = None


@dataclass(frozen=True)
class ConditionResult:
    """The answer of one condition; `None` is unknown, and `reason` then says why.

    `answer_stated` is the answer on the stated values, without regard to proof and freshness.
    """

    id: str
    answer: bool | None
    answer_stated: bool | None
    reason: str
    facts: tuple[str, ...]
    amounts: tuple[str, ...]
    relations: tuple[str, ...]
    unknown_facts: tuple[str, ...]
    near: bool | None
    spec: ConditionSpec


@dataclass(frozen=True)
class Change:
    """One step of the smallest change that would give a yes."""

    fact: str
    from_: Value | None
    to: Value


@dataclass(frozen=True)
class FactUsed:
    """A fact the programme mentions and what was known about it."""

    fact: Fact
    reading: Reading | None


@dataclass(frozen=True)
class AmountUsed:
    """A number the programme uses, as it stood on the day of reckoning."""

    code: str
    kind: Kind
    value: Value | None
    from_: dt.date | None
    bands: tuple[tuple[int | None, Value], ...] = ()
    over: Kind | None = None


@dataclass(frozen=True)
class RelationUsed:
    """The records of one relation; rows of `None`, or `Partial` ones, mean a register not complete."""

    relation: Relation
    rows: tuple[Row, ...] | None
