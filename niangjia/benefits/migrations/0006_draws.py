"""Draws of lots, their seeds, and the places of a frozen list: added, never changed."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
import niangjia.core.ids
from django.conf import settings
from django.db import migrations, models

TABLES = ("benefits_draw", "benefits_drawseed", "benefits_listplaces")


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
    dependencies = [
        ("benefits", "0005_one_live_row_per_subject"),
        ("federation", "0003_related_names"),
        ("policy", "0003_returned_request"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=niangjia.core.ids.new_public_id, editable=False, max_length=20, unique=True
                    ),
                ),
                ("period", models.CharField(max_length=10)),
                ("number", models.PositiveIntegerField()),
                ("committed", models.TextField()),
                ("list_hash", models.CharField(max_length=64)),
                ("seed_source", models.CharField(max_length=120)),
                ("seed_on", models.DateField()),
                ("fixed_at", models.DateTimeField()),
                (
                    "fixed_by",
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
                    models.UniqueConstraint(fields=("version", "period", "number"), name="draw_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("seed_source", ""), _negated=True), name="draw_says_whence_the_seed"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawSeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.CharField(max_length=120)),
                ("entered_at", models.DateTimeField()),
                (
                    "draw",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seed", to="benefits.draw"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("value", ""), _negated=True), name="draw_seed_not_empty")
                ],
            },
        ),
        migrations.CreateModel(
            name="ListPlaces",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.TextField()),
                (
                    "draw",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="benefits.draw",
                    ),
                ),
                (
                    "frozen_list",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="benefits.frozenlist"
                    ),
                ),
            ],
        ),
        migrations.RunPython(refuse_changes, allow_changes),
    ]
