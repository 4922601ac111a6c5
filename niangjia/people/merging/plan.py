"""The plan of a merge: which rows move, change or are laid aside, what is in the way, what an officer should know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.core import clock
from niangjia.people.likeness import two_sound_numbers
from niangjia.people.merged import absorbed_by
from niangjia.people.merging.pointers import Pointer, pointers
from niangjia.people.merging.rules import How, MergeRule, merge_rules
from niangjia.people.models import Person

_TWO_NUMBERS = _(
    "Both files have an identity number that holds in itself, so these are two persons. "
    "If one of the numbers was given to the wrong person, correct it first."
)
Row = tuple[str, int]
Sentence = str | Promise
# What an officer may take over from the file that leaves; gaps are filled in any case.
TAKEN = ("name", "sex", "born_on", "id_number", "phone")


@dataclass
class Plan:
    """What a merge will do; computed without writing anything."""

    survivor: Person
    absorbed: Person
    today: date = field(default_factory=clock.today)
    blocks: list[Sentence] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    counts: Counter[Sentence] = field(default_factory=Counter)
    was: dict[Row, dict[str, Any]] = field(default_factory=dict)
    now: dict[Row, dict[str, Any]] = field(default_factory=dict)
    owners: dict[Row, str] = field(default_factory=dict)  # the column of a row that only says who sees it
    asides: list[Row] = field(default_factory=list)
    made: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    person: dict[str, Any] = field(default_factory=dict)  # fields of the survivor that change

    @property
    def moved(self) -> list[tuple[Sentence, int]]:
        """How many rows of what go along."""
        return list(self.counts.items())

    def block(self, sentence: Sentence) -> None:
        """Say what is in the way, and what would clear it."""
        self.blocks.append(sentence)

    def note(self, sentence: Sentence) -> None:
        """Say what the officer should know beforehand."""
        self.notes.append(sentence)

    def aside(self, row: Model) -> None:
        """Lay a row aside until the merge is undone."""
        self.asides.append(_key(row))

    def change(self, row: Model, **fields: Any) -> None:
        """Change columns of a row."""
        was, now = self.was.setdefault(_key(row), {}), self.now.setdefault(_key(row), {})
        for name, value in fields.items():
            was.setdefault(name, as_json(getattr(row, name)))
            now[name] = as_json(value)

    def own(self, row: Model, column: str, union_id: int) -> None:
        """Let the union that may see a row follow the file."""
        if getattr(row, column) != union_id:
            self.change(row, **{column: union_id})
            self.owners[_key(row)] = column

    def make(self, label: str, **fields: Any) -> None:
        """Add a row that follows from the merge."""
        self.made.append((label, {name: as_json(value) for name, value in fields.items()}))


def _key(row: Model) -> Row:
    return row._meta.label_lower, row.pk


def as_json(value: Any) -> Any:
    """A column's value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def plan_merge(survivor: Person, absorbed: Person, take: frozenset[str] = frozenset()) -> Plan:
    """What making these two files one would do."""
    plan = Plan(survivor, absorbed)
    for pointer in pointers():
        rule = merge_rules.get(pointer.code)  # an unknown pointer stops the merge: nothing may be left behind
        if rule.how in (How.MOVES, How.ASIDE) or rule.settle is not None:
            _plan_pointer(plan, pointer, rule)
    _plan_person(plan, take)
    return plan


def rows_at(pointer: Pointer, rule: MergeRule, person_id: int) -> QuerySet[Any]:
    """The rows of one pointer that point at a person; rows that stay also count for whom they were merged into."""
    ids = [person_id, *absorbed_by(person_id)] if rule.how is How.STAYS else [person_id]
    rows: QuerySet[Any] = apps.get_model(pointer.label)._base_manager.filter(**{f"{pointer.column}__in": ids})
    return (rows.filter(**{pointer.kind_column: rule.word}) if pointer.kind_column else rows).order_by("pk")


def _plan_pointer(plan: Plan, pointer: Pointer, rule: MergeRule) -> None:
    leaving = list(rows_at(pointer, rule, plan.absorbed.pk))
    if not leaving:
        return
    if rule.settle is not None:
        rule.settle(plan, leaving, list(rows_at(pointer, rule, plan.survivor.pk)))
    if rule.how is How.STAYS:
        return
    laid = set(plan.asides)
    for row in leaving:
        if _key(row) in laid:
            continue
        if rule.how is How.ASIDE:
            plan.aside(row)
            continue
        if pointer.column not in plan.now.get(_key(row), {}):
            plan.change(row, **{pointer.column: plan.survivor.pk})
        if rule.owner:
            plan.own(row, rule.owner, plan.survivor.union_id)
        plan.counts[rule.label] += 1


def _plan_person(plan: Plan, take: frozenset[str]) -> None:
    if two_sound_numbers(plan.survivor, plan.absorbed):
        plan.block(_TWO_NUMBERS)
    for name in TAKEN:
        theirs, ours = getattr(plan.absorbed, name), getattr(plan.survivor, name)
        if theirs and theirs != ours and (name in take or not ours):
            plan.person[name] = theirs
