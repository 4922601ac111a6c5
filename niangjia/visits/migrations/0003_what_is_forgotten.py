"""What was seen still stands, except of whom is being forgotten: the database lets go of exactly that.

Answers, photographs and papers may be deleted, and three texts emptied, while `visits_forgetting` names the person
or household; everything else is refused as before.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

_HOME = "f.kind = 'household' AND f.number = "
# Table -> what must be named in `visits_forgetting` for a row to be deleted.
DELETED = {
    "visits_visitanswer": "f.kind = OLD.subject_kind AND f.number = OLD.subject_id",
    "visits_paper": f"{_HOME}OLD.household_id",
    "visits_visitphoto": f"{_HOME}(SELECT v.household_id FROM visits_homevisit v WHERE v.id = OLD.visit_id)",
}
# Table -> its text, and what must be named for it to be emptied.
EMPTIED = {
    "visits_homevisit": ("note", f"{_HOME}OLD.household_id"),
    "visits_finding": ("said", f"{_HOME}(SELECT r.household_id FROM visits_samplerow r WHERE r.id = OLD.row_id)"),
    "visits_rectification": (
        "said",
        f"{_HOME}(SELECT r.household_id FROM visits_finding g JOIN visits_samplerow r ON r.id = g.row_id "
        "WHERE g.id = OLD.finding_id)",
    ),
}


def _columns(apps: Any, table: str, but: str) -> str:
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    return ", ".join(field.column for field in model._meta.concrete_fields if field.column != but)


def let_go(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    run = schema_editor.execute
    for table, named in DELETED.items():
        if sqlite:
            run(f"DROP TRIGGER {table}_no_delete")
            run(_sqlite(table, "delete", "DELETE", named))
        else:
            run(f"DROP TRIGGER {table}_append_only ON {table}")
            run(_whole(table, "UPDATE OR TRUNCATE"))
            _by_row(run, table, "DELETE", "OLD", named)
    for table, (text, named) in EMPTIED.items():
        others = _columns(apps, table, text)
        if sqlite:
            run(f"DROP TRIGGER {table}_no_update")
            run(_sqlite(table, "update", f"UPDATE OF {others}", ""))
            run(_sqlite(table, "update_text", f"UPDATE OF {text}", named))
        else:
            run(f"DROP TRIGGER {table}_append_only ON {table}")
            run(_whole(table, f"UPDATE OF {others} OR DELETE OR TRUNCATE"))
            _by_row(run, table, f"UPDATE OF {text}", "NEW", named)


def hold_again(apps: Any, schema_editor: Any) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    run = schema_editor.execute
    for table in (*DELETED, *EMPTIED):
        if sqlite:
            verb = "delete" if table in DELETED else "update"
            run(f"DROP TRIGGER {table}_no_{verb}")
            if table in EMPTIED:
                run(f"DROP TRIGGER {table}_no_update_text")
            run(_sqlite(table, verb, verb.upper(), ""))
        else:
            run(f"DROP TRIGGER {table}_append_only ON {table}")
            run(f"DROP TRIGGER {table}_forgotten ON {table}")
            run(f"DROP FUNCTION {table}_forgotten()")
            run(_whole(table, "UPDATE OR DELETE OR TRUNCATE"))


def _sqlite(table: str, name: str, verb: str, named: str) -> str:
    unless = f"WHEN NOT EXISTS (SELECT 1 FROM visits_forgetting f WHERE {named}) " if named else ""
    return (
        f"CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} {unless}"
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _whole(table: str, verbs: str) -> str:
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE {verbs} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION federation_append_only()"
    )


def _by_row(run: Any, table: str, verb: str, row: str, named: str) -> None:
    run(
        f"CREATE FUNCTION {table}_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS (SELECT 1 FROM visits_forgetting f WHERE {named}) THEN RETURN {row}; END IF; "
        f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    run(
        f"CREATE TRIGGER {table}_forgotten BEFORE {verb} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_forgotten()"
    )


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_what_was_seen_stands")]
    operations = [
        migrations.CreateModel(
            name="Forgetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("number", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(let_go, hold_again),
    ]
