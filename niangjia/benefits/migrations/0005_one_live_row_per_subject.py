"""Nobody is on two live lists of one programme and period, whichever way its editions count.

A unique constraint with a condition is an index of its own on SQLite too: the table is not made anew,
so the triggers that make its rows stand still stay where they are.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("benefits", "0004_a_return_stands")]
    operations = [
        migrations.AddConstraint(
            model_name="listrow",
            constraint=models.UniqueConstraint(
                fields=["programme", "period", "subject_kind", "subject_id"],
                condition=models.Q(excluded_at__isnull=True),
                name="list_row_one_live_subject",
            ),
        ),
    ]
