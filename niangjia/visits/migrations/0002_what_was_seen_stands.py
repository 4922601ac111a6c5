"""What was seen, handed in, fixed, drawn and found may be added, never changed: the database refuses."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = (
    "visits_standard", "visits_paper", "visits_homevisit", "visits_visitanswer", "visits_visitphoto",
    "visits_departure", "visits_grading", "visits_sample", "visits_stratum", "visits_sampleseed", "visits_samplerow",
    "visits_assessor", "visits_finding", "visits_rectification", "visits_reportedfigure",
)  # fmt: skip


def refuse_changes(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION federation_append_only()"
            )


def allow_changes(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial"), ("federation", "0002_append_only")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
