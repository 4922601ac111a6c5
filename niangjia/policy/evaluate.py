"""Asking programmes about everybody in one pass, and about the few that matter one by one.

Two back ends answer: the pass over columns for all, the closures for those whose decision is kept.
They must agree on each of these, else nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from niangjia.engines import rules
from niangjia.engines.rules.batch.passes import CHUNK_ROWS, Part, Pass, Wanted
from niangjia.engines.rules.batch.plan import Plan
from niangjia.engines.rules.late import pa, pc
from niangjia.engines.rules.sweep import NO, UNKNOWN, YES, column_names, fact_fields, subject_row
from niangjia.policy.readings import Knowledge

OUTCOMES = {YES: "yes", NO: "no", UNKNOWN: "unknown"}
EVERY_ROW = {"yes": True, "no": True, "unknown": True}


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
    as_of: date | None
    rank_key: int | str | date | None = None

    @property
    def is_plain_no(self) -> bool:
        """Neither yes nor unknown nor near: counted, not kept."""
        return self.outcome == "no" and not self.near_miss


@dataclass
class Question:
    """One programme to be asked in a pass: about which subjects, and whose answer is wanted though it is a plain no."""

    programme: rules.Programme
    ids: Collection[int]
    always: Collection[int] = ()
    answers: dict[int, Answer] = field(default_factory=dict)


def answer_all(programme: rules.Programme, known: Knowledge) -> list[Answer]:
    """The programme's answer about every subject that is known."""
    question = Question(programme, known.ids, known.ids)
    ask_together({"": question}, known)
    return list(question.answers.values())


def ask_together(questions: Mapping[str, Question], known: Knowledge) -> None:
    """Ask several programmes about one kind of subject in one pass.

    Each question gets the answers that are more than a plain no, and those about whom they are
    always wanted; the memory that the others take is that of a chunk.
    """
    if not known.ids:
        return
    plan = Plan({name: one.programme for name, one in questions.items()}, known.today)
    takers = {name: _Taker(one, known) for name, one in questions.items()}

    def take(part: Part) -> None:
        for name, table in part.rows.items():
            takers[name].take(table)

    readers = {
        code: records_between(records_table(relation, schema, known))
        for code, (relation, schema) in plan.relations.items()
    }
    walk = Pass(plan, readers, Wanted(conditions=False, rows=EVERY_ROW))
    walk.run(_chunks(plan, known), take)


class _Taker:
    """Picks what one programme keeps out of the rows of each chunk, which come in the order of the subjects."""

    def __init__(self, question: Question, known: Knowledge) -> None:
        self.question, self.known, self.place = question, known, 0
        self.asked = None if len(question.ids) == len(known.ids) else _marks(known.ids, question.ids)
        self.always = _marks(known.ids, question.always)

    def take(self, table: pa.Table) -> None:
        here = slice(self.place, self.place + table.num_rows)
        keep = pc.or_(pc.not_equal(table.column("outcome"), NO), table.column("near_miss"))
        keep = pc.or_(keep, self.always[here])
        if self.asked is not None:
            keep = pc.and_(keep, self.asked[here])
        found = table.filter(keep)
        ids = [pk for pk, kept in zip(self.known.ids[here], keep.to_pylist(), strict=True) if kept]
        self.place += table.num_rows
        names = ("outcome", "if_confirmed", "near_miss", "amount_fen", "as_of")
        columns = [found.column(name).to_pylist() for name in names]
        ranks: Sequence[object] = [None] * len(ids)
        if self.question.programme.rank_key is not None:
            ranks = found.column("x_rank_key").to_pylist()
        for pk, outcome, confirmed, near, amount, as_of, rank in zip(ids, *columns, ranks, strict=True):
            self.question.answers[pk] = Answer(pk, OUTCOMES[outcome], confirmed, near, amount, as_of, rank)  # type: ignore[arg-type]


def _marks(ids: Sequence[int], chosen: Collection[int]) -> pa.BooleanArray:
    found = set(chosen)
    return pa.array([pk in found for pk in ids], pa.bool_())


def _chunks(plan: Plan, known: Knowledge) -> Iterator[pa.RecordBatch]:
    """The readings as columns, some thousands of subjects at a time."""
    schema = plan.schema()
    for start in range(0, len(known.ids), CHUNK_ROWS):
        yield batch_of(schema, plan.facts.values(), known, known.ids[start : start + CHUNK_ROWS])


def fields_of(facts: Iterable[rules.Fact], relations: Iterable[rules.Relation] = ()) -> pa.Schema:
    """The columns of a table of subjects or records: each fact, and for each relation whether all records are there."""
    flags = [pa.field(f"k_{relation.code}", pa.bool_()) for relation in relations]
    return pa.schema([pa.field("subject_id", pa.string()), *fact_fields(facts), *flags])


def batch_of(schema: pa.Schema, facts: Iterable[rules.Fact], known: Knowledge, ids: Sequence[int]) -> pa.RecordBatch:
    """What is known of these subjects, one row each."""
    arrays: dict[str, pa.Array] = {"subject_id": pa.array(map(str, ids), pa.string())}
    for fact in facts:
        found = known.column(fact.code, ids)
        parts = ("value", "proof", "on", "low", "high")
        for name, part in zip(column_names(fact), parts, strict=False):
            values = [None if reading is None else getattr(reading, part) for reading in found]
            arrays[name] = pa.array(values, schema.field(name).type)
    for code in known.dated:
        arrays[f"k_{code}"] = pa.array([known.is_complete(code, pk) for pk in ids], pa.bool_())
    return pa.record_batch([arrays[name] for name in schema.names], schema=schema)


def records_table(
    relation: rules.Relation,
    schema: pa.Schema,
    known: Knowledge,
    ids: Sequence[int] | None = None,
    names: Mapping[int, str] | None = None,
) -> pa.Table:
    """The records of one relation of everybody who is known, each with the subject it belongs to."""
    rows = [
        {"subject_id": str(pk) if names is None else names[pk], **subject_row(relation.columns, row)}
        for pk in (known.ids if ids is None else ids)
        for row in known.dated[relation.code].get(pk, ())
    ]
    return pa.Table.from_pylist(rows, schema)


def records_between(table: pa.Table) -> Callable[[str, str], pa.Table]:
    """A reader of the records whose subject lies between two names, as a pass asks for them."""

    def read(first: str, last: str) -> pa.Table:
        names = table.column("subject_id")
        return table.filter(pc.and_(pc.greater_equal(names, first), pc.less_equal(names, last)))

    return read


@dataclass(frozen=True, slots=True)
class Case:
    """One subject's decision; subjects of whom the same is known share one."""

    subject_id: int
    decision: rules.Decision
    readings: dict[str, rules.Reading]
    records: dict[str, Sequence[rules.Row]]


def decide_each(decider: rules.Decider, known: Knowledge, ids: Iterable[int]) -> Iterator[Case]:
    """Whole decisions, with reasons and advice, about these subjects."""
    same: dict[object, rules.Decision] = {}
    for pk in ids:
        readings, records = known.readings(pk), known.records(pk)
        key = (_sorted(readings), *((code, type(rows), *map(_sorted, rows)) for code, rows in records.items()))
        found = same.get(key)
        if found is None:
            found = same[key] = decider.decide(readings, records, known.today)
        yield Case(pk, found, readings, records)


def _sorted(row: rules.Row) -> tuple[tuple[str, rules.Reading], ...]:
    return tuple(sorted(row.items(), key=_code))


def _code(item: tuple[str, rules.Reading]) -> str:
    return item[0]


def must_agree(answer: Answer, decision: rules.Decision) -> None:
    """Raise unless both back ends said the same about a subject."""
    one = (answer.outcome, answer.if_confirmed, answer.near_miss, answer.amount_fen, answer.as_of)
    two = (decision.outcome, decision.if_confirmed, decision.near_miss, decision.amount_fen, decision.as_of)
    if one != two:
        raise BackEndsDisagree(f"{decision.system}, subject {answer.subject_id}: the pass {one}, closures {two}")
