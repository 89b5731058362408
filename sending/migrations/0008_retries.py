import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sending', '0007_suppression'),
    ]

    operations = [
        migrations.AddField(
            model_name='sendtask',
            name='retry',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='sendtask',
            name='retry_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='retried_by', to='sending.sendtask'),
        ),
        migrations.CreateModel(
            name='Retry',
            fields=[
                ('message_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='retries', to='sending.sendtask')),
            ],
            options={
                'verbose_name': 'retry',
                'verbose_name_plural': 'retries',
            },
        ),
    ]
