"""The database knows how a message begins, and looks up nothing for a problem."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import sending.models.choices
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_allowed_countries'),
        ('sending', '0011_numbers_by_octets'),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='attempt',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='message',
            name='code',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='message',
            name='created_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, verbose_name='accepted'),
        ),
        migrations.AlterField(
            model_name='message',
            name='from_state',
            field=models.CharField(blank=True, db_default='', default='', max_length=13),
        ),
        migrations.AlterField(
            model_name='message',
            name='said_by',
            field=models.CharField(choices=sending.models.choices.said_by_choices, db_default='US', default='US', max_length=7, verbose_name='who said so'),
        ),
        migrations.AlterField(
            model_name='message',
            name='state',
            field=models.CharField(choices=sending.models.choices.message_state_choices, db_default='QUEUED', default='QUEUED', max_length=13, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='message',
            name='state_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, verbose_name='last change'),
        ),
        migrations.AlterField(
            model_name='problem',
            name='group_import',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='sending.groupimport'),
        ),
        migrations.AlterField(
            model_name='problem',
            name='organization',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization'),
        ),
        migrations.AlterField(
            model_name='problem',
            name='task',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='sending.sendtask'),
        ),
    ]
