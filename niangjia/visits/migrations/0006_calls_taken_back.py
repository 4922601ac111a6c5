"""A call back noted by mistake is taken back with a reason; what it said is kept."""

import django.db.models.deletion
import niangjia.core.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0005_samples_in_providers_hands'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CallTakenBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('done_on', models.DateField()),
                ('result', models.CharField(choices=[('steady', '稳定'), ('help', '需要帮一把'), ('back', '又困难了'), ('away', '没联系上')], max_length=8)),
                ('note', niangjia.core.fields.SealedTextField(blank=True, default='')),
                ('reason', models.CharField(max_length=200)),
                ('taken_back_at', models.DateTimeField()),
                ('done_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken_back', to='visits.followup')),
                ('taken_back_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='call_taken_back_says_why')],
            },
        ),
    ]
