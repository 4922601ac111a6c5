"""Lay names and readings in the order they are shown in, ties and all: PostgreSQL sorted every namesake for twenty."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_BEFORE = {
    "person_name_in_order": ("name_key", ""),
    "person_initials_in_order": ("name_initials", ""),
    "person_reading_in_order": ("name_reading", ""),
    "person_other_init_in_order": ("other_initials", " WHERE other_initials <> ''"),
    "person_other_read_in_order": ("other_reading", " WHERE other_reading <> ''"),
}


def with_ties(apps: Any, schema_editor: Any) -> None:
    _lay(schema_editor, ", id")


def without_ties(apps: Any, schema_editor: Any) -> None:
    _lay(schema_editor, "")


def _lay(schema_editor: Any, tie: str) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, (column, condition) in _BEFORE.items():
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
        schema_editor.execute(f'CREATE INDEX {name} ON people_person ({column} COLLATE "C"{tie}){condition}')


class Migration(migrations.Migration):
    dependencies = [("people", "0014_signed_is_consent")]
    operations = [migrations.RunPython(with_ties, without_ties)]
