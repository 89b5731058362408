import accounts.names
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_sealed_trail'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='needs_second_step',
            field=models.BooleanField(default=False, verbose_name='second step required for members'),
        ),
        migrations.AlterField(
            model_name='organization',
            name='name',
            field=models.CharField(max_length=120, validators=[accounts.names.validate_name], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='user',
            name='name',
            field=models.CharField(max_length=120, validators=[accounts.names.validate_name], verbose_name='name'),
        ),
    ]
