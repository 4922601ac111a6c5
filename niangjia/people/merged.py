"""Following a merge: what tells of the past still names the file that went into another."""

from __future__ import annotations

import json
from collections.abc import Collection

from django.db.models import Q

from niangjia.people.models import Person, PersonMerge

FEW = 2_000  # of more, all merges are read: SQLite allows 32,766 parameters


def went_into(person_ids: Collection[int]) -> dict[int, int]:
    """Which file each of these went into, for those that did."""
    rows = PersonMerge.objects.filter(absorbed_id__in=person_ids, undone_at__isnull=True)
    return dict(rows.values_list("absorbed_id", "survivor_id"))


def led_into(person_ids: Collection[int] | None) -> dict[int, int]:
    """The files that went into these, or into any, each with the one that stayed."""
    rows = PersonMerge.objects.filter(undone_at__isnull=True)
    if person_ids is not None and len(person_ids) <= FEW:
        rows = rows.filter(survivor_id__in=person_ids)
    return dict(rows.values_list("absorbed_id", "survivor_id"))


def absorbed_by(person_id: int) -> list[int]:
    """The files that went into this one."""
    rows = PersonMerge.objects.filter(survivor_id=person_id, undone_at__isnull=True)
    return list(rows.values_list("absorbed_id", flat=True))


def one_with(person_ids: Collection[int]) -> dict[int, set[int]]:
    """Each of these with the files that are or were one with it, merges that were undone counted too."""
    rows = PersonMerge.objects.filter(Q(survivor_id__in=person_ids) | Q(absorbed_id__in=person_ids))
    found = {pk: {pk} for pk in person_ids}
    for survivor, absorbed in rows.values_list("survivor_id", "absorbed_id"):
        for one, other in ((survivor, absorbed), (absorbed, survivor)):
            if one in found:
                found[one].add(other)
    return found


def keys_of(person_ids: Collection[int]) -> dict[int, bytes]:
    """The keys that values about these absorbed persons are sealed with."""
    rows = PersonMerge.objects.filter(absorbed_id__in=person_ids, undone_at__isnull=True)
    field = Person._meta.get_field("data_key")
    found = {}
    for pk, kept in rows.values_list("absorbed_id", "kept"):
        key: str = field.from_db_value(json.loads(kept)["absorbed"]["data_key"], None, None)
        found[pk] = bytes.fromhex(key)
    return found
