from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sending', '0003_submission_once'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkerHeartbeat',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('beat_at', models.DateTimeField(verbose_name='last sign of life')),
            ],
            options={
                'verbose_name': 'heartbeat of a worker',
                'verbose_name_plural': 'heartbeats of workers',
            },
        ),
    ]
