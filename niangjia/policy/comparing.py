"""A version beside others over today's people, counted by the engine's own comparison (`rules.batch.compare`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from niangjia.engines import rules
from niangjia.engines.rules.batch import compare
from niangjia.engines.rules.batch.compare import AFTER, BEFORE, Cell
from niangjia.engines.rules.batch.passes import Answers, Pass, Wanted
from niangjia.engines.rules.batch.plan import Plan
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.late import pa
from niangjia.federation.queries import towns_of, union_levels
from niangjia.policy.evaluate import batch_of
from niangjia.policy.history import served_anything
from niangjia.policy.keys import per_key
from niangjia.policy.readings import Knowledge

TEXT = "text"
EVERY_CELL = 0


@dataclass(frozen=True)
class Line:
    """What one month, town or level would get, and gets by the version in force; None where it is hidden.

    `name` is empty for those who stand under no town.
    """

    name: str
    subjects: int | None
    households: int | None
    fen: int | None
    subjects_before: int | None = 0
    fen_before: int | None = 0


@dataclass(frozen=True)
class Against:
    """Who would newly get it and who would lose it, and what it costs more, against something else."""

    gained: tuple[int, ...]
    lost: tuple[int, ...]
    fen: int  # more (or less) than there
    first_time: int = 0  # of those who gain, who was never served anything
    households_gained: int = 0
    households_lost: int = 0
    more: int = 0  # stay, and get more
    less: int = 0


@dataclass(frozen=True)
class Threshold:
    """What follows when one number of the text is moved by one step and everything else stays."""

    code: str
    value: Value
    subjects: int
    fen: int
    gained: int
    lost: int
    more_fen: int  # more (or less) than the version as it is


@dataclass(frozen=True)
class Comparison:
    """What the comparison says of one version."""

    by_month: tuple[Line, ...] = ()
    by_level: tuple[Line, ...] = ()
    by_town: tuple[Line, ...] = ()
    empty_on: date | None = None  # by that day what is due takes up the whole budget
    in_force: Against | None = None
    unmoved: Against | None = None
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True)
class Beside:
    """A version as it is tried, with what it is held against, as far as there is something."""

    tried: rules.Programme
    in_force: rules.Programme | None = None
    text: rules.Programme | None = None  # the same with the numbers as they are written


def compared(beside: Beside, known: Knowledge, *, budget_fen: int | None, fewest: int = EVERY_CELL) -> Comparison:
    """Ask about everybody once, under all versions and with each number moved; `known` has the facts of all."""
    if not known.ids:
        return Comparison()
    moved = compare.moved(beside.tried)
    others = {BEFORE: beside.in_force, TEXT: beside.text}
    programmes = {AFTER: beside.tried, **{key: one for key, one in others.items() if one is not None}}
    spools: dict[str, pa.Table] = {}

    def look(answers: Answers) -> pa.Table:
        for key in (TEXT, *moved):
            if key in answers.outcomes:
                spools[key] = compare.look(_as_pair(answers, key))
        return compare.look(answers)

    plan = Plan({**programmes, **{key: one for key, (_code, _value, one) in moved.items()}}, known.today)
    walk = Pass(plan, wanted=Wanted(conditions=False, look=look), workers=1)
    spool = walk.answer(_batch(plan, programmes, known)).looked
    found = compare.summary(spool, budget_fen, fewest)
    return Comparison(
        _lines(found["by_month"], str), _lines(found["by_level"], str), _town_lines(found["by_town"]),
        found[AFTER].fund_empty_on, None if beside.in_force is None else _against(spool),
        None if beside.text is None else _against(spools[TEXT]),
        tuple(_threshold(code, value, spools[key]) for key, (code, value, _one) in moved.items()),
    )  # fmt: skip


def _as_pair(answers: Answers, key: str) -> Answers:
    """The same people with the version as it is tried beside another of its own: the text, or one number moved."""
    tried, other = answers.outcomes[AFTER], answers.outcomes[key]
    once = answers.batch.schema.get_field_index(compare.ONCE[BEFORE])
    same = answers.batch.column(compare.ONCE[AFTER])
    batch = answers.batch.set_column(once, compare.ONCE[BEFORE], same)
    return Answers(batch, {BEFORE: other, AFTER: tried} if key == TEXT else {BEFORE: tried, AFTER: other})


def _against(spool: pa.Table) -> Against:
    found = compare.summary(spool, fewest=EVERY_CELL)
    change = found["change"]
    return Against(
        _ids(spool, AFTER, BEFORE), _ids(spool, BEFORE, AFTER), found[AFTER].fen - found[BEFORE].fen,
        change.first_time or 0, change.households_gain or 0, change.households_lose or 0, change.more, change.less,
    )  # fmt: skip


def _ids(spool: pa.Table, here: str, there: str) -> tuple[int, ...]:
    columns = (spool.column(name).to_pylist() for name in ("subject_id", f"yes_{here}", f"yes_{there}"))
    return tuple(sorted(int(pk) for pk, yes, other in zip(*columns, strict=True) if yes and not other))


def _threshold(code: str, value: Value, spool: pa.Table) -> Threshold:
    found = compare.summary(spool, fewest=EVERY_CELL)
    before, after, change = found[BEFORE], found[AFTER], found["change"]
    return Threshold(code, value, after.subjects, after.fen, change.gain, change.lose, after.fen - before.fen)


def _batch(plan: Plan, programmes: Mapping[str, rules.Programme], known: Knowledge) -> pa.RecordBatch:
    """Everybody with the facts of all versions, and what the comparison tells apart."""
    read = batch_of(plan.schema(), plan.facts.values(), known, known.ids)
    columns: dict[str, Any] = dict(zip(read.schema.names, read.columns, strict=True))
    towns, levels = towns_of(set(known.unions.values())), union_levels(set(known.unions.values()))
    homes = [known.household_id(pk) for pk in known.ids]
    served = served_anything(known.subject)
    served_homes = served_anything("household") if known.subject in {"person", "household"} else set()
    unions = [known.unions[pk] for pk in known.ids]
    columns |= {
        compare.HOUSEHOLD: _texts(homes),
        compare.TOWN: _texts(towns[pk].pk if pk in towns else None for pk in unions),
        compare.LEVEL: _texts(levels.get(pk) for pk in unions),
        compare.RECEIVED: pa.array(
            [pk in served or home in served_homes for pk, home in zip(known.ids, homes, strict=True)], pa.bool_()
        ),
    }
    for which, name in compare.ONCE.items():
        side = programmes.get(which)
        columns[name] = _texts(
            None if side is None else per_key(once_per(side), known.subject, pk, home, known.today)
            for pk, home in zip(known.ids, homes, strict=True)
        )
    return pa.table(columns).combine_chunks().to_batches()[0]


def once_per(programme: rules.Programme) -> tuple[str, ...]:
    """Once per what a version gives; the first way of reading it while the choice is open."""
    if programme.per:
        return tuple(programme.per)
    choice = programme.choices.get("per")
    return choice.options[0] if choice is not None else ()


def _texts(values: Iterable[object]) -> pa.Array:
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def _lines(cells: Sequence[Cell], name: Any) -> tuple[Line, ...]:
    return tuple(
        Line("" if cell.name is None else name(cell.name), cell.subjects_after, cell.households_after, cell.fen_after,
             cell.subjects_before, cell.fen_before)
        for cell in cells
    )  # fmt: skip


def _town_lines(cells: Sequence[Cell]) -> tuple[Line, ...]:
    """The lines of the towns in their order; those under no town come last."""
    ids = [int(cell.name) for cell in cells if cell.name is not None]
    towns = {str(pk): town for pk, town in towns_of(ids).items()}
    ordered = sorted(cells, key=lambda cell: (cell.name is None, towns[cell.name].code if cell.name else ""))
    return _lines(ordered, lambda pk: towns[pk].name)


def few(number: int) -> bool:
    """Whether so few people could be pointed at."""
    return 0 < number < compare.FEWEST


def tells_few(found: Against | Threshold) -> bool:
    """Whether the difference between two figures would point at few people."""
    sizes = (found.gained, found.lost) if isinstance(found, Threshold) else (len(found.gained), len(found.lost))
    return any(few(number) for number in sizes)


def without_names(found: Against) -> Against:
    """The same for somebody who may not see who they are."""
    return replace(found, gained=(), lost=())
