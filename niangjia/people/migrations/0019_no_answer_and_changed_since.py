"""A batch that nobody answers is closed with why; what changed here since a household was recorded is told."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0018_counted_in_the_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='crosscheck',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='crosscheck',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='crosscheck',
            name='closed_why',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.AddField(
            model_name='upperrecord',
            name='marked_marks',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='upperrecord',
            name='seen_marks',
            field=models.JSONField(default=dict),
        ),
        migrations.AddConstraint(
            model_name='crosscheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('closed_why', '')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('sent_on__isnull', False), models.Q(('closed_why', ''), _negated=True)), _connector='OR'), name='cross_check_closed_whole'),
        ),
    ]
