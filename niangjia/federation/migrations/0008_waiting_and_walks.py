"""Rows that wait for their place are kept by the database; walks along the chain have a row of their own."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_ADD, _TAKE = "federation_row_waits", "federation_row_is_sealed"


def keep(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(
        "INSERT INTO federation_auditwaiting (row_id) SELECT id FROM federation_auditrow "
        "WHERE id NOT IN (SELECT row_id FROM federation_auditseal)"
    )
    add = "INSERT INTO federation_auditwaiting (row_id) "
    take = "DELETE FROM federation_auditwaiting WHERE row_id "
    if schema_editor.connection.vendor == "sqlite":
        _on_sqlite(schema_editor, _ADD, "federation_auditrow", f"{add} VALUES (NEW.id)")
        _on_sqlite(schema_editor, _TAKE, "federation_auditseal", f"{take} = NEW.row_id")
    else:
        _on_postgresql(schema_editor, _ADD, "federation_auditrow", f"{add} SELECT id FROM fresh")
        _on_postgresql(schema_editor, _TAKE, "federation_auditseal", f"{take} IN (SELECT row_id FROM fresh)")


def _on_sqlite(schema_editor: Any, name: str, table: str, does: str) -> None:
    schema_editor.execute(f"CREATE TRIGGER {name} AFTER INSERT ON {table} BEGIN {does}; END")


def _on_postgresql(schema_editor: Any, name: str, table: str, does: str) -> None:
    schema_editor.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NULL; END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {name} AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def leave(apps: Any, schema_editor: Any) -> None:
    for name, table in ((_ADD, "federation_auditrow"), (_TAKE, "federation_auditseal")):
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [
        ("federation", "0007_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="AuditWaiting",
            fields=[("row_id", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="ChainWalk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("noted", models.CharField(blank=True, default="", max_length=90)),
                ("until", models.BigIntegerField()),
                ("place", models.BigIntegerField(default=0)),
                ("digest", models.CharField(max_length=64)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("broken_at", models.BigIntegerField(blank=True, null=True)),
                ("broken_how", models.CharField(blank=True, default="", max_length=10)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.RunPython(keep, leave),
    ]
