"""What a request wrote, and whether rows of other units were among it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model, OneToOneField

from niangjia.federation.models import Union

_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
# Written for everybody alike by whoever comes by: the chain that seals rows, and what its readers keep. The trail
# tells in whose union something was done, whoever did it.
FOR_EVERYBODY = {
    "federation_auditrow",
    "federation_auditseal", "policy_standing", "policy_decision", "policy_sweep", "federation_unionclosure",
    "federation_unionedge",
}  # fmt: skip
# Who has it in hands is not whose it is: a matter at the window stays that of the union that wrote it down.
HANDED_TO = {"holder"}
NUMBER_ALONE = "union_id"  # kept as a bare number, with no pointer to follow
DEEPEST = 4


@contextmanager
def noting_writes(tables: set[str]) -> Iterator[None]:
    """Collect the tables that are written meanwhile."""

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITES.match(sql)
        if found:
            tables.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield


def way_to_union(model: type[Model], deepest: int = DEEPEST) -> str:
    """The pointers that lead from a row to the union it belongs to; empty if none do."""
    if model is Union:
        return "pk"
    pointers = [one for one in model._meta.fields if isinstance(one, ForeignKey | OneToOneField)]
    direct = [one for one in pointers if one.related_model is Union and one.name not in HANDED_TO]
    if direct:
        return min(direct, key=lambda one: one.name != "union").attname
    if any(one.name == NUMBER_ALONE for one in model._meta.fields):
        return NUMBER_ALONE
    if deepest > 1:
        # One that may be empty leads there only where no other does.
        for one in sorted(pointers, key=lambda one: one.null):
            if way := way_to_union(one.related_model, deepest - 1):  # type: ignore[arg-type]
                return f"{one.name}__{way}"
    return ""


@dataclass
class Watch:
    """Digests of the rows that are not somebody's; each is taken once, for what a request writes is taken back."""

    below: frozenset[int]
    _before: dict[str, str] = field(default_factory=dict)

    def digests(self, tables: set[str]) -> dict[str, str]:
        """Digests of others' rows in these tables, as they stand now."""
        return {table: digest for table in sorted(tables - FOR_EVERYBODY) if (digest := self._digest(table))}

    def harmed(self, now: dict[str, str]) -> list[str]:
        """The tables whose digests are not as before; asked when the request is taken back."""
        for table in now.keys() - self._before.keys():
            self._before[table] = self._digest(table)
        return [table for table, digest in now.items() if digest != self._before[table]]

    def _digest(self, table: str) -> str:
        model = _models().get(table)
        way = way_to_union(model) if model else ""
        if not model or not way:
            return ""
        rows = model._base_manager.exclude(**{f"{way}__in": self.below}).exclude(**{f"{way}__isnull": True})
        return hashlib.sha256(repr(list(rows.order_by("pk").values_list())).encode()).hexdigest()


def _models() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}
