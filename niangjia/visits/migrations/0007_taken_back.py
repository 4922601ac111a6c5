"""A visit or paper recorded by mistake is taken back; that may be added, never changed, except of whom is forgotten."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

VISIT, PAPER = "visits_visittakenback", "visits_papertakenback"
# What must be named in `visits_forgetting` for the reason to be written over, and for the row to be deleted.
NAMED = {
    VISIT: "f.number = (SELECT v.household_id FROM visits_homevisit v WHERE v.id = OLD.visit_id)",
    PAPER: "f.number = (SELECT p.household_id FROM visits_paper p WHERE p.id = OLD.paper_id)",
}
# What is refused whoever is forgotten, and what only of others.
NEVER = {VISIT: ("UPDATE OF id, visit_id, taken_back_by_id, taken_back_at", "DELETE"), PAPER: ("UPDATE",)}
UNLESS = {VISIT: ("UPDATE OF reason", "NEW"), PAPER: ("DELETE", "OLD")}


def hold(apps: Any, schema_editor: Any) -> None:
    run = schema_editor.execute
    for table, named in NAMED.items():
        forgotten = f"EXISTS (SELECT 1 FROM visits_forgetting f WHERE f.kind = 'household' AND {named})"
        verb, row = UNLESS[table]
        if schema_editor.connection.vendor == "sqlite":
            stop = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for one in NEVER[table]:
                run(f"CREATE TRIGGER {table}_no_{one.split()[0].lower()} BEFORE {one} ON {table} {stop}")
            run(f"CREATE TRIGGER {table}_forgotten BEFORE {verb} ON {table} WHEN NOT {forgotten} {stop}")
            continue
        run(
            f"CREATE TRIGGER {table}_append_only BEFORE {' OR '.join(NEVER[table])} OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION federation_append_only()"
        )
        run(
            f"CREATE FUNCTION {table}_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {forgotten} THEN RETURN {row}; END IF; "
            f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        run(
            f"CREATE TRIGGER {table}_forgotten BEFORE {verb} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_forgotten()"
        )


def let_go(apps: Any, schema_editor: Any) -> None:
    run = schema_editor.execute
    for table in NAMED:
        if schema_editor.connection.vendor == "sqlite":
            for name in (*(f"no_{one.split()[0].lower()}" for one in NEVER[table]), "forgotten"):
                run(f"DROP TRIGGER {table}_{name}")
        else:
            run(f"DROP TRIGGER {table}_append_only ON {table}")
            run(f"DROP TRIGGER {table}_forgotten ON {table}")
            run(f"DROP FUNCTION {table}_forgotten()")


def _taken_back(name: str, of: str, constraint: str) -> migrations.CreateModel:
    key = models.OneToOneField(
        on_delete=django.db.models.deletion.PROTECT, related_name="taken_back", to=f"visits.{of}"
    )
    who = models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )
    number = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
    says_why = models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name=constraint)
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", number),
            ("reason", models.CharField(max_length=200)),
            ("taken_back_at", models.DateTimeField()),
            ("paper" if of == "paper" else "visit", key),
            ("taken_back_by", who),
        ],
        options={"constraints": [says_why]},
    )


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0006_calls_taken_back"),
        ("federation", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        _taken_back("PaperTakenBack", "paper", "paper_taken_back_says_why"),
        _taken_back("VisitTakenBack", "homevisit", "visit_taken_back_says_why"),
        migrations.RunPython(hold, let_go),
    ]
