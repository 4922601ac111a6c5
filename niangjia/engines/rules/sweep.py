"""Deciding a table of subjects at once with DuckDB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from niangjia.engines.rules.compile_duckdb import Sql, Tallies, column, literal, plus_days_sql, plus_months_sql
from niangjia.engines.rules.errors import AmountMissing, RuleOverflow
from niangjia.engines.rules.facts import Fact, Partial, Readings, Records
from niangjia.engines.rules.late import duckdb, pa
from niangjia.engines.rules.model import Condition, Formula, Need, Programme
from niangjia.engines.rules.tree import Expression

YES, NO, UNKNOWN = 1, 0, -1


def type_of(name: str) -> pa.DataType:
    """Return the Arrow type of a fact's values."""
    return {"bool": pa.bool_(), "date": pa.date32(), "code": pa.string()}.get(name, pa.int64())


def overflows() -> tuple[type[Exception], ...]:
    """What DuckDB raises when a number or a date leaves its range."""
    return duckdb.OutOfRangeException, duckdb.ConversionException, duckdb.InvalidInputException


def compile_duckdb(programme: Programme) -> str:
    """Return one SELECT over the tables `subjects` and `rel_<relation>`, with `$today`.

    Its columns: `subject_id`, `as_of`, `outcome` (1 yes, 0 no, -1 unknown), `if_confirmed`,
    `near_miss`, `amount_fen`, `n_no`, `n_unknown`, then `c_<condition>` (NULL is unknown),
    `s_<condition>` on stated values, `m_<condition>` for nearness, `a_<formula>`, and
    `x_group`, `x_rank_key` where the programme has them.
    """
    if programme.missing_amounts:
        raise AmountMissing(programme.missing_amounts)
    tallies = Tallies()

    def sql(need: Need | None, node: Expression) -> str:
        return Sql(programme, need, tallies).exact(node)

    lines: list[str] = []
    for item in programme.conditions:
        lines.append(f"{sql(item.need, item.when)} AS {column('c', item.id)}")
        lines.append(f"{sql(None, item.when)} AS {column('s', item.id)}")
        near = "NULL" if item.near is None else sql(item.need, item.near)
        lines.append(f"CAST({near} AS BOOLEAN) AS {column('m', item.id)}")
    for formula in programme.every_formula:
        lines.append(f"{sql(formula.need, formula.value)} AS {_formula_column(programme, formula)}")
    tables = _base(programme)
    joins = []
    for relation, columns in tallies.columns.items():
        name = column("g", relation)
        source = f"base AS b JOIN {column('rel', relation)} AS r ON r.subject_id = b.subject_id"
        tables.append(_table(name, ["b.subject_id", *columns], source, "\n  GROUP BY b.subject_id"))
        joins.append(f"\n  LEFT JOIN {name} ON {name}.subject_id = b.subject_id")
    tables.append(_table("answers", ["b.subject_id", "b.as_of", *lines], f"base AS b{''.join(joins)}"))
    tables.append(_table("counted", _counted(programme.conditions), "answers"))
    return "WITH " + ",\n".join(tables) + "\n" + _final(programme) + "\n"


def _formula_column(programme: Programme, formula: Formula) -> str:
    extra = formula is programme.group or formula is programme.rank_key
    return column("x" if extra else "a", formula.name)


def _table(name: str, columns: list[str], source: str, rest: str = "") -> str:
    """Return one named step of the statement; every name in it is ours or checked at loading."""
    shown = ",\n    ".join(columns)
    return f"{name} AS (\n  SELECT {shown}\n  FROM {source}{rest}\n)"  # noqa: S608


def _base(programme: Programme) -> list[str]:
    """Return the steps that give each subject its day of reckoning and the day of its numbers."""
    rule = programme.as_of
    day = "CAST($today AS DATE)"
    if rule.kind == "date" and rule.day is not None:
        day = literal(rule.day)
    elif rule.kind == "amount":
        value = programme.amounts[rule.code].entries[0].value
        day = "NULL" if value is None else literal(value)
    elif rule.kind == "fact":
        day = f"s.{column('f', rule.code)}"
    if rule.months:
        day = plus_months_sql(day, str(rule.months))
    if rule.days:
        day = plus_days_sql(day, str(rule.days))
    held = f"GREATEST(d.as_of, {literal(programme.valid_from)})"
    if programme.valid_to is not None:
        held = f"LEAST({held}, {literal(programme.valid_to)})"
    held = f"CASE WHEN d.as_of IS NULL THEN NULL ELSE {held} END AS lookup_day"
    return [
        _table("dated", ["s.*", f"CAST({day} AS DATE) AS as_of"], "subjects AS s"),
        _table("base", ["d.*", held], "dated AS d"),
    ]


def _counted(conditions: tuple[Condition, ...]) -> list[str]:
    names = [item.id for item in conditions]

    def count(prefix: str, state: str) -> str:
        return " + ".join(f"CAST({column(prefix, name)} IS {state} AS INTEGER)" for name in names)

    near = [f"({column('c', name)} IS FALSE AND {column('m', name)} IS TRUE)" for name in names]
    return [
        "*",
        f"{count('c', 'FALSE')} AS n_no",
        f"{count('c', 'NULL')} AS n_unknown",
        f"{count('s', 'TRUE')} AS n_stated",
        f"{' OR '.join(near)} AS is_near",
    ]


def _final(programme: Programme) -> str:
    total = len(programme.conditions)
    money = [f"CAST({column('a', item.amount)} AS BIGINT)" for item in programme.give if item.amount]
    amount = f"CASE WHEN n_no = 0 THEN {' + '.join(money)} END" if money else "CAST(NULL AS BIGINT)"
    lines = [
        "subject_id",
        "as_of",
        "CAST(CASE WHEN n_no > 0 THEN 0 WHEN n_unknown > 0 THEN -1 ELSE 1 END AS TINYINT) AS outcome",
        f"n_no = 0 AND n_unknown > 0 AND n_stated = {total} AS if_confirmed",
        "n_no = 1 AND n_unknown = 0 AND is_near AS near_miss",
        f"{amount} AS amount_fen",
        "CAST(n_no AS INTEGER) AS n_no",
        "CAST(n_unknown AS INTEGER) AS n_unknown",
    ]
    for prefix in "csm":
        lines += [column(prefix, item.id) for item in programme.conditions]
    lines += [_formula_column(programme, item) for item in programme.every_formula]
    return "SELECT " + ",\n  ".join(lines) + "\nFROM counted\nORDER BY subject_id"


def column_names(fact: Fact) -> tuple[str, ...]:
    """Return the columns of a fact: value, proof, day and, for numbers, the bounds."""
    names = [column(prefix, fact.code).strip('"') for prefix in "fpo"]
    if fact.type in {"int", "fen"}:
        names += [column(prefix, fact.code).strip('"') for prefix in "lh"]
    return tuple(names)


def fact_fields(facts: Iterable[Fact]) -> list[pa.Field]:
    """Return the columns of some facts with their types."""
    found: list[pa.Field] = []
    for fact in facts:
        kinds = [type_of(fact.type), pa.int8(), pa.date32(), pa.int64(), pa.int64()]
        names = column_names(fact)
        found += [pa.field(name, kind) for name, kind in zip(names, kinds, strict=False)]
    return found


def _facts(programme: Programme) -> list[Fact]:
    known = (programme.catalogue.fact(code) for code in programme.fact_codes)
    return [fact for fact in known if fact is not None]


def subjects_schema(programme: Programme) -> pa.Schema:
    """Return the columns of `subjects`: `k_<relation>` says that its register is complete.

    Records of a register that is not complete count for what they show, never for what is missing.
    """
    flags = [pa.field(f"k_{code}", pa.bool_()) for code in programme.relation_codes]
    return pa.schema([pa.field("subject_id", pa.string()), *fact_fields(_facts(programme)), *flags])


def relation_schema(programme: Programme, code: str) -> pa.Schema:
    """Return the columns of `rel_<code>`: one row per record, with the subject it belongs to."""
    relation = programme.catalogue.relation(code)
    columns = relation.columns if relation is not None else ()
    return pa.schema([pa.field("subject_id", pa.string()), *fact_fields(columns)])


def subject_row(facts: Iterable[Fact], readings: Readings) -> dict[str, object]:
    """Return the columns of one subject or record from its readings."""
    row: dict[str, object] = {}
    for fact in facts:
        reading = readings.get(fact.code)
        if reading is None:
            continue
        parts = (reading.value, reading.proof, reading.on, reading.low, reading.high)
        row.update(zip(column_names(fact), parts, strict=False))
    return row


def tables_of(
    programme: Programme, subjects: Iterable[tuple[str, Readings, Records]]
) -> tuple[pa.Table, dict[str, pa.Table]]:
    """Return the tables of some subjects: `subjects` and one per relation, by relation code."""
    facts = _facts(programme)
    rows: list[dict[str, object]] = []
    records: dict[str, list[dict[str, object]]] = {code: [] for code in programme.relation_codes}
    for name, readings, known in subjects:
        flags = {f"k_{code}": code in known and not isinstance(known[code], Partial) for code in records}
        rows.append({"subject_id": name, **subject_row(facts, readings), **flags})
        for code, found in records.items():
            relation = programme.catalogue.relation(code)
            columns = relation.columns if relation is not None else ()
            for record in known.get(code, ()):
                found.append({"subject_id": name, **subject_row(columns, record)})
    tables = {code: pa.Table.from_pylist(found, relation_schema(programme, code)) for code, found in records.items()}
    return pa.Table.from_pylist(rows, subjects_schema(programme)), tables


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection in memory that reads no file, loads no extension and asks no network."""
    return duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "enable_external_access": "false",
        }
    )


def sweep_duckdb(
    programme: Programme,
    subjects: pa.Table,
    relations: Mapping[str, pa.Table] | None = None,
    today: dt.date | None = None,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> pa.Table:
    """Return one row per subject, ordered by `subject_id`; see `compile_duckdb` for the columns.

    Raises `RuleOverflow` when a number leaves the signed 64-bit range.
    """
    statement = compile_duckdb(programme)
    own = connection or connect()
    names = {"subjects": subjects}
    for code in programme.relation_codes:
        given = (relations or {}).get(code)
        empty = relation_schema(programme, code).empty_table()
        names[f"rel_{code}"] = empty if given is None else given
    try:
        for name, table in names.items():
            own.register(name, table)
        parameters = {"today": today} if "$today" in statement else {}
        return own.sql(statement, params=parameters).to_arrow_table()
    except overflows() as error:
        raise RuleOverflow(str(error)) from error
    finally:
        for name in names:
            own.unregister(name)
        if connection is None:
            own.close()
