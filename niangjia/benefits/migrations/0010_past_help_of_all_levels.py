"""What was given in earlier years says its level, its giver and its kind of aid, and which table brought it.

It is never changed, as before. It is deleted only with the table that brought it: what came otherwise stands. A new
column makes SQLite build the table anew, without its triggers, so both databases are told again.
"""

import django.db.models.deletion
from django.db import migrations, models

TABLE = "benefits_pastserving"
ABORT = f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"


def stand(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} {ABORT}")
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} WHEN OLD.roster_id IS NULL {ABORT}"
        )
        return
    schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}")
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION federation_append_only()"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} FOR EACH ROW WHEN (OLD.roster_id IS NULL) "
        "EXECUTE FUNCTION federation_append_only()"
    )


def stand_as_before(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_update")
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_delete")
        return
    for name in ("no_update", "no_delete"):
        schema_editor.execute(f"DROP TRIGGER {TABLE}_{name} ON {TABLE}")
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION federation_append_only()"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('benefits', '0009_caps_and_answers'),
        ('people', '0019_no_answer_and_changed_since'),
    ]

    operations = [
        migrations.AddField(
            model_name='pastserving',
            name='aid',
            field=models.CharField(blank=True, choices=[('living', '生活救助'), ('school', '子女就学救助'), ('medical', '医疗救助'), ('work', '就业帮扶')], default='', max_length=8),
        ),
        migrations.AddField(
            model_name='pastserving',
            name='giver',
            field=models.CharField(blank=True, default='', max_length=120),
        ),
        migrations.AddField(
            model_name='pastserving',
            name='level',
            field=models.CharField(blank=True, choices=[('nation', '全国'), ('province', '省级'), ('city', '市级'), ('county', '县级'), ('town', '乡镇'), ('primary', '基层')], default='', max_length=8),
        ),
        migrations.AddField(
            model_name='pastserving',
            name='roster',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.rosterimport'),
        ),
        migrations.RunPython(stand, stand_as_before),
    ]
