from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("federation", "0009_programme_grants")]

    operations = [
        migrations.RemoveConstraint(model_name="grant", name="grant_scope_is_whole"),
        migrations.AlterField(
            model_name="grant",
            name="scope_kind",
            field=models.CharField(
                choices=[
                    ("union", "工会及下级"),
                    ("programme", "工会及下级的一个项目"),
                    ("employer", "用人单位"),
                    ("provider", "服务机构"),
                    ("self", "本人"),
                    ("system", "系统"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=Q(scope_kind="union", union__isnull=False, scope_id__isnull=True, programme="")
                | Q(Q(scope_kind="programme", union__isnull=False, scope_id__isnull=True), ~Q(programme=""))
                | Q(
                    scope_kind__in=["employer", "provider", "self"],
                    union__isnull=True,
                    scope_id__isnull=False,
                    programme="",
                )
                | Q(scope_kind="system", union__isnull=True, scope_id__isnull=True, programme=""),
                name="grant_scope_is_whole",
            ),
        ),
    ]
