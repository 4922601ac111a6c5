"""Where a visit was recorded: kept sealed, added with the visit, and let go of like its note when it is forgotten."""

from __future__ import annotations

from typing import Any

from django.db import migrations

import niangjia.core.fields

TABLE = "visits_homevisit"
NAMED = "f.kind = 'household' AND f.number = OLD.household_id"
PLACE = niangjia.core.fields.SealedTextField(blank=True, default="")


def add(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        # Django would make the table anew, which other tables' triggers do not survive: they ask this one.
        schema_editor.execute(f"ALTER TABLE {TABLE} ADD COLUMN place text NOT NULL DEFAULT ''")
        _guard(schema_editor, "note, place")
        return
    field = PLACE.clone()
    field.set_attributes_from_name("place")
    schema_editor.add_field(apps.get_model("visits", "HomeVisit"), field)
    _guard(schema_editor, "note, place")


def take_out(apps: Any, schema_editor: Any) -> None:
    _guard(schema_editor, "note")
    schema_editor.execute(f"ALTER TABLE {TABLE} DROP COLUMN place")


def _guard(schema_editor: Any, texts: str) -> None:
    """Which texts of a visit may be emptied, while its household is being forgotten."""
    run = schema_editor.execute
    if schema_editor.connection.vendor == "sqlite":
        run(f"DROP TRIGGER {TABLE}_no_update_text")
        run(
            f"CREATE TRIGGER {TABLE}_no_update_text BEFORE UPDATE OF {texts} ON {TABLE} "
            f"WHEN NOT EXISTS (SELECT 1 FROM visits_forgetting f WHERE {NAMED}) "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
        )
        return
    run(f"DROP TRIGGER {TABLE}_forgotten ON {TABLE}")
    run(
        f"CREATE TRIGGER {TABLE}_forgotten BEFORE UPDATE OF {texts} ON {TABLE} "
        f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_forgotten()"
    )


class Migration(migrations.Migration):
    dependencies = [("visits", "0007_taken_back")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(add, take_out)],
            state_operations=[migrations.AddField(model_name="homevisit", name="place", field=PLACE)],
        ),
    ]
