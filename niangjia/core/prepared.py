"""Statements that are put together once: what every page asks, Django would build and compile for each page anew.

>>> of_user = Prepared(lambda: Grant.objects.filter(user_id=Asked("user", models.BigIntegerField())))  # doctest: +SKIP
>>> of_user(user=7)  # doctest: +SKIP
[<Grant: ...>]

Building a queryset and compiling it takes ten times as long as the database needs to answer the three small questions
of a page (whose session, whose account, which roles): together they were a fifth of a page's time. The shape of such a
statement never changes; only its values come with each asking.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, Field, QuerySet


class Asked(Expression):
    """The place of a value that comes with each asking."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Stand where the value will."""
        return "%s", [self]

    def value(self, values: dict[str, Any], connection: Any) -> Any:
        """The value as this database takes it."""
        return self.output_field.get_db_prep_value(values[self.name], connection, prepared=False)


@dataclass
class _Ready:
    """A statement put together, with the compiler that knows its columns and converters as well."""

    rows: QuerySet[Any]
    compiler: Any
    sql: str
    params: tuple[Any, ...]

    @cached_property
    def _comes_with_values(self) -> bool:
        return any(isinstance(one, Asked) for one in self.params)

    @cached_property
    def _written_out(self) -> str:
        """The statement with its values in it, where none comes with the asking."""
        connection: Any = connections[self.rows.db]
        return str(connection.written_out(self.sql, self.params))

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> _Ready | None:
        """The same rows with their statement; nothing where no row can be meant, which needs none."""
        compiler = rows.query.get_compiler(using=rows.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        compiler.connection = None  # it belongs to this thread, the statement to all
        return cls(rows, compiler, sql, tuple(params))

    def read(self, values: dict[str, Any]) -> list[Any]:
        """Ask the database, with these values in their places."""
        compiler, rows = copy(self.compiler), self.rows.all()
        connection: Any = connections[rows.db]
        compiler.connection = connection
        told = [one.value(values, connection) if isinstance(one, Asked) else one for one in self.params]
        if connection.vendor == "postgresql":
            asked = (self.sql, told) if self._comes_with_values else (self._written_out, None)
            compiler.execute_sql = lambda *_given, **_named: [connection.kept_rows(*asked)]
        else:
            compiler.as_sql = lambda *_given, **_named: (self.sql, told)
        rows.query.get_compiler = lambda *_given, **_named: compiler  # type: ignore[method-assign]
        return list(rows)


class Prepared:
    """Rows whose statement is the same each time but for the values `Asked`; it is put together once.

    What `build` returns may depend on nothing but those values: it is called once for all.
    """

    def __init__(self, build: Callable[[], QuerySet[Any]]) -> None:
        self._build = build

    @cached_property
    def _ready(self) -> _Ready | None:
        return _Ready.of(self._build())

    def __call__(self, **values: Any) -> list[Any]:
        """The rows for these values, read now."""
        return [] if self._ready is None else self._ready.read(values)


class PreparedBy:
    """Prepared rows by a key, which names everything they depend on; those not asked for longest are dropped."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_key: OrderedDict[Hashable, Prepared] = OrderedDict()

    def __call__(self, key: Hashable, build: Callable[[], QuerySet[Any]]) -> list[Any]:
        """The rows of this key, read now; `build` is called where nobody asked for them lately."""
        found = self._by_key.pop(key, None) or Prepared(build)
        self._by_key[key] = found
        while len(self._by_key) > self._most:
            self._by_key.popitem(last=False)
        return found()
