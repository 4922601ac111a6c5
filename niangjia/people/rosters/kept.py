"""Rows as they are kept between the check and the entry: JSON, with values in the form of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from niangjia.people.rosters.judging import Row
from niangjia.people.rosters.kinds import Column
from niangjia.people.services.roster_pen import as_kept


def kept_row(row: Row) -> dict[str, Any]:
    """A judged row as JSON; a line that is no row of data keeps its place only."""
    kept: dict[str, Any] = {"n": row.number, "s": row.sheet, "l": row.line}
    if row.values:
        kept["v"] = {column: as_kept(value) for column, value in row.values.items()}
    if row.problems:
        kept["p"] = row.problems
    if row.differences:
        kept["d"] = row.differences
    if row.since:
        kept["c"] = row.since
    return kept


def row_from(kept: Mapping[str, Any], columns: Mapping[str, Column]) -> Row:
    """A row to be judged anew, from what was kept."""
    values = {code: columns[code].type.load(value) for code, value in kept.get("v", {}).items() if code in columns}
    return Row(kept["n"], kept["s"], kept["l"], values)
