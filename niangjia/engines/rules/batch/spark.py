"""The same statement for Spark, when one machine is outgrown.

What DuckDB is asked is translated, not written a second time: the guards for unknowns are plain SQL
and come along. Translated by hand is only what the two engines say differently: 128-bit numbers,
whole division, days between dates, months added, and stopping on purpose. Spark has to run in ANSI
mode, in which a number that leaves its range is an error and not a wrong number.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

import sqlglot
from sqlglot import exp

from niangjia.engines.rules.batch.settle import settled
from niangjia.engines.rules.errors import RuleOverflow
from niangjia.engines.rules.model import Programme
from niangjia.engines.rules.sweep import compile_duckdb

WIDE = "DECIMAL(38, 0)"
OVERFLOWS = ("OVERFLOW", "OUT_OF_RANGE", "USER_RAISED_EXCEPTION", "DATETIME_FIELD_OUT_OF_BOUNDS")
ANSI = "spark.sql.ansi.enabled"


class SparkTooLenient(Exception):
    """The Spark session would let a number wrap or turn into NULL: ANSI mode is off."""


class Session(Protocol):
    """What is used of a `pyspark.sql.SparkSession`."""

    @property
    def conf(self) -> Any:
        """Return the settings."""

    def sql(self, sqlQuery: str) -> Any:
        """Return the rows of a statement, not yet worked out."""


def compile_spark(programme: Programme, today: dt.date) -> str:
    """Return the statement of `compile_duckdb` in Spark's SQL, for one day.

    It reads the same tables `subjects` and `rel_<relation>` and gives the same columns.
    """
    found = sqlglot.parse_one(compile_duckdb(settled(programme, today)), read="duckdb")
    # The innermost first: what is replaced may stand inside something that is replaced.
    for node in reversed(list(found.walk(bfs=True))):
        other = _as_spark_says(node)
        if other is not node:
            node.replace(other)
    return str(found.sql(dialect="spark"))


def sweep_spark(programme: Programme, session: Session, today: dt.date) -> list[dict[str, Any]]:
    """Return one row per subject of the view `subjects`, in the columns of `sweep_duckdb`.

    Raises `SparkTooLenient` outside ANSI mode, and `RuleOverflow` when a number or a date leaves its range.
    """
    if str(session.conf.get(ANSI)).lower() != "true":
        raise SparkTooLenient(f"Set {ANSI} to true: otherwise an overflow would become a wrong answer.")
    try:
        return [row.asDict() for row in session.sql(compile_spark(programme, today)).collect()]
    except Exception as error:
        if any(word in str(error) for word in OVERFLOWS):
            raise RuleOverflow(str(error).partition("\n")[0]) from error
        raise


def _as_spark_says(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.DataType(this=exp.DataType.Type.INT128):
            return exp.DataType.build(WIDE, dialect="spark")
        case exp.IntDiv():
            # What is divided leaves no rest, and the cast around it checks the range.
            return exp.Paren(this=exp.Div(this=node.this, expression=node.expression, typed=True, safe=False))
        case exp.Sum():
            return exp.Sum(this=exp.cast(node.this, WIDE, dialect="spark"))
        case exp.Anonymous(this="error" | "ERROR"):
            return exp.Anonymous(this="RAISE_ERROR", expressions=node.expressions)
        case exp.Add(expression=exp.Anonymous(this="to_months" | "TO_MONTHS") as months):
            return exp.Anonymous(this="ADD_MONTHS", expressions=[node.this, *months.expressions])
        case exp.Sub(this=exp.Column(this=exp.Identifier(this="as_of"))):
            return exp.Anonymous(this="DATEDIFF", expressions=[node.this, node.expression])
        case _:
            return node
