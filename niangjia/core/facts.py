"""How a room offers a fact or a record set to the rules: registered once, read in bulk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from niangjia.core.registries import Registry

# Proof levels, weakest first. A condition names the weakest it accepts.
STATED, DOCUMENT, SEAL, VISIT, BUREAU = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class FactReading:
    """What is known of one subject: value with proof, date and source, or why it is unknown."""

    value: bool | int | str | date | None
    proof: int = 0
    on: date | None = None
    source_zh: str = ""
    source_en: str = ""
    unknown: str = ""
    next_change_on: date | None = None
    records: tuple[str, ...] = ()
    # The day since when it has been known; what was recorded after the day asked about was not known on it.
    recorded_on: date | None = None


# (ids of subjects or None for all, the date asked for) -> readings of those that have one
ReadFact = Callable[[Collection[int] | None, date], Mapping[int, FactReading]]


@dataclass(frozen=True, slots=True)
class Register:
    """A list that somebody keeps: only where it is said to be complete does its silence mean something."""

    code: str
    zh: str
    en: str
    believed_days: int = 366  # how long a statement that it was complete counts


@dataclass(frozen=True)
class Fact:
    """A fact registered once: a new meaning is a new name."""

    code: str
    subject: str  # code of the record set
    type: str  # bool | int | fen | ppm | date | code
    zh: str
    en: str
    read: ReadFact
    unit: str = ""
    supplier: str = "person"  # person | employer | visit | registry | bureau:<name>
    absent: str = "unknown"  # what no row means: unknown, or a stated value where `register` is complete
    register: str = ""  # the register whose completeness decides what silence means
    stale_after_days: int | None = None
    changeable: bool = False
    sensitive: bool = False
    cost: int = 1
    question_zh: str = ""
    question_en: str = ""
    purpose: str = ""
    legal_ground: str = ""
    codes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    recorded: bool = False  # True: kept as dated rows that a person may state and an officer confirm


@dataclass(frozen=True)
class Column:
    """What each record of a relation says: one typed value."""

    code: str
    type: str
    zh: str
    en: str
    unit: str = ""
    codes: Mapping[str, tuple[str, str]] = field(default_factory=dict)


Record = Mapping[str, FactReading]
# (ids of subjects or None for all, the date asked for) -> the dated records of those that have some
ReadRelation = Callable[[Collection[int] | None, date], Mapping[int, Sequence[Record]]]


@dataclass(frozen=True)
class Relation:
    """Dated records of a subject that rules may count: complete only where `register` is said to be."""

    code: str
    subject: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    read: ReadRelation
    register: str
    supplier: str = "registry"
    purpose: str = ""
    legal_ground: str = ""


@dataclass(frozen=True)
class RecordSet:
    """A set of subjects a rule may decide about."""

    code: str  # person | household | employer | union
    zh: str
    en: str
    unit_zh: str  # 人 | 户 | 家 | 个
    unit_en: str
    ids: Callable[[Collection[int]], list[int]]  # ids owned by these unions
    unions: Callable[[Collection[int]], Mapping[int, int]]  # subject id -> owning union id
    links: Mapping[str, Callable[[Collection[int]], Mapping[int, int]]] = field(default_factory=dict)


registers: Registry[Register] = Registry("registers")
facts: Registry[Fact] = Registry("facts")
relations: Registry[Relation] = Registry("relations")
record_sets: Registry[RecordSet] = Registry("record sets")


def register_fact(fact: Fact) -> Fact:
    """Offer a fact to the rules; its key is `subject.code`, so no two rooms share a name.

    A fact whose absence means something names the register that must be complete for it.
    """
    if fact.absent != "unknown" and not fact.register:
        raise ValueError(f"{fact.subject}.{fact.code}: absent means {fact.absent}, but in which register?")
    if fact.register:
        registers.get(fact.register)
    return facts.register(f"{fact.subject}.{fact.code}", fact)


def register_relation(relation: Relation) -> Relation:
    """Offer a relation to the rules; its key is `subject.code`, as for facts."""
    registers.get(relation.register)
    return relations.register(f"{relation.subject}.{relation.code}", relation)


# What rooms above derive about a subject and keep as rows (kind, ids): gone with the subject when a
# record made by mistake is taken back. Keyed by the model's label; any other row that names the
# subject holds it.
Leave = Callable[[str, Collection[int]], None]
leave_with: Registry[Leave] = Registry("rows that leave with their subject")
