"""Two households become one in one step; a household whose head was deleted waits for another."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from niangjia.core import clock


def note_missing_heads(apps, schema_editor):
    """Households that lost their head before this was noted: they have waited unseen."""
    members = apps.get_model("people", "HouseholdMember").objects.filter(
        household=models.OuterRef("pk"), valid_to__isnull=True
    )
    homes = apps.get_model("people", "Household").objects.filter(closed_on__isnull=True)
    homes = homes.filter(models.Exists(members), ~models.Exists(members.filter(relation="head")))
    homes.update(head_erased_on=clock.today())


class Migration(migrations.Migration):

    dependencies = [
        ('federation', '0009_programme_grants'),
        ('people', '0016_order_of_ties'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='household',
            name='head_erased_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='householdstep',
            name='joined',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.household'),
        ),
        migrations.AlterField(
            model_name='householdstep',
            name='kind',
            field=models.CharField(choices=[('leave', '离开'), ('head', '换户主'), ('unite', '两户并一户')], max_length=8),
        ),
        migrations.AlterField(
            model_name='householdstep',
            name='reason',
            field=models.CharField(blank=True, choices=[('left', '分户'), ('divorced', '离婚'), ('died', '去世'), ('moved', '迁走'), ('mistake', '录错'), ('married', '结婚'), ('together', '并户同住'), ('twice', '一家录成两户')], default='', max_length=8),
        ),
        migrations.AddIndex(
            model_name='household',
            index=models.Index(condition=models.Q(('head_erased_on__isnull', False)), fields=['union'], name='household_head_was_deleted'),
        ),
        migrations.AddConstraint(
            model_name='householdstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('joined__isnull', False), ('kind', 'unite')), models.Q(models.Q(('kind', 'unite'), _negated=True), ('joined__isnull', True)), _connector='OR'), name='step_names_the_household_that_joined'),
        ),
        migrations.AddConstraint(
            model_name='householdstep',
            constraint=models.CheckConstraint(condition=models.Q(('household', models.F('joined')), _negated=True), name='step_joins_two_households'),
        ),
        migrations.RunPython(note_missing_heads, migrations.RunPython.noop),
    ]
