"""A frozen list, its notice, its approval and its servings may be added, never changed: the database refuses.

A row of a list may be taken off once, with its reason; its subject, decision and amount stay.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = (
    "benefits_frozenlist", "benefits_listcancellation", "benefits_listconfirmation", "benefits_publicnotice",
    "benefits_release", "benefits_serving", "benefits_servingend", "benefits_pastserving",
)  # fmt: skip
ROW = "benefits_listrow"
FIXED = (
    "frozen_list_id, programme_id, period, position, subject_kind, subject_id, union_id, household_id, decision_id, "
    "per_key, amount_fen, first_time"
)
STANDS = "a row of a frozen list stands still"


def refuse_changes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        _refuse_on_sqlite(schema_editor)
    else:
        _refuse_on_postgresql(schema_editor)


def _refuse_on_sqlite(schema_editor: Any) -> None:
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    refuse = f"BEGIN SELECT RAISE(ABORT, '{STANDS}'); END"
    schema_editor.execute(f"CREATE TRIGGER {ROW}_fixed BEFORE UPDATE OF {FIXED} ON {ROW} {refuse}")
    schema_editor.execute(
        f"CREATE TRIGGER {ROW}_off_once BEFORE UPDATE ON {ROW} WHEN OLD.excluded_at IS NOT NULL {refuse}"
    )
    schema_editor.execute(f"CREATE TRIGGER {ROW}_no_delete BEFORE DELETE ON {ROW} {refuse}")


def _refuse_on_postgresql(schema_editor: Any) -> None:
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION federation_append_only()"
        )
    schema_editor.execute(
        f"CREATE TRIGGER {ROW}_fixed BEFORE UPDATE OF {FIXED} ON {ROW} "
        "FOR EACH STATEMENT EXECUTE FUNCTION federation_append_only()"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {ROW}_off_once BEFORE UPDATE ON {ROW} FOR EACH ROW WHEN (OLD.excluded_at IS NOT NULL) "
        "EXECUTE FUNCTION federation_append_only()"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {ROW}_no_delete BEFORE DELETE OR TRUNCATE ON {ROW} "
        "FOR EACH STATEMENT EXECUTE FUNCTION federation_append_only()"
    )


def allow_changes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        names = [f"{table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]
        for name in (*names, f"{ROW}_fixed", f"{ROW}_off_once", f"{ROW}_no_delete"):
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    for name in (f"{ROW}_fixed", f"{ROW}_off_once", f"{ROW}_no_delete"):
        schema_editor.execute(f"DROP TRIGGER {name} ON {ROW}")


class Migration(migrations.Migration):
    dependencies = [("benefits", "0001_initial"), ("federation", "0002_append_only")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
