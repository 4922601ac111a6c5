"""An answer noted by mistake is taken back with a sentence; the steps stand as before."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations, models

TABLE = "cases_contactstep"


def refuse_changes(apps: Any, schema_editor: Any) -> None:
    # SQLite made the table anew when its constraint changed, and the triggers went with the old one.
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_needs'),
        ('federation', '0010_provider_grants'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='contactstep',
            name='contact_step_says_what',
        ),
        migrations.AlterField(
            model_name='contactstep',
            name='verb',
            field=models.CharField(choices=[('register', '登记'), ('accept', '接收'), ('pass_on', '转交'), ('answer', '答复'), ('reopen', '撤回答复'), ('escalate', '报上级')], max_length=8),
        ),
        migrations.AddConstraint(
            model_name='contactstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verb__in', ['pass_on', 'answer', 'reopen']), _negated=True), models.Q(('sentence', ''), _negated=True), _connector='OR'), name='contact_step_says_what'),
        ),
        migrations.RunPython(refuse_changes, migrations.RunPython.noop),
    ]
