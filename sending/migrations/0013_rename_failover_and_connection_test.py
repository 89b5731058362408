import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sending', '0012_database_defaults'),
    ]

    operations = [
        migrations.RenameModel(old_name='GatewayTrial', new_name='ConnectionTest'),
        migrations.AlterField(
            model_name='connectiontest',
            name='gateway',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='connection_test', serialize=False, to='sending.gateway'),
        ),
        migrations.AlterModelOptions(
            name='connectiontest',
            options={'verbose_name': 'connection test', 'verbose_name_plural': 'connection tests'},
        ),
        migrations.RenameModel(old_name='Outcome', new_name='CircuitCount'),
        migrations.AlterModelOptions(
            name='circuitcount',
            options={'verbose_name': 'circuit count', 'verbose_name_plural': 'circuit counts'},
        ),
        migrations.RenameIndex(model_name='circuitcount', new_name='circuitcount_at', old_name='outcome_at'),
        migrations.RenameModel(old_name='Shift', new_name='FailoverRecord'),
        migrations.AlterModelOptions(
            name='failoverrecord',
            options={'verbose_name': 'failover', 'verbose_name_plural': 'failovers'},
        ),
        migrations.RenameIndex(model_name='failoverrecord', new_name='failover_at', old_name='shift_at'),
    ]
