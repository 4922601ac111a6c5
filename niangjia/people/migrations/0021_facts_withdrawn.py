"""A fact recorded by mistake is withdrawn once and for good; nothing else of its row changes with that."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

TABLE, GUARD = "people_recordedfact", "people_recordedfact_withdrawn"
# Who the row is about and who may see it follow the person; the value and where it came from never change.
KEPT = (
    "subject_kind", "subject_id", "union_id", "code", "value", "true_on", "proof", "source_zh", "source_en",
    "recorded_at", "recorded_by_id", "statement_id",
)  # fmt: skip


def hold(apps: Any, schema_editor: Any) -> None:
    run = schema_editor.execute
    sqlite = schema_editor.connection.vendor == "sqlite"
    differs = "IS NOT" if sqlite else "IS DISTINCT FROM"
    changed = f"NEW.withdrawn_at {differs} OLD.withdrawn_at"
    wrong = " OR ".join(["OLD.withdrawn_at IS NOT NULL", *(f"NEW.{name} {differs} OLD.{name}" for name in KEPT)])
    if sqlite:
        run(
            f"CREATE TRIGGER {GUARD} BEFORE UPDATE OF withdrawn_at ON {TABLE} WHEN {changed} AND ({wrong}) "
            f"BEGIN SELECT RAISE(ABORT, 'a fact is withdrawn once, and nothing else of it changes'); END"
        )
        return
    run(
        f"CREATE FUNCTION {GUARD}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a fact is withdrawn once, and nothing else of it changes' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    run(
        f"CREATE TRIGGER {GUARD} BEFORE UPDATE OF withdrawn_at ON {TABLE} "
        f"FOR EACH ROW WHEN ({changed} AND ({wrong})) EXECUTE FUNCTION {GUARD}()"
    )


def let_go(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {GUARD}")
    else:
        schema_editor.execute(f"DROP TRIGGER {GUARD} ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION {GUARD}()")


class Migration(migrations.Migration):
    dependencies = [("people", "0020_officer_person")]
    operations = [
        migrations.AddField("recordedfact", "withdrawn_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "recordedfact",
            models.CheckConstraint(
                condition=models.Q(("withdrawn_at__isnull", True), ("withdrawn_at__gte", models.F("recorded_at")), _connector="OR"),
                name="fact_withdrawn_after_it_was_recorded",
            ),
        ),
        migrations.RunPython(hold, let_go),
    ]
