"""What one pass counts: answers, money and each condition, exact whatever the number of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce

from niangjia.engines.rules.batch.answered import Answered
from niangjia.engines.rules.batch.bitmaps import exact_sum, largest, only_where, three_valued
from niangjia.engines.rules.batch.kernels import Chunk, Found, as_array
from niangjia.engines.rules.batch.plan import Asked
from niangjia.engines.rules.late import pa, pc

Count = tuple[int, int, int]
# Money is worked out only for those who get it where they are fewer than one in so many: picking rows
# costs more than it saves when most of them are picked.
NARROW_BELOW = 2


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
    """The answers of one programme about one chunk.

    Two plain sets of bits say all: where each condition is yes, and where none is no. They cost a
    tenth of three-valued arrays, and those of a condition are made once for all programmes.
    """

    def __init__(self, asked: Asked, chunk: Chunk, found: Answered) -> None:
        """Combine the answers of the conditions; nothing else is worked out before it is asked for."""
        self.asked = asked
        self.chunk = chunk
        self._found = found
        self.yes = reduce(pc.and_, [found.sure(at) for at in asked.proved])
        self.maybe = reduce(pc.and_, [found.maybe(at) for at in asked.proved])

    @cached_property
    def proved(self) -> list[pa.Array]:
        """The three-valued answer of each condition."""
        return [self._found.array(at) for at in self.asked.proved]

    @cached_property
    def answer(self) -> pa.BooleanArray:
        """The three-valued answer."""
        return three_valued(self.yes, self.maybe)

    @property
    def open(self) -> pa.BooleanArray:
        """Where the answer is unknown."""
        return pc.and_not(self.maybe, self.yes)

    def if_confirmed(self) -> pa.BooleanArray:
        """Where the answer is unknown, and yes on the stated values."""
        if self.asked.stated == self.asked.proved:
            return pa.repeat(pa.scalar(False), self.chunk.rows)
        return reduce(pc.and_, [self._found.sure(at) for at in self.asked.stated], self.open)

    def near_miss(self) -> pa.BooleanArray:
        """Where one condition is a near no and all others are yes."""
        found = pa.repeat(pa.scalar(False), self.chunk.rows)
        for at, near in enumerate(self.asked.near):
            if near is not None:
                others = [self._found.sure(one) for place, one in enumerate(self.asked.proved) if place != at]
                no = pc.invert(self._found.maybe(self.asked.proved[at]))
                found = pc.or_(found, reduce(pc.and_, [*others, no, self._found.sure(near)]))
        return found

    def day(self) -> pa.Array:
        """Return each subject's day of reckoning; the plan must have been made with days."""
        if self.asked.as_of is None:
            raise LookupError("The plan was made without days.")
        return self._found.array(self.asked.as_of)

    def amount(self) -> Found:
        """Return the money in fen, a scalar where it is the same for all; nothing without money."""
        parts = [self._found[at] for at in self.asked.money]
        return reduce(lambda one, two: pc.add_checked(one, two), parts) if parts else None

    def paid(self) -> tuple[int, int]:
        """Return the money of every yes in fen, and for how many yes it is not known."""
        yes = self.yes.true_count
        if not yes or not self.asked.money:
            return 0, 0
        narrow = self.asked.narrow
        if narrow is not None and yes * NARROW_BELOW < self.chunk.rows:
            among = narrow.among(self.chunk, self.yes)
            if among is not None:
                amount, known = among
                return exact_sum(as_array(amount, known), largest(amount)), yes - known
        amount = self.amount()
        if isinstance(amount, pa.Scalar):
            value = amount.as_py()
            return (0, yes) if value is None else (value * yes, 0)
        paid = only_where(amount, self.yes)
        return exact_sum(paid, self._largest(amount)), yes - (self.chunk.rows - paid.null_count)

    def split(self, at: int) -> Count:
        """Return the counts of yes, no and unknown of one question."""
        known = self.chunk.seen.get(("count", at))
        if known is None:
            yes, maybe = self._found.sure(at).true_count, self._found.maybe(at).true_count
            known = self.chunk.seen[("count", at)] = (yes, self.chunk.rows - maybe, maybe - yes)
        counts: Count = known
        return counts

    def _largest(self, amount: pa.Array) -> int:
        seen = self.chunk.seen
        key = ("largest", self.asked.money)
        if key not in seen:
            seen[key] = largest(amount)
        most: int = seen[key]
        return most


def count(outcome: Outcome, *, conditions: bool) -> Totals:
    """Return what one programme counts in one chunk."""
    asked, rows = outcome.asked, outcome.chunk.rows
    yes = outcome.yes.true_count
    unknown = outcome.maybe.true_count - yes
    found = Totals(yes, rows - yes - unknown, unknown)
    if unknown and asked.stated != asked.proved:
        found.if_confirmed = outcome.if_confirmed().true_count
    if any(near is not None for near in asked.near):
        found.near_miss = outcome.near_miss().true_count
    found.fen, found.unpriced = outcome.paid()
    if conditions:
        for item, at in zip(asked.programme.conditions, asked.proved, strict=True):
            found.conditions[item.id] = outcome.split(at)
    return found


def rows_of(outcome: Outcome, found: Answered, wanted: Mapping[str, bool]) -> pa.Table:
    """Return a row per subject whose outcome is wanted, in the columns of a single programme's sweep."""
    asked, chunk = outcome.asked, outcome.chunk
    no = pc.invert(outcome.maybe)
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
        columns[f"{'x' if extra else 'a'}_{formula.name}"] = found.array(asked.formulas[formula.name])
    return pa.table(columns).filter(keep)


def _number(states: Sequence[tuple[pa.BooleanArray, int]], rows: int) -> pa.Array:
    number = pa.repeat(pa.scalar(0, pa.int8()), rows)
    for bits, value in states:
        number = pc.if_else(bits, pa.scalar(value, pa.int8()), number)
    return number
