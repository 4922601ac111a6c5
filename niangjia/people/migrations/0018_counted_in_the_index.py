"""Count the open households and the grown people of a union in an index alone: a town of 80,000 was read through."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0017_homes_join")]
    operations = [
        migrations.RemoveIndex(model_name="person", name="people_pers_union_i_0c888a_idx"),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["union", "closed_on"], name="household_of_union"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["union", "born_on"], name="person_of_union_by_birth"),
        ),
    ]
