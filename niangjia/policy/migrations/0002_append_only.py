"""Decisions and publications may be added, never changed; a published version stands still: the database refuses."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = ("policy_decision", "policy_publication", "policy_withdrawal")
VERSION = "policy_programmeversion"
PUBLISHED = "a published version stands still"


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
    for verb in ("UPDATE", "DELETE"):
        schema_editor.execute(
            f"CREATE TRIGGER {VERSION}_no_{verb.lower()} BEFORE {verb} ON {VERSION} "
            "WHEN EXISTS (SELECT 1 FROM policy_publication WHERE version_id = OLD.id) "
            f"BEGIN SELECT RAISE(ABORT, '{PUBLISHED}'); END"
        )


def _refuse_on_postgresql(schema_editor: Any) -> None:
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION federation_append_only()"
        )
    schema_editor.execute(
        "CREATE FUNCTION policy_published_stands() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF EXISTS (SELECT 1 FROM policy_publication WHERE version_id = OLD.id) THEN "
        f"RAISE EXCEPTION '{PUBLISHED}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {VERSION}_stands BEFORE UPDATE OR DELETE ON {VERSION} "
        "FOR EACH ROW EXECUTE FUNCTION policy_published_stands()"
    )


def allow_changes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for table in (*TABLES, VERSION):
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    schema_editor.execute(f"DROP TRIGGER {VERSION}_stands ON {VERSION}")
    schema_editor.execute("DROP FUNCTION policy_published_stands()")


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial"), ("federation", "0002_append_only")]
    operations = [migrations.RunPython(refuse_changes, allow_changes)]
