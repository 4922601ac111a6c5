"""Rule expressions as DuckDB SQL: the same answers for a table of subjects.

SQL does not give three-valued logic for free: `least` skips NULL, `sum` skips NULL, CASE on NULL
takes ELSE. Each of them is written here with a guard.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from niangjia.engines.rules import tree
from niangjia.engines.rules.dates import PPM
from niangjia.engines.rules.facts import Value
from niangjia.engines.rules.model import Amount, Entry, Need, Programme
from niangjia.engines.rules.tree import Expression

OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def column(prefix: str, code: str) -> str:
    """Return the quoted column of a fact: `f_` value, `p_` proof, `o_` day, `l_`/`h_` bounds."""
    return f'"{prefix}_{code.replace(".", "__")}"'


def literal(value: Value) -> str:
    """Return a constant with its type."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        quoted = value.replace("'", "''")
        return f"'{quoted}'"
    return f"CAST({value} AS BIGINT)"


def arithmetic_sql(left: str, operator: str, right: str) -> str:
    """Return a sum, difference or product that stops the query outside the signed 64-bit range.

    The detour over HUGEINT is not for size: without a cast around it DuckDB moves constants across
    a comparison (`x + 9 > 0` becomes `x > -9`) and never sees the overflow.
    """
    return f"CAST(CAST({left} AS HUGEINT) {operator} {right} AS BIGINT)"


def least_sql(items: list[str]) -> str:
    """Return `least` that is unknown when a part is unknown."""
    return f"CASE WHEN {_any_null(items)} THEN NULL ELSE LEAST({', '.join(items)}) END"


def greatest_sql(items: list[str]) -> str:
    """Return `greatest` that is unknown when a part is unknown."""
    return f"CASE WHEN {_any_null(items)} THEN NULL ELSE GREATEST({', '.join(items)}) END"


def _any_null(items: list[str]) -> str:
    return " OR ".join(f"({item}) IS NULL" for item in items)


def any_sql(complete: str, yes: str, unknown: str) -> str:
    """Return `any`: one yes settles it, otherwise one unknown keeps it open."""
    return f"CASE WHEN {complete} IS NOT TRUE THEN NULL WHEN {yes} THEN TRUE WHEN {unknown} THEN NULL ELSE FALSE END"


def all_sql(complete: str, no: str, unknown: str) -> str:
    """Return `all`: one no settles it, otherwise one unknown keeps it open."""
    return f"CASE WHEN {complete} IS NOT TRUE THEN NULL WHEN {no} THEN FALSE WHEN {unknown} THEN NULL ELSE TRUE END"


def band_sql(item: str, bands: tuple[tuple[int | None, Value], ...]) -> str:
    """Return the value of the band; the upper edge belongs to the band."""
    parts = [f"WHEN ({item}) IS NULL THEN NULL"]
    for upto, value in bands:
        test = "TRUE" if upto is None else f"({item}) <= {literal(upto)}"
        parts.append(f"WHEN {test} THEN {literal(value)}")
    return f"CASE {' '.join(parts)} END"


def case_sql(branches: list[tuple[str, str]], default: str) -> str:
    """Return the value that every branch which may be reached agrees on, else unknown.

    LEAST and GREATEST skip NULL, which is what is wanted here: they look at reachable branches.
    """
    reach: list[tuple[str, str]] = []
    before: list[str] = []
    for test, value in branches:
        reach.append((" AND ".join([*before, f"({test}) IS NOT FALSE"]), value))
        before.append(f"({test}) IS NOT TRUE")
    reach.append((" AND ".join(before), default))
    values = [f"CASE WHEN {test} THEN {value} END" for test, value in reach]
    blind = [f"CASE WHEN {test} THEN ({value}) IS NULL ELSE FALSE END" for test, value in reach]
    low, high = f"LEAST({', '.join(values)})", f"GREATEST({', '.join(values)})"
    return f"CASE WHEN {' OR '.join(blind)} THEN NULL WHEN {low} = {high} THEN {low} END"


def months_since_sql(day: str, as_of: str) -> str:
    """Return completed months, with the day of the month held to the end of a shorter month."""
    return (
        f"CAST((year({as_of}) - year({day})) * 12 + month({as_of}) - month({day}) - "
        f"CASE WHEN day({as_of}) < LEAST(day({day}), day(last_day({as_of}))) "
        "THEN 1 ELSE 0 END AS BIGINT)"
    )


def years_since_sql(day: str, as_of: str) -> str:
    """Return birthdays reached; a birthday of 29 February counts on 1 March in common years."""
    return (
        f"CAST(year({as_of}) - year({day}) - "
        f"CASE WHEN month({as_of}) * 100 + day({as_of}) < month({day}) * 100 + day({day}) "
        "THEN 1 ELSE 0 END AS BIGINT)"
    )


def days_since_sql(day: str, as_of: str) -> str:
    """Return days passed."""
    return f"CAST({as_of} - ({day}) AS BIGINT)"


def share_sql(fen: str, ppm: str) -> str:
    """Return so many millionths of an amount, rounded half up; `//` alone would round to zero."""
    top = f"(CAST({fen} AS HUGEINT) * ({ppm}) + {PPM // 2})"
    rest = f"((({top} % {PPM}) + {PPM}) % {PPM})"
    return f"CAST(({top} - {rest}) // {PPM} AS BIGINT)"


def in_range(day: str) -> str:
    """Return a date, or stop the query when it left the years 1 to 9999."""
    return (
        f"CASE WHEN ({day}) IS NULL THEN NULL WHEN ({day}) BETWEEN DATE '0001-01-01' AND "
        f"DATE '9999-12-31' THEN ({day}) ELSE error('date out of range') END"
    )


def plus_months_sql(day: str, months: str) -> str:
    """Return the day so many months later, clipped to the end of the month."""
    return in_range(f"CAST(({day}) + to_months(CAST({months} AS INTEGER)) AS DATE)")


def plus_days_sql(day: str, days: str) -> str:
    """Return the day so many days later."""
    return in_range(f"({day}) + CAST({days} AS INTEGER)")


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
        value = literal(1) if node.value is None else sql.exact(node.value)
        for name, edge in (("low", "LEAST"), ("high", "GREATEST")):
            part = f"CASE WHEN ({test}) IS TRUE THEN {value} WHEN ({test}) IS NULL THEN "
            part += f"{edge}({value}, 0) ELSE 0 END"
            own.append(f"CAST(sum({part}) AS BIGINT) AS {stem}_{name}")
        blind = f"bool_or(({test}) IS NOT FALSE AND ({value}) IS NULL)"
        own.append(f"{blind} AS {stem}_blind")
        return stem


@dataclass
class Sql:
    """Writes the expressions of one need; without a need, those of the stated values."""

    programme: Programme
    need: Need | None
    tallies: Tallies

    def exact(self, node: Expression) -> str:
        """Return the SQL of an expression; NULL is unknown."""
        match node:
            case tree.Literal():
                return literal(node.value)
            case tree.FactRef() | tree.ColumnRef():
                return self._usable(node, self._value(node))
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
                options = ", ".join(self.exact(item) for item in node.options)
                return f"({self.exact(node.item)} IN ({options}))"
            case tree.Arithmetic():
                return arithmetic_sql(self.exact(node.left), node.operator, self.exact(node.right))
            case tree.Call():
                return self._call(node)
            case tree.Case():
                tests = [(self.exact(test), self.exact(value)) for test, value in node.branches]
                return case_sql(tests, self.exact(node.default))
            case tree.Band():
                return self._band(node)
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
        """Return the low and high bound of an expression that can have any."""
        if isinstance(node, tree.FactRef | tree.ColumnRef) and node.kind.type in {"int", "fen"}:
            value = self._plain(node, "f")
            low, high = (f"COALESCE({value}, {self._plain(node, edge)})" for edge in "lh")
            return self._usable(node, low), self._usable(node, high)
        if isinstance(node, tree.Aggregate) and node.name in {"count", "sum"}:
            return self._total(node)
        return None

    def _compare(self, node: tree.Compare) -> str:
        left, right = self.bounds(node.left), self.bounds(node.right)
        if left is None and right is None:
            return f"({self.exact(node.left)} {node.operator} {self.exact(node.right)})"
        low, high = left or (self.exact(node.left),) * 2
        other_low, other_high = right or (self.exact(node.right),) * 2
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

    def _band(self, node: tree.Band) -> str:
        amount, item = self.programme.amounts[node.table], self.exact(node.item)
        return self._dated(amount, [band_sql(item, entry.bands) for entry in amount.entries])

    def _call(self, node: tree.Call) -> str:
        items = [self.exact(item) for item in node.items]
        match node.name:
            case "least":
                return least_sql(items)
            case "greatest":
                return greatest_sql(items)
            case "share":
                return share_sql(*items)
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
        complete = f"b.{column('k', node.relation)} IS TRUE AND {stem}_blind IS NOT TRUE"
        floor = literal(0) if node.name == "count" else "NULL"
        low = f"CASE WHEN {complete} THEN COALESCE({stem}_low, 0) ELSE {floor} END"
        return low, f"CASE WHEN {complete} THEN COALESCE({stem}_high, 0) END"


def literal_of(entry: Entry) -> str:
    """Return the constant of an entry."""
    return "NULL" if entry.value is None else literal(entry.value)
