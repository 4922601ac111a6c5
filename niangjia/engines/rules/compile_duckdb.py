"""Rule expressions as DuckDB SQL: the same answers for a table of subjects.

SQL does not give three-valued logic for free: `least` skips NULL, `sum` skips NULL, CASE on NULL
takes ELSE. Each of them is written here with a guard. Numbers known in part are pairs of SQL texts
(`ends`), by the rules of `spans`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from niangjia.engines.rules import spans, tree
from niangjia.engines.rules.model import Amount, Entry, Need, Programme
from niangjia.engines.rules.sql_text import (
    agreed_sql,
    all_sql,
    any_sql,
    arithmetic_sql,
    band_sql,
    case_sql,
    column,
    days_since_sql,
    edge_sql,
    end_of_case_sql,
    greatest_sql,
    least_sql,
    literal,
    months_since_sql,
    part_sql,
    plus_days_sql,
    plus_months_sql,
    reached_sql,
    share_sql,
    years_since_sql,
)
from niangjia.engines.rules.tree import Expression

__all__ = ["Sql", "Tallies", "column", "literal", "plus_days_sql", "plus_months_sql"]

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass
class Tallies:
    """The aggregates of one statement: each becomes a few columns of a grouped table."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    names: dict[tuple[tree.Aggregate, Need | None], str] = field(default_factory=dict)

    def add(self, node: tree.Aggregate, need: Need | None, sql: Sql) -> str:
        """Return the alias stem of an aggregate, adding its columns the first time."""
        key = (node, need)
        if key in self.names:
            return self.names[key]
        stem = f"t{len(self.names)}"
        self.names[key] = stem
        test = "TRUE" if node.condition is None else sql.exact(node.condition)
        own = self.columns.setdefault(node.relation, [])
        if node.name in {"any", "all"}:
            for name, state in (("yes", "TRUE"), ("no", "FALSE"), ("unknown", "NULL")):
                own.append(f"bool_or(({test}) IS {state}) AS {stem}_{name}")
            return stem
        ends = (literal(1),) * 2 if node.value is None else sql.ends(node.value)
        for name, edge, value in zip(("low", "high"), ("LEAST", "GREATEST"), ends, strict=True):
            part = f"CASE WHEN ({test}) IS TRUE THEN {value} WHEN ({test}) IS NULL THEN "
            part += f"{edge}({value}, 0) ELSE 0 END"
            own.append(f"CAST(sum({part}) AS BIGINT) AS {stem}_{name}")
            own.append(f"bool_or(({test}) IS NOT FALSE AND ({value}) IS NULL) AS {stem}_{name}_open")
        return stem


@dataclass
class Sql:
    """Writes the expressions of one need; without a need, those of the stated values."""

    programme: Programme
    need: Need | None
    tallies: Tallies

    def partly(self, node: Expression) -> bool:
        """Return whether a fact or column may be known in part; a snapshot without bounds says no."""
        return spans.is_counted(node)

    def carries(self, node: Expression) -> bool:
        """Return whether an expression may be known in part."""
        return spans.carries(node, self.partly)

    def exact(self, node: Expression) -> str:
        """Return the SQL of an expression; NULL is unknown."""
        if isinstance(node, tree.FactRef | tree.ColumnRef):
            return self._usable(node, self._value(node))
        if self.carries(node) and any(self.carries(part) for part in tree.children(node)):
            low, high = self.ends(node)
            return f"CASE WHEN {low} = {high} THEN {low} END"
        match node:
            case tree.Literal():
                return literal(node.value)
            case tree.AmountRef():
                return self._amount(node.code)
            case tree.Not():
                return f"(NOT {self.exact(node.item)})"
            case tree.And():
                return "(" + " AND ".join(self.exact(item) for item in node.items) + ")"
            case tree.Or():
                return "(" + " OR ".join(self.exact(item) for item in node.items) + ")"
            case tree.Compare():
                return self._compare(node)
            case tree.In():
                return self._in(node)
            case tree.Arithmetic():
                return arithmetic_sql(self.exact(node.left), node.operator, self.exact(node.right))
            case tree.Call():
                return self._call(node)
            case tree.Case():
                tests = [(self.exact(test), self.exact(value)) for test, value in node.branches]
                return case_sql(tests, self.exact(node.default))
            case tree.Band():
                return self._banded(node, agreed_sql)
            case tree.Aggregate():
                return self._aggregate(node)

    def _plain(self, node: tree.FactRef | tree.ColumnRef, prefix: str) -> str:
        table = "b" if isinstance(node, tree.FactRef) else "r"
        return f"{table}.{column(prefix, node.code)}"

    def _value(self, node: tree.FactRef | tree.ColumnRef) -> str:
        """Return the value; bounds that meet are a value too."""
        value = self._plain(node, "f")
        if node.kind.type not in {"int", "fen"}:
            return value
        low, high = self._plain(node, "l"), self._plain(node, "h")
        return f"COALESCE({value}, CASE WHEN {low} = {high} THEN {low} END)"

    def _usable(self, node: tree.FactRef | tree.ColumnRef, value: str) -> str:
        """Return a value guarded by the proof and freshness that the need asks for."""
        need, tests = self.need, []
        if need is not None and need.proof:
            tests.append(f"{self._plain(node, 'p')} >= {need.proof}")
        if need is not None and need.fresh_days is not None:
            tests.append(f"b.as_of - {self._plain(node, 'o')} <= {need.fresh_days}")
        return f"CASE WHEN {' AND '.join(tests)} THEN {value} END" if tests else value

    def bounds(self, node: Expression) -> tuple[str, str] | None:
        """Return the least and the greatest an expression may be, or nothing where it carries no bounds."""
        if not self.carries(node):
            return None
        match node:
            case tree.Arithmetic():
                return self._arithmetic_ends(node)
            case tree.Call():
                return self._call_ends(node)
            case tree.Case():
                reached = reached_sql([self.exact(test) for test, _value in node.branches])
                lows, highs = zip(*(self.ends(v) for v in (*(v for _t, v in node.branches), node.default)), strict=True)
                return end_of_case_sql(reached, lows, "LEAST"), end_of_case_sql(reached, highs, "GREATEST")
            case tree.Band():
                return self._banded(node, edge_sql("LEAST")), self._banded(node, edge_sql("GREATEST"))
            case tree.Aggregate():
                return self._total(node)
            case tree.FactRef() | tree.ColumnRef():
                value = self._plain(node, "f")
                low, high = (f"COALESCE({value}, {self._plain(node, edge)})" for edge in "lh")
                return self._usable(node, low), self._usable(node, high)
            case _:
                return None

    def ends(self, node: Expression) -> tuple[str, str]:
        """Return both bounds; a value that carries none is its own two bounds."""
        return self.bounds(node) or (self.exact(node),) * 2

    def _arithmetic_ends(self, node: tree.Arithmetic) -> tuple[str, str]:
        if node.operator == "*":
            item, factor = (node.right, node.left) if spans.is_constant(node.left) else (node.left, node.right)
            return self._scaled(item, factor, lambda end, by: arithmetic_sql(end, "*", by))
        (low, high), (other_low, other_high) = self.ends(node.left), self.ends(node.right)
        if node.operator == "-":
            other_low, other_high = other_high, other_low
        return arithmetic_sql(low, node.operator, other_low), arithmetic_sql(high, node.operator, other_high)

    def _call_ends(self, node: tree.Call) -> tuple[str, str]:
        if node.name == "share":
            return self._scaled(node.items[0], node.items[1], share_sql)
        lows, highs = zip(*(self.ends(item) for item in node.items), strict=True)
        # LEAST and GREATEST skip NULL: on the side where one known part is enough that is wanted.
        if node.name == "least":
            return least_sql(lows), f"LEAST({', '.join(highs)})"
        return f"GREATEST({', '.join(lows)})", greatest_sql(highs)

    def _scaled(self, item: Expression, factor: Expression, step: Callable[[str, str], str]) -> tuple[str, str]:
        by = self.exact(factor)
        low, high = (step(end, by) for end in self.ends(item))
        signs = {value >= 0 for value in self._values(factor)}
        if signs == {True}:
            return low, high
        if signs == {False}:
            return high, low
        return f"CASE WHEN {by} >= 0 THEN {low} ELSE {high} END", f"CASE WHEN {by} >= 0 THEN {high} ELSE {low} END"

    def _values(self, factor: Expression) -> list[int]:
        if isinstance(factor, tree.Literal):
            return [int(str(factor.value))]
        entries = self.programme.amounts[factor.code].entries if isinstance(factor, tree.AmountRef) else ()
        return [int(str(entry.value)) for entry in entries]

    def _in(self, node: tree.In) -> str:
        if self.carries(node.item):
            return self.exact(tree.Or(tuple(tree.Compare("=", node.item, option) for option in node.options)))
        options = ", ".join(self.exact(item) for item in node.options)
        return f"({self.exact(node.item)} IN ({options}))"

    def _compare(self, node: tree.Compare) -> str:
        if not self.carries(node.left) and not self.carries(node.right):
            return f"({self.exact(node.left)} {node.operator} {self.exact(node.right)})"
        (low, high), (other_low, other_high) = self.ends(node.left), self.ends(node.right)
        if node.operator in {"=", "<>"}:
            same, apart = ("TRUE", "FALSE") if node.operator == "=" else ("FALSE", "TRUE")
            return (
                f"CASE WHEN {low} = {high} AND {low} = {other_low} AND {low} = {other_high} "
                f"THEN {same} WHEN {high} < {other_low} OR {low} > {other_high} THEN {apart} END"
            )
        if node.operator in {">", ">="}:
            low, high, other_low, other_high = high, low, other_high, other_low
        return (
            f"CASE WHEN {high} {node.operator} {other_low} THEN TRUE "
            f"WHEN {low} {OPPOSITE[node.operator]} {other_high} THEN FALSE END"
        )

    def _amount(self, code: str) -> str:
        amount = self.programme.amounts[code]
        return self._dated(amount, [literal_of(entry) for entry in amount.entries])

    def _dated(self, amount: Amount, values: list[str]) -> str:
        """Return the value in force on the day of reckoning, held within the validity."""
        if len(values) == 1:
            return values[0]
        pairs = list(zip(amount.entries, values, strict=True))
        parts = ["WHEN b.lookup_day IS NULL THEN NULL"]
        for entry, value in reversed(pairs[1:]):
            parts.append(f"WHEN b.lookup_day >= {literal(entry.from_)} THEN {value}")
        return f"CASE {' '.join(parts)} ELSE {values[0]} END"

    def _banded(self, node: tree.Band, join: Callable[[list[str]], str]) -> str:
        amount, item = self.programme.amounts[node.table], self.ends(node.item)
        return self._dated(amount, [join(band_sql(item, entry.bands)) for entry in amount.entries])

    def _call(self, node: tree.Call) -> str:
        items = [self.exact(item) for item in node.items]
        match node.name:
            case "least":
                return least_sql(items)
            case "greatest":
                return greatest_sql(items)
            case "share":
                return share_sql(*items)
            case "part":
                return part_sql(items[0], place_of(node), items[2:])
            case "plus_months":
                return plus_months_sql(*items)
            case "plus_days":
                return plus_days_sql(*items)
            case "years_since":
                return years_since_sql(items[0], "b.as_of")
            case "months_since":
                return months_since_sql(items[0], "b.as_of")
            case _:
                return days_since_sql(items[0], "b.as_of")

    def _aggregate(self, node: tree.Aggregate) -> str:
        if node.name in {"count", "sum"}:
            low, high = self._total(node)
            return f"CASE WHEN {low} = {high} THEN {low} END"
        stem = f"{column('g', node.relation)}.{self.tallies.add(node, self.need, self)}"
        complete = f"b.{column('k', node.relation)}"
        if node.name == "any":
            return any_sql(complete, f"{stem}_yes", f"{stem}_unknown")
        return all_sql(complete, f"{stem}_no", f"{stem}_unknown")

    def _total(self, node: tree.Aggregate) -> tuple[str, str]:
        stem = f"{column('g', node.relation)}.{self.tallies.add(node, self.need, self)}"
        complete = f"b.{column('k', node.relation)} IS TRUE"
        high = f"CASE WHEN {complete} AND {stem}_high_open IS NOT TRUE THEN COALESCE({stem}_high, 0) END"
        if node.name == "count":
            return f"COALESCE({stem}_low, 0)", high
        return f"CASE WHEN {complete} AND {stem}_low_open IS NOT TRUE THEN COALESCE({stem}_low, 0) END", high


def place_of(node: tree.Call) -> int:
    """Return which of its parts a call of `part` asks for."""
    place = node.items[1]
    return int(str(place.value)) if isinstance(place, tree.Literal) else 1


def literal_of(entry: Entry) -> str:
    """Return the constant of an entry."""
    return "NULL" if entry.value is None else literal(entry.value)
