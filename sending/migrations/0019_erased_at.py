from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sending', '0018_intake_turn'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='erased_at',
            field=models.DateTimeField(null=True, verbose_name='erased at'),
        ),
        migrations.AddField(
            model_name='upload',
            name='erased_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='erased at'),
        ),
        migrations.AddField(
            model_name='sendtask',
            name='source_erased_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='sendtask',
            name='erased_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='erased at'),
        ),
        migrations.AddField(
            model_name='groupimport',
            name='source_erased_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
