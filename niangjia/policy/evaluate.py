"""Asking one programme about everybody at once, and about the few that matter one by one.

Two back ends answer: DuckDB for all, the closures for those whose decision is kept. They must
agree on each of these, else nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from niangjia.engines import rules
from niangjia.engines.rules.sweep import NO, UNKNOWN, YES, column_names, subjects_schema, sweep_duckdb
from niangjia.policy.readings import Knowledge

OUTCOMES = {YES: "yes", NO: "no", UNKNOWN: "unknown"}


class BackEndsDisagree(Exception):
    """The two back ends gave one subject two answers: nothing was written."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a programme says about one subject, without its reasons."""

    subject_id: int
    outcome: str
    if_confirmed: bool
    near_miss: bool
    amount_fen: int | None
    n_unknown: int
    as_of: date | None
    rank_key: int | str | date | None = None

    @property
    def is_plain_no(self) -> bool:
        """Neither yes nor unknown nor near: counted, not kept."""
        return self.outcome == "no" and not self.near_miss


def answer_all(programme: rules.Programme, known: Knowledge) -> list[Answer]:
    """The programme's answer about every subject that is known, in one statement of DuckDB."""
    if not known.ids:
        return []
    table = sweep_duckdb(programme, subjects_table(programme, known), {}, known.today)
    ranks: Sequence[object] = [None] * table.num_rows
    if programme.rank_key is not None:
        ranks = table.column("x_rank_key").to_pylist()
    names = ("subject_id", "outcome", "if_confirmed", "near_miss", "amount_fen", "n_unknown", "as_of")
    columns = [table.column(name).to_pylist() for name in names]
    return [
        Answer(int(pk), OUTCOMES[outcome], bool(confirmed), bool(near), amount, unknown, as_of, rank)  # type: ignore[arg-type]
        for pk, outcome, confirmed, near, amount, unknown, as_of, rank in zip(*columns, ranks, strict=True)
    ]


def subjects_table(programme: rules.Programme, known: Knowledge) -> pa.Table:
    """The readings as columns, one row per subject."""
    schema = subjects_schema(programme)
    arrays: dict[str, pa.Array] = {}
    for code in programme.fact_codes:
        fact = programme.catalogue.fact(code)
        if fact is None:
            continue
        found = [known.reading(code, pk) for pk in known.ids]
        parts = ("value", "proof", "on", "low", "high")
        for name, part in zip(column_names(fact), parts, strict=False):
            values = [None if reading is None else getattr(reading, part) for reading in found]
            arrays[name] = pa.array(values, schema.field(name).type)
    arrays["subject_id"] = pa.array([str(pk) for pk in known.ids], pa.string())
    return pa.table([arrays[field.name] for field in schema], schema=schema)


@dataclass(frozen=True, slots=True)
class Case:
    """One subject's decision; subjects of whom the same is known share one."""

    subject_id: int
    decision: rules.Decision
    readings: dict[str, rules.Reading]


def decide_each(decider: rules.Decider, known: Knowledge, ids: Iterable[int]) -> Iterator[Case]:
    """Whole decisions, with reasons and advice, about these subjects."""
    same: dict[tuple[tuple[str, rules.Reading], ...], rules.Decision] = {}
    for pk in ids:
        readings = known.readings(pk)
        key = tuple(sorted(readings.items(), key=_code))
        found = same.get(key)
        if found is None:
            found = same[key] = decider.decide(readings, {}, known.today)
        yield Case(pk, found, readings)


def _code(item: tuple[str, rules.Reading]) -> str:
    return item[0]


def must_agree(answer: Answer, decision: rules.Decision) -> None:
    """Raise unless both back ends said the same about a subject."""
    one = (answer.outcome, answer.if_confirmed, answer.near_miss, answer.amount_fen, answer.as_of)
    two = (decision.outcome, decision.if_confirmed, decision.near_miss, decision.amount_fen, decision.as_of)
    if one != two:
        raise BackEndsDisagree(f"{decision.system}, subject {answer.subject_id}: DuckDB {one}, closures {two}")
