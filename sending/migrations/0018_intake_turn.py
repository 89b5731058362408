import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_plain_words'),
        ('sending', '0017_plain_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='IntakeTurn',
            fields=[
                ('organization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='accounts.organization')),
                ('began_at', models.DateTimeField(blank=True, null=True, verbose_name='began to read')),
            ],
            options={
                'verbose_name': 'turn of an organization',
                'verbose_name_plural': 'turns of organizations',
            },
        ),
    ]
