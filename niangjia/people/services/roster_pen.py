"""Writing rows in bulk, so that each can be read in the audit trail and taken back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Model

from niangjia.accounts.models import User
from niangjia.core import clock, crypto
from niangjia.core.newrows import write_new
from niangjia.federation.services import audit
from niangjia.people.models import Person
from niangjia.people.rosters.judging import Row

BATCH = 500
Subject = tuple[str, int]
Made = tuple[Row, Any]


def as_kept(value: Any) -> Any:
    """A column's value as JSON."""
    return value.isoformat() if isinstance(value, date) else value


class Pen:
    """Creates and changes records for rows; notes what each row did, and tells the audit trail."""

    def __init__(self, public_id: str, acting_user: User) -> None:
        self._public_id, self.user = public_id, acting_user
        self.now = clock.now()
        self._did: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self._acts: dict[tuple[int, str, int], dict[str, Any]] = {}
        self._keys: dict[Subject, str] = {}

    def make(self, made: Sequence[Made]) -> None:
        """Create one record for each row, all of one model; the objects carry their keys afterwards."""
        if not made:
            return
        model = type(made[0][1])
        write_new([thing for _, thing in made])
        for row, thing in made:
            self._did[row.number].append({"model": model._meta.label_lower, "id": thing.pk})

    def change(self, changed: Iterable[tuple[Row, Any, Mapping[str, Any]]], also: Sequence[str] = ()) -> None:
        """Change fields of records that stand; `also` names fields that follow from them."""
        by_fields: dict[tuple[str, ...], list[Model]] = defaultdict(list)
        for row, thing, fields in changed:
            was = {name: as_kept(getattr(thing, name)) for name in fields}
            for name, value in fields.items():
                setattr(thing, name, value)
            now = {name: as_kept(value) for name, value in fields.items()}
            self._did[row.number].append({"model": thing._meta.label_lower, "id": thing.pk, "was": was, "now": now})
            by_fields[tuple(sorted(fields))].append(thing)
        for names, things in by_fields.items():
            type(things[0])._default_manager.bulk_update(things, [*names, *also], batch_size=BATCH)

    def tell(self, row: Row, kind: str, subject_id: int, union_id: int, wrote: str, **named: int) -> None:
        """Say that a row wrote something about a subject; `named` are other subjects it touched."""
        act = self._acts.setdefault(
            (row.number, kind, subject_id), {"union": union_id, "wrote": [], "row": row, "named": {}}
        )
        act["wrote"].append(wrote)
        act["named"].update(named)

    def seal_with(self, person: Person) -> None:
        """Values about this person stand in the trail under the person's own key."""
        self._keys["person", person.pk] = person.data_key

    def flush(self) -> list[dict[str, Any]]:
        """Write the audit rows of this stretch; returns what each row did, for taking it back."""
        audit.record_many("people.roster:write", acting_user=self.user, rows=[self._audit_row(a) for a in self._acts])
        touched: dict[int, list[list[Any]]] = defaultdict(list)
        lines: dict[int, Row] = {}
        for (number, kind, subject_id), act in self._acts.items():
            touched[number] += [[kind, subject_id], *([name, pk] for name, pk in act["named"].items())]
            lines[number] = act["row"]
        deeds = [
            {"n": n, "sheet": lines[n].sheet, "line": lines[n].line, "about": touched[n], "did": did}
            for n, did in self._did.items()
        ]
        self._did.clear()
        self._acts.clear()
        self._keys.clear()
        return deeds

    def _audit_row(self, key: tuple[int, str, int]) -> audit.NewRow:
        _, kind, subject_id = key
        act = self._acts[key]
        row: Row = act["row"]
        after = {"roster": self._public_id, "line": row.line, "wrote": act["wrote"], **act["named"]}
        before: dict[str, Any] = {}
        if row.differences and (personal := self._keys.get((kind, subject_id))):
            # What a new person's row says stands in his own record; what was changed is told, sealed.
            for side, into in (("old", before), ("new", after)):
                told = json.dumps({d["column"]: d[side] for d in row.differences}, ensure_ascii=False)
                into["values"] = crypto.seal(told, bound_to=f"audit:{kind}:{subject_id}", key=bytes.fromhex(personal))
        return audit.NewRow(kind, subject_id, act["union"], before, after)
