"""Arrow and DuckDB, loaded when something of them is first used.

A page, a search and the entry of a roster decide about one person at a time, or about none, and yet import the
rooms that can decide about all: these two libraries cost such a process some 70 MB and a third of its start.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.compute as pc  # type: ignore[import-untyped]
    import pyarrow.dataset as ds  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]
    import pyarrow.parquet.encryption as pe  # type: ignore[import-untyped]

__all__ = ["ds", "duckdb", "pa", "pc", "pe", "pq"]


class Late:
    """A module that is imported when one of its names is asked for; the name is then kept here."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self._module), name)
        setattr(self, name, found)
        return found


if not TYPE_CHECKING:
    duckdb, pa = Late("duckdb"), Late("pyarrow")
    pc, ds, pq = Late("pyarrow.compute"), Late("pyarrow.dataset"), Late("pyarrow.parquet")
    pe = Late("pyarrow.parquet.encryption")
