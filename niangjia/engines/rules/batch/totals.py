"""What one pass counts: answers, money and each condition, exact whatever the number of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from niangjia.engines.rules.batch.bitmaps import bits_of, exact_sum, largest, only_where
from niangjia.engines.rules.batch.kernels import Chunk, Found, as_array
from niangjia.engines.rules.batch.plan import Asked

Count = tuple[int, int, int]


@dataclass
class Totals:
    """The counts of one programme; `fen` adds the money of every yes whose amount is known.

    `unpriced` counts the yes whose amount is not known; `conditions` has (yes, no, unknown) of each.
    """

    yes: int = 0
    no: int = 0
    unknown: int = 0
    if_confirmed: int = 0
    near_miss: int = 0
    fen: int = 0
    unpriced: int = 0
    conditions: dict[str, Count] = field(default_factory=dict)

    def add(self, other: Totals) -> None:
        """Add what was counted elsewhere."""
        for name in ("yes", "no", "unknown", "if_confirmed", "near_miss", "fen", "unpriced"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name, (yes, no, unknown) in other.conditions.items():
            before = self.conditions.get(name, (0, 0, 0))
            self.conditions[name] = (before[0] + yes, before[1] + no, before[2] + unknown)

    def to_json(self) -> dict[str, object]:
        """Return plain values."""
        conditions = {
            name: dict(zip(("yes", "no", "unknown"), counts, strict=True)) for name, counts in self.conditions.items()
        }
        return {**vars(self), "conditions": conditions}


class Outcome:
    """The answers of one programme about one chunk, as three-valued bits."""

    def __init__(self, asked: Asked, chunk: Chunk, found: Sequence[Found]) -> None:
        """Combine the answers of the conditions; nothing else is worked out before it is asked for."""
        self.asked = asked
        self.chunk = chunk
        self._found = found
        self.proved = [as_array(found[at], chunk.rows) for at in asked.proved]
        self.answer = all_of(self.proved)
        self.yes = bits_of(self.answer)

    @property
    def open(self) -> pa.BooleanArray:
        """Where the answer is unknown."""
        return pc.is_null(self.answer)

    def if_confirmed(self) -> pa.BooleanArray:
        """Where the answer is unknown, and yes on the stated values."""
        if self.asked.stated == self.asked.proved:
            return pa.repeat(pa.scalar(False), self.chunk.rows)
        stated = all_of([as_array(self._found[at], self.chunk.rows) for at in self.asked.stated])
        return pc.and_(self.open, bits_of(stated))

    def near_miss(self) -> pa.BooleanArray:
        """Where one condition is a near no and all others are yes."""
        found = pa.repeat(pa.scalar(False), self.chunk.rows)
        for at, near in enumerate(self.asked.near):
            if near is not None:
                others = [one for place, one in enumerate(self.proved) if place != at]
                lone = [*others, pc.invert(self.proved[at]), as_array(self._found[near], self.chunk.rows)]
                found = pc.or_(found, bits_of(all_of(lone)))
        return found

    def day(self) -> pa.Array:
        """Return each subject's day of reckoning; the plan must have been made with days."""
        if self.asked.as_of is None:
            raise LookupError("The plan was made without days.")
        return as_array(self._found[self.asked.as_of], self.chunk.rows)

    def amount(self) -> Found:
        """Return the money in fen, a scalar where it is the same for all; nothing without money."""
        parts = [self._found[at] for at in self.asked.money]
        return reduce(lambda one, two: pc.add_checked(one, two), parts) if parts else None


def all_of(items: Sequence[pa.Array]) -> pa.Array:
    """Return yes where all are yes, no as soon as one is no."""
    return reduce(lambda one, two: pc.and_kleene(one, two), items)


def count(outcome: Outcome, *, conditions: bool) -> Totals:
    """Return what one programme counts in one chunk."""
    asked, rows = outcome.asked, outcome.chunk.rows
    yes, unknown = outcome.yes.true_count, outcome.answer.null_count
    found = Totals(yes, rows - yes - unknown, unknown)
    if unknown and asked.stated != asked.proved:
        found.if_confirmed = outcome.if_confirmed().true_count
    if any(near is not None for near in asked.near):
        found.near_miss = outcome.near_miss().true_count
    amount = outcome.amount()
    if isinstance(amount, pa.Scalar):
        value = amount.as_py()
        found.fen, found.unpriced = (0, yes) if value is None else (value * yes, 0)
    elif amount is not None:
        paid = only_where(amount, outcome.yes)
        found.unpriced = yes - (rows - paid.null_count)
        found.fen = exact_sum(paid, _largest(outcome, amount)) if yes else 0
    if conditions:
        for item, at, answers in zip(asked.programme.conditions, asked.proved, outcome.proved, strict=True):
            found.conditions[item.id] = _split(outcome.chunk, at, answers)
    return found


def _largest(outcome: Outcome, amount: pa.Array) -> int:
    seen = outcome.chunk.seen
    key = ("largest", outcome.asked.money)
    if key not in seen:
        seen[key] = largest(amount)
    most: int = seen[key]
    return most


def _split(chunk: Chunk, at: int, answers: pa.Array) -> Count:
    known = chunk.seen.get(("count", at))
    if known is None:
        yes, unknown = bits_of(answers).true_count, answers.null_count
        known = chunk.seen[("count", at)] = (yes, chunk.rows - yes - unknown, unknown)
    counts: Count = known
    return counts


def rows_of(outcome: Outcome, found: Sequence[Found], wanted: Mapping[str, bool]) -> pa.Table:
    """Return a row per subject whose outcome is wanted, in the columns of a single programme's sweep."""
    asked, chunk = outcome.asked, outcome.chunk
    no = bits_of(pc.invert(outcome.answer))
    states = {"yes": outcome.yes, "no": no, "unknown": outcome.open}
    keep = pa.repeat(pa.scalar(False), chunk.rows)
    for name, bits in states.items():
        if wanted.get(name):
            keep = pc.or_(keep, bits)
    amount = outcome.amount()
    priced = pa.nulls(chunk.rows, pa.int64()) if amount is None else as_array(amount, chunk.rows)
    columns = {
        "subject_id": chunk.columns["subject_id"],
        "as_of": outcome.day(),
        "outcome": _number([(outcome.yes, 1), (outcome.open, -1)], chunk.rows),
        "if_confirmed": outcome.if_confirmed(),
        "near_miss": outcome.near_miss(),
        "amount_fen": only_where(priced, pc.invert(no)),
    }
    for item, answers in zip(asked.programme.conditions, outcome.proved, strict=True):
        columns[f"c_{item.id}"] = answers
    for formula in asked.programme.every_formula:
        extra = formula is asked.programme.group or formula is asked.programme.rank_key
        columns[f"{'x' if extra else 'a'}_{formula.name}"] = as_array(found[asked.formulas[formula.name]], chunk.rows)
    return pa.table(columns).filter(keep)


def _number(states: Sequence[tuple[pa.BooleanArray, int]], rows: int) -> pa.Array:
    number = pa.repeat(pa.scalar(0, pa.int8()), rows)
    for bits, value in states:
        number = pc.if_else(bits, pa.scalar(value, pa.int8()), number)
    return number
