"""An assessor may be named no longer; like his naming, that may be added and never changed."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NAMED, ENDED = "visits_assessor", "visits_assessorend"


def refuse_changes(apps: Any, schema_editor: Any) -> None:
    # SQLite made the table of the named anew when its constraint went, and the triggers went with the old one.
    if schema_editor.connection.vendor == "sqlite":
        for table in (NAMED, ENDED):
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
    else:
        schema_editor.execute(
            f"CREATE TRIGGER {ENDED}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {ENDED} "
            "FOR EACH STATEMENT EXECUTE FUNCTION federation_append_only()"
        )


def allow_changes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {ENDED}_no_{verb}")
    else:
        schema_editor.execute(f"DROP TRIGGER {ENDED}_append_only ON {ENDED}")


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0003_what_is_forgotten"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RemoveConstraint(model_name="assessor", name="assessor_once"),
        migrations.CreateModel(
            name="AssessorEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ended_at", models.DateTimeField()),
                (
                    "assessor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ending", to="visits.assessor"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.RunPython(refuse_changes, allow_changes),
    ]
