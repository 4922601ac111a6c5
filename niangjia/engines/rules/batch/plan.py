"""One pass for many programmes: each distinct question is asked once, whoever wants its answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from niangjia.engines.rules.batch.kernels import Elsewhere, Kernels, Narrow, Step
from niangjia.engines.rules.batch.settle import Reckoning, reckoning, settled
from niangjia.engines.rules.compile_duckdb import Sql, Tallies, column
from niangjia.engines.rules.facts import Fact, Relation
from niangjia.engines.rules.late import pa
from niangjia.engines.rules.model import Need, Programme
from niangjia.engines.rules.sweep import column_names, relation_schema
from niangjia.engines.rules.tree import Expression, facts_of, relations_of

DAYS = ("b.as_of", "b.lookup_day")


@dataclass(frozen=True)
class Asked:
    """Which questions one programme asks, by their place in the plan."""

    programme: Programme
    proved: tuple[int, ...]
    stated: tuple[int, ...]
    near: tuple[int | None, ...]
    formulas: Mapping[str, int]
    money: tuple[int, ...]
    narrow: Narrow | None
    as_of: int | None


@dataclass
class Statement:
    """Questions that DuckDB answers together: they share a day of reckoning and their records."""

    days: Reckoning
    tallies: Tallies = field(default_factory=Tallies)
    columns: list[tuple[int, str]] = field(default_factory=list)

    def sql(self) -> str:
        """Return one SELECT over `subjects` and `rel_<relation>`, in the order of the subjects."""
        days = f"{self.days.as_of} AS as_of, {self.days.lookup_day} AS lookup_day"
        steps = [f"base AS (SELECT s.*, {days} FROM subjects AS s)"]  # noqa: S608
        joins = ""
        for relation, columns in self.tallies.columns.items():
            name = column("g", relation)
            steps.append(
                f"{name} AS (SELECT b.subject_id, {', '.join(columns)} FROM base AS b "  # noqa: S608
                f"JOIN {column('rel', relation)} AS r ON r.subject_id = b.subject_id GROUP BY b.subject_id)"
            )
            joins += f" LEFT JOIN {name} ON {name}.subject_id = b.subject_id"
        shown = ", ".join(f"{text} AS q{at}" for at, text in self.columns)
        return f"WITH {', '.join(steps)} SELECT {shown} FROM base AS b{joins} ORDER BY b.row_at"  # noqa: S608


class Plan:
    """The questions of some programmes about one kind of subject, each of them once."""

    def __init__(self, programmes: Mapping[str, Programme], today: dt.date, *, days: bool = True) -> None:
        """Settle the programmes on a day and number their questions.

        Each subject's day of reckoning is worked out where `days` are wanted: rows show it, totals do not.
        """
        self.today = today
        self.days = days
        self.steps: dict[int, Step] = {}
        self.statements: dict[object, Statement] = {}
        # For a chunk in which a fact of a question is known in part: the same question, asked of DuckDB.
        self.careful: dict[object, Statement] = {}
        self.plain: dict[int, frozenset[str]] = {}
        # Numbers that are worked out only for those who get them, unless rows are to show them.
        self.narrow: dict[int, Narrow] = {}
        self._places: dict[object, int] = {}
        self.facts: dict[str, Fact] = {}
        self.relations: dict[str, tuple[Relation, pa.Schema]] = {}
        self.reads: dict[int, list[str]] = {}
        self.programmes = {name: self._ask(name, settled(item, today)) for name, item in programmes.items()}
        # Questions about one fact follow each other: its column is then still near the core.
        self.steps = {at: self.steps[at] for at in sorted(self.steps, key=lambda at: self.reads.get(at, []))}

    @property
    def questions(self) -> int:
        """Return how many distinct questions there are."""
        return len(self._places)

    def schema(self) -> pa.Schema:
        """Return the columns that the pass reads of a subject, with the types it reads them in."""
        types = {"bool": pa.bool_(), "date": pa.date32(), "code": pa.string()}
        fields = [pa.field("subject_id", pa.string())]
        for fact in self.facts.values():
            kinds = (types.get(fact.type, pa.int64()), pa.int8(), pa.date32(), pa.int64(), pa.int64())
            fields += [pa.field(name, kind) for name, kind in zip(column_names(fact), kinds, strict=False)]
        return pa.schema([*fields, *(pa.field(f"k_{code}", pa.bool_()) for code in self.relations)])

    def _ask(self, name: str, programme: Programme) -> Asked:
        for code in programme.fact_codes:
            fact = programme.catalogue.fact(code)
            if fact is not None:
                self.facts.setdefault(code, fact)
        for code in programme.relation_codes:
            relation = programme.catalogue.relation(code)
            if relation is not None:
                self.relations.setdefault(code, (relation, relation_schema(programme, code)))
        asker = _Asker(self, name, programme)
        formulas = {item.name: asker.place(item.value, item.need) for item in programme.every_formula}
        money = tuple(formulas[item.amount] for item in programme.give if item.amount)
        return Asked(
            programme,
            tuple(asker.place(item.when, item.need) for item in programme.conditions),
            tuple(asker.place(item.when, None) for item in programme.conditions),
            tuple(None if item.near is None else asker.place(item.near, item.need) for item in programme.conditions),
            formulas,
            money,
            self.narrow.get(money[0]) if len(money) == 1 else None,
            asker.day() if self.days else None,
        )

    def statement(self, key: object, days: Reckoning) -> Statement:
        """Return the statement for such questions."""
        return self.statements.setdefault(key, Statement(days))

    def claim(self, key: object) -> tuple[int, bool]:
        """Return the place of a question, and whether it is asked for the first time."""
        known = len(self._places)
        place = self._places.setdefault(key, known)
        return place, place == known


class _Asker:
    """Numbers the questions of one programme."""

    def __init__(self, plan: Plan, name: str, programme: Programme) -> None:
        self.plan = plan
        self.name = name
        self.programme = programme
        self.days = reckoning(programme)

    def place(self, node: Expression, need: Need | None) -> int:
        """Return the place of a question: same words, same numbers in force, same proof."""
        group: object = (self.days, self.name if relations_of(node) else "")
        statement = self.plan.statements.get(group) or Statement(self.days)
        text = Sql(self.programme, need, statement.tallies).exact(node)
        looks_at_day = any(name in text for name in DAYS) or relations_of(node)
        place, is_new = self.plan.claim((group, text) if looks_at_day else text)
        if is_new:
            try:
                kernels = Kernels(self.programme, need)
                self.plan.steps[place] = kernels.step(node)
                self.plan.reads[place] = sorted(facts_of(node))
                narrow = kernels.narrow(node)
                if narrow is not None:
                    self.plan.narrow[place] = narrow
                if kernels.plain:
                    self.plan.plain[place] = frozenset(kernels.plain)
                    self.plan.careful.setdefault(group, Statement(self.days)).columns.append((place, text))
            except Elsewhere:
                self.plan.statements[group] = statement
                statement.columns.append((place, text))
        return place

    def day(self) -> int:
        """Return the place of the day of reckoning."""
        place, is_new = self.plan.claim(("as_of", self.days))
        rule = self.programme.as_of
        if is_new and rule.kind == "date" and rule.day is not None:
            constant = pa.scalar(rule.day, pa.date32())
            self.plan.steps[place] = lambda _chunk: constant
        elif is_new:
            self.plan.statement((self.days, ""), self.days).columns.append((place, "b.as_of"))
        return place
