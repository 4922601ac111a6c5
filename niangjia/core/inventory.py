"""The data inventory: why each field is kept, on which ground, how sensitive, for how long.

Each room lists its models in `inventory.py` as `INVENTORY`: model name to field name to `Entry`.
A model field that stands in no inventory fails the architecture tests; so does an entry for a
field that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps

PACKAGE = "niangjia"


class Ground(StrEnum):
    """On which ground a value is kept."""

    NONE = "none"  # says nothing about a person
    UNION_LAW = "union-law"  # Trade Union Law: the union's statutory work for its members
    CONSENT = "consent"  # Personal Information Protection Law art. 13 (1): the person agreed
    LEGAL_DUTY = "legal-duty"  # the same, art. 13 (3): a duty laid down by law, such as keeping evidence
    CONTRACT = "contract"  # the same, art. 13 (2): needed to do what the person asked for


class Sensitivity(StrEnum):
    """How much harm it does in the wrong hands."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"  # art. 28: identity numbers, health, money, minors


@dataclass(frozen=True, slots=True)
class Entry:
    """Why one field is kept; `retention` says until when, in words of the union's archive rules."""

    purpose: str
    ground: Ground = Ground.NONE
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    retention: str = "with its row"


RoomInventory = Mapping[str, Mapping[str, Entry]]


# This room's own rows, and those of libraries that no other room answers for.
INVENTORY: RoomInventory = {
    "DutyRun": {
        "id": Entry("key of the row"),
        "name": Entry("which periodic duty ran"),
        "due_at": Entry("for which time, so that it runs once"),
        "started_at": Entry("when it was begun"),
        "finished_at": Entry("when it ended"),
        "outcome": Entry("what came of it, for who runs the installation"),
    },
    # Tables that come with Django.
    "sessions.Session": {
        "session_key": Entry("recognises a browser", Ground.CONTRACT, Sensitivity.SENSITIVE, "until it expires"),
        "session_data": Entry("who is logged in there", Ground.CONTRACT, Sensitivity.PERSONAL, "until it expires"),
        "expire_date": Entry("when the log-in ends", Ground.CONTRACT, retention="until it expires"),
    },
    "contenttypes.ContentType": {
        "id": Entry("key of the row"),
        "app_label": Entry("names a table"),
        "model": Entry("names a table"),
    },
    "auth.Permission": {
        "id": Entry("key of the row"),
        "name": Entry("not used: rights are grants"),
        "content_type": Entry("not used: rights are grants"),
        "codename": Entry("not used: rights are grants"),
    },
    "auth.Group": {
        "id": Entry("key of the row"),
        "name": Entry("not used: rights are grants"),
    },
    "auth.Group_permissions": {
        "id": Entry("key of the row"),
        "group": Entry("not used: rights are grants"),
        "permission": Entry("not used: rights are grants"),
    },
}


class InventoryFault(Exception):
    """An inventory names something that cannot be there."""


def room_inventory(room: AppConfig) -> RoomInventory:
    """The inventory of one room, empty when it has no such module."""
    module = f"{room.name}.inventory"
    if find_spec(module) is None:
        return {}
    found: RoomInventory = import_module(module).INVENTORY
    return found


def load() -> dict[tuple[str, str], Entry]:
    """All inventories: (app.Model, field) to entry. A field listed by two rooms raises."""
    entries: dict[tuple[str, str], Entry] = {}
    for room in apps.get_app_configs():
        if not room.name.startswith(f"{PACKAGE}."):
            continue
        for model, fields in room_inventory(room).items():
            label = model if "." in model else f"{room.label}.{model}"
            for name, entry in fields.items():
                if (label, name) in entries:
                    raise InventoryFault(f"{label}.{name} is listed twice.")
                entries[label, name] = entry
    return entries


def stored_fields() -> set[tuple[str, str]]:
    """Every stored field of every model of the installation, libraries' models included."""
    return {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
    }
