"""Walking through the people once, some thousands at a time, with memory that does not grow."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache

from niangjia.engines.rules.batch.answered import Answered
from niangjia.engines.rules.batch.bitmaps import is_narrower, rebased, wide
from niangjia.engines.rules.batch.kernels import Chunk, bounded
from niangjia.engines.rules.batch.plan import Plan, Statement
from niangjia.engines.rules.batch.totals import Outcome, Totals, count, rows_of
from niangjia.engines.rules.errors import RuleOverflow
from niangjia.engines.rules.late import duckdb, pa, pc
from niangjia.engines.rules.sweep import connect, overflows

# Large enough that calling a kernel costs little beside its work, small enough to hold several.
CHUNK_ROWS = 524_288
# How the names of columns begin that hold numbers of subjects: values and their bounds.
NUMBERS = {"f_", "l_", "h_"}
# Returns the records of one relation whose subject lies between two ids, both included.
Records = Callable[[str, str], "pa.Table"]
Rows = Callable[[str, "pa.Table"], None]


@dataclass
class Answers:
    """One chunk with what every programme says about it."""

    batch: pa.RecordBatch
    outcomes: Mapping[str, Outcome]


@dataclass(frozen=True)
class Wanted:
    """What a pass is to bring beside totals: counts of each condition, rows of which outcomes.

    `look` works something out from each chunk's answers, on the core that answered it.
    """

    conditions: bool = True
    rows: Mapping[str, bool] = field(default_factory=dict)
    look: Callable[[Answers], pa.Table] | None = None


@dataclass
class Part:
    """What one chunk brought: totals by programme, rows by programme, and what `look` found."""

    subjects: int
    totals: dict[str, Totals]
    rows: dict[str, pa.Table]
    looked: pa.Table | None = None


class Pass:
    """One walk of a plan over chunks of subjects; the answers are those of `sweep_duckdb`."""

    def __init__(
        self, plan: Plan, records: Mapping[str, Records] | None = None, wanted: Wanted | None = None, workers: int = 2
    ) -> None:
        """Take the plan, where its relations' records are found, and how many cores to use."""
        self.plan = plan
        self.records = records or {}
        self.wanted = wanted or Wanted()
        self.workers = workers
        self._own = threading.local()
        self._schema = plan.schema()

    def run(self, chunks: Iterable[pa.RecordBatch], each: Callable[[Part], None]) -> None:
        """Answer chunk after chunk, in their order, handing what each brought to `each`.

        At most two chunks a worker are held at once. Raises `RuleOverflow` when a number leaves the
        signed 64-bit range.
        """
        with ThreadPoolExecutor(self.workers) as pool:
            for part in _in_order(pool, self.answer, chunks, 2 * self.workers):
                each(part)

    def answer(self, batch: pa.RecordBatch) -> Part:
        """Answer every question about one chunk."""
        chunk = self._chunk(batch)
        try:
            found = self._found(chunk)
            outcomes = {name: Outcome(asked, chunk, found) for name, asked in self.plan.programmes.items()}
            totals = {name: count(one, conditions=self.wanted.conditions) for name, one in outcomes.items()}
            rows = {}
            if any(self.wanted.rows.values()):
                rows = {name: rows_of(one, found, self.wanted.rows) for name, one in outcomes.items()}
            looked = None if self.wanted.look is None else self.wanted.look(Answers(batch, outcomes))
        except overflows() as error:
            raise RuleOverflow(str(error)) from error
        except pa.ArrowInvalid as error:
            if "overflow" in str(error):
                raise RuleOverflow(str(error)) from error
            raise
        return Part(chunk.rows, totals, rows, looked)

    def _chunk(self, batch: pa.RecordBatch) -> Chunk:
        columns = {}
        for item in self._schema:
            at = batch.schema.get_field_index(item.name)
            if at < 0:
                columns[item.name] = _nothing(batch.num_rows, item.type)
                continue
            column = batch.column(at)
            if column.type != item.type and not is_narrower(column.type, item.type):
                column = pc.cast(column, item.type)
            # The name of a subject is only carried along.
            columns[item.name] = column if item.name == "subject_id" else rebased(column)
        return Chunk(batch.num_rows, columns)

    def _found(self, chunk: Chunk) -> Answered:
        in_part = {at for at, codes in self.plan.plain.items() if any(bounded(chunk, code) for code in codes)}
        steps = {at: step for at, step in self.plan.steps.items() if at not in in_part}
        found = Answered(steps, chunk, later=self.plan.narrow)
        statements = list(self.plan.statements.values())
        for statement in self.plan.careful.values():
            columns = [column for column in statement.columns if column[0] in in_part]
            statements += [replace(statement, columns=columns)] if columns else []
        if statements:
            self._by_duckdb(chunk, statements, found)
        return found

    def _by_duckdb(self, chunk: Chunk, statements: list[Statement], found: Answered) -> None:
        connection = self._connection()
        order = pa.array(range(chunk.rows), pa.int64())
        columns = {name: wide(column) if name[:2] in NUMBERS else column for name, column in chunk.columns.items()}
        connection.register("subjects", pa.table({**columns, "row_at": order}))
        ends = pc.min_max(chunk.columns["subject_id"]).as_py() if self.plan.relations else {}
        for code, (_relation, schema) in self.plan.relations.items():
            reader = self.records.get(code)
            table = schema.empty_table() if reader is None else reader(ends["min"], ends["max"]).cast(schema)
            connection.register(f"rel_{code}", table)
        for statement in statements:
            table = connection.sql(statement.sql()).to_arrow_table().combine_chunks()
            for at, _text in statement.columns:
                column = table.column(f"q{at}")
                found[at] = column.chunk(0) if column.num_chunks == 1 else pa.nulls(0, column.type)

    def _connection(self) -> duckdb.DuckDBPyConnection:
        own = getattr(self._own, "connection", None)
        if own is None:
            own = self._own.connection = connect()
            own.execute("SET threads = 1")
        return own


@lru_cache(maxsize=16)
def _nothing(rows: int, kind: pa.DataType) -> pa.Array:
    """Return a column of unknowns, the same one for all chunks of a size."""
    return pa.nulls(rows, kind)


def _in_order(
    pool: ThreadPoolExecutor, work: Callable[[pa.RecordBatch], Part], items: Iterable[pa.RecordBatch], most: int
) -> Iterator[Part]:
    """Yield the results in the order of the items, with no more than so many under way."""
    waiting: deque[Future[Part]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def sweep_all(plan: Plan, chunks: Iterable[pa.RecordBatch], workers: int = 2) -> dict[str, Totals]:
    """Return the totals of every programme over all chunks."""
    totals = {name: Totals() for name in plan.programmes}

    def add(part: Part) -> None:
        for name, found in part.totals.items():
            totals[name].add(found)

    Pass(plan, workers=workers).run(chunks, add)
    return totals
