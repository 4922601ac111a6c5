"""This room's part of a deletion in tables: rows that tell of somebody keep their place and say nothing. System act.

What was approved and is not entered yet says then something else than the table, so it is checked anew before anything
is entered. The table itself stays as evidence for its own term.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from niangjia.people.erasure import Part, Stay, parts
from niangjia.people.models import Person, RosterBlock, RosterDeed

PLACE = ("n", "s", "l")
Kept = dict[str, Any]


def register() -> None:
    """Offer it."""
    parts.register(
        "people.rosters",
        Part("people.rosters", _("Rows of tables"), _goes, lambda _pk: 0, _forget, _no_hold),
    )


def _no_hold(person_id: int) -> list[Stay]:
    return []


def _goes(person_id: int) -> int:
    return sum(changed for _row, _rows, changed in _found(Person.objects.get(pk=person_id)))


def _forget(person_id: int, keep: bool) -> None:
    for row, rows, _changed in list(_found(Person.objects.get(pk=person_id))):
        row.rows = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        row.save(update_fields=["rows"])


def _found(person: Person) -> Iterator[tuple[RosterBlock | RosterDeed, list[Kept], int]]:
    """Each stretch of rows that tells of a person, as it is without him, and how many of its rows do."""
    entered: set[tuple[int, int]] = set()
    for deed in RosterDeed.objects.iterator(20):
        rows: list[Kept] = json.loads(deed.rows)
        his = [row for row in rows if ["person", person.pk] in row["about"]]
        entered |= {(deed.roster_id, row["n"]) for row in his}
        if any(row["did"] for row in his):
            yield deed, [{**row, "did": []} if row in his else row for row in rows], 0
    marks = [mark for mark in (person.id_number, person.phone) if mark]
    rosters = {roster for roster, _number in entered}
    for block in RosterBlock.objects.iterator(20):
        if block.roster_id not in rosters and not any(mark in block.rows for mark in marks):
            continue
        kept: list[Kept] = json.loads(block.rows)
        his = [row for row in kept if (block.roster_id, row["n"]) in entered or _tells(row, person)]
        his = [row for row in his if row.keys() - set(PLACE)]
        if his:
            yield block, [_place(row) if row in his else row for row in kept], len(his)


def _place(row: Kept) -> Kept:
    return {name: row[name] for name in PLACE}


def _tells(row: Kept, person: Person) -> bool:
    """Whether a row names him by his number, or by his name and telephone."""
    values = list(row.get("v", {}).values())
    by_number = bool(person.id_number) and person.id_number in values
    return by_number or (bool(person.phone) and person.name in values and person.phone in values)
