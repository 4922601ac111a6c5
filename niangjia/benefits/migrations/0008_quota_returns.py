"""Places given back and given out again."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
import niangjia.core.ids
from django.conf import settings
from django.db import migrations, models

GIVEN_OUT, RETURNED = "benefits_quotareallotment", "benefits_quotareturn"
FIXED = (
    "version_id, period, subject_kind, subject_id, union_id, places, reason, returned_by_id, returned_at, request_id"
)


def refuse_changes(apps: Any, schema_editor: Any) -> None:
    """What was given out stands; what was given back may be undone or given out, and never changes otherwise."""
    if schema_editor.connection.vendor == "sqlite":
        for name, table, when in _guards():
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {when} ON {table} BEGIN SELECT RAISE(ABORT, '{table} stands'); END"
            )
        return
    for name, table, when in _guards():
        when = when.replace("DELETE", "DELETE OR TRUNCATE")
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION federation_append_only()"
        )


def allow_changes(apps: Any, schema_editor: Any) -> None:
    for name, table, _when in _guards():
        schema_editor.execute(
            f"DROP TRIGGER {name}" + ("" if schema_editor.connection.vendor == "sqlite" else f" ON {table}")
        )


def _guards() -> tuple[tuple[str, str, str], ...]:
    return (
        (f"{GIVEN_OUT}_no_update", GIVEN_OUT, "UPDATE"),
        (f"{GIVEN_OUT}_no_delete", GIVEN_OUT, "DELETE"),
        (f"{RETURNED}_fixed", RETURNED, f"UPDATE OF {FIXED}"),
        (f"{RETURNED}_no_delete", RETURNED, "DELETE"),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0007_caps"),
        ("federation", "0006_tree_changes"),
        ("policy", "0003_returned_request"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QuotaReallotment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=10)),
                ("number", models.PositiveIntegerField()),
                ("moved", models.TextField()),
                ("done_at", models.DateTimeField()),
                (
                    "done_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "union",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="federation.union"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.programmeversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "period", "number"), name="quota_reallotment_number_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotaReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=niangjia.core.ids.new_public_id, editable=False, max_length=20, unique=True
                    ),
                ),
                ("period", models.CharField(max_length=10)),
                ("subject_kind", models.CharField(max_length=10)),
                ("subject_id", models.BigIntegerField()),
                ("places", models.PositiveIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("returned_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("request_id", models.CharField(max_length=40, unique=True)),
                (
                    "reallotment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="benefits.quotareallotment",
                    ),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "union",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="federation.union"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.programmeversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("places__gt", 0)), name="quota_return_of_places"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="quota_return_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(
                                ("reallotment__isnull", True),
                                ("undone_at__isnull", False),
                                ("undone_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="quota_return_undone_or_given_out",
                    ),
                ],
            },
        ),
        migrations.RunPython(refuse_changes, allow_changes),
    ]
