"""Fill in how stored names are read, and let PostgreSQL walk names and readings in the order of their letters."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from niangjia.core import crypto
from niangjia.people.readings import readings

_BATCH = 2_000
# Beginnings of words are found, and the first twenty taken in order, from one index: that takes an order that
# does not depend on the language of the server.
_IN_ORDER = {
    "person_name_in_order": ("name_key", ""),
    "person_initials_in_order": ("name_initials", ""),
    "person_reading_in_order": ("name_reading", ""),
    "person_other_init_in_order": ("other_initials", " WHERE other_initials <> ''"),
    "person_other_read_in_order": ("other_reading", " WHERE other_reading <> ''"),
}


def fill(apps: Any, schema_editor: Any) -> None:
    Person = apps.get_model("people", "Person")
    rows: list[Any] = []
    for person in Person.objects.defer("id_number", "data_key").order_by("pk").iterator(_BATCH):
        read = readings(person.name_key)
        person.name_initials, person.name_reading = read.initials, read.syllables
        person.other_initials, person.other_reading = read.other_initials, read.other_syllables
        person.phone_tail_key = crypto.keyed_index("phone-tail", person.phone[-4:]) if person.phone else None
        rows.append(person)
        if len(rows) == _BATCH:
            _write(Person, rows)
            rows = []
    _write(Person, rows)


def _write(model: Any, rows: list[Any]) -> None:
    names = ["name_initials", "name_reading", "other_initials", "other_reading", "phone_tail_key"]
    model.objects.bulk_update(rows, names, batch_size=100)


def lay_in_order(apps: Any, schema_editor: Any) -> None:
    for name, (column, condition) in _IN_ORDER.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f'CREATE INDEX {name} ON people_person ({column} COLLATE "C"){condition}')


def take_away(apps: Any, schema_editor: Any) -> None:
    for name in _IN_ORDER:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    # PostgreSQL makes no index in the transaction in which it has changed rows with deferred constraints.
    atomic = False
    dependencies = [("people", "0005_merges")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(lay_in_order, take_away),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["-registered_on", "-id"], name="household_newest_first"),
        ),
    ]
