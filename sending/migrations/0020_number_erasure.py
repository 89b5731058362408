import django.db.models.deletion
import sending.models.msisdn_field
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_keep_messages_days'),
        ('sending', '0019_erased_at'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NumberErasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('msisdn', sending.models.msisdn_field.MsisdnField(blank=True, max_length=16, verbose_name='mobile number')),
                ('digest', models.CharField(max_length=16)),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('in_flight', models.PositiveIntegerField(default=0, verbose_name='on their way')),
                ('requested_at', models.DateTimeField(auto_now_add=True, verbose_name='requested at')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'erasure of a number',
                'verbose_name_plural': 'erasures of numbers',
            },
        ),
    ]
