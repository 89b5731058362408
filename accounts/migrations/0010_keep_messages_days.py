from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_login_throttle'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='keep_messages_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='numbers and texts are kept, days'),
        ),
    ]
