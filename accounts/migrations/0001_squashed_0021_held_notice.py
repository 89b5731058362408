"""All of accounts at once, for a new database."""

import accounts.models.api_key
import accounts.models.application
import accounts.models.encrypted
import accounts.models.member
import accounts.models.organization
import accounts.models.originator
import accounts.models.service_activation
import accounts.models.standing
import accounts.models.user
import accounts.names
import accounts.notice_kinds
import accounts.originators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from accounts.models_together import models_together


def name_the_history(apps, schema_editor):
    """Name the history of this database, so that an older one of it is recognised."""
    apps.get_model("accounts", "Standing").objects.get_or_create(pk=1)


class Migration(migrations.Migration):

    replaces = [
        ('accounts', '0001_initial'),
        ('accounts', '0002_review_permission'),
        ('accounts', '0003_allowed_countries'),
        ('accounts', '0004_audit_person'),
        ('accounts', '0005_plain_words'),
        ('accounts', '0006_suspension'),
        ('accounts', '0007_sealed_trail'),
        ('accounts', '0008_second_step_and_plain_names'),
        ('accounts', '0009_login_throttle'),
        ('accounts', '0010_keep_messages_days'),
        ('accounts', '0011_applications_and_keys'),
        ('accounts', '0012_day_zone'),
        ('accounts', '0013_alarms_and_revoking'),
        ('accounts', '0014_languages_of_people'),
        ('accounts', '0015_notices'),
        ('accounts', '0016_rights_and_approval'),
        ('accounts', '0017_originators'),
        ('accounts', '0018_operators'),
        ('accounts', '0019_standing'),
        ('accounts', '0020_twilio'),
        ('accounts', '0021_held_notice'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = models_together([
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, validators=[accounts.names.validate_name], verbose_name='name')),
                ('country', models.CharField(blank=True, default='', max_length=2, verbose_name='country')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('time_zone', models.CharField(default='UTC', max_length=64, validators=[accounts.models.organization.validate_time_zone], verbose_name='time zone')),
                ('daily_segment_limit', models.PositiveIntegerField(default=1000, help_text="Counted in the organization's own day.", verbose_name='segments a day')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('allowed_countries', models.JSONField(blank=True, default=list, verbose_name='allowed countries')),
                ('suspended_at', models.DateTimeField(editable=False, null=True, verbose_name='suspended since')),
                ('suspension_reason', models.CharField(blank=True, default='', editable=False, max_length=500, verbose_name='reason of the suspension')),
                ('needs_second_step', models.BooleanField(default=False, verbose_name='second step required for members')),
                ('keep_messages_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='numbers and texts are kept, days')),
                ('day_zone', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('day_zone_until', models.DateTimeField(editable=False, null=True)),
                ('is_system', models.BooleanField(default=False, editable=False, verbose_name="the console's own")),
                ('approval_above', models.PositiveIntegerField(blank=True, null=True, verbose_name='approval of tasks above, messages')),
                ('needs_passkey', models.BooleanField(db_default=False, default=False, verbose_name='passkey required for members')),
                ('removed_at', models.DateTimeField(editable=False, null=True, verbose_name='removed at')),
            ],
            options={
                'verbose_name': 'organization',
                'verbose_name_plural': 'organizations',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_system', True)), fields=('is_system',), name='organization_one_system')],
                'permissions': [('suspend', 'Can suspend organizations and applications'), ('support_view', 'Can look at an organization as its members see it')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=120, validators=[accounts.names.validate_name], verbose_name='name')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('language', models.CharField(blank=True, default='', max_length=10, verbose_name='language')),
                ('unwanted_notices', models.JSONField(blank=True, default=list, verbose_name='unwanted notices')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
            },
            managers=[
                ('objects', accounts.models.user.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='AuditChain',
            fields=[
                ('id', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('length', models.PositiveBigIntegerField(default=0)),
                ('seal', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64)),
            ],
            options={
                'verbose_name': 'chain of the audit trail',
                'verbose_name_plural': 'chains of the audit trail',
            },
        ),
        migrations.CreateModel(
            name='LoginThrottle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('last_at', models.DateTimeField(db_index=True)),
                ('blocked_until', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'login throttle',
                'verbose_name_plural': 'login throttles',
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('instance', models.CharField(default=accounts.models.standing.new_instance, max_length=32)),
                ('earlier', models.JSONField(default=list)),
                ('place', models.CharField(blank=True, db_default='', default='', max_length=80)),
                ('generation', models.PositiveBigIntegerField(db_default=0, default=0)),
                ('held_since', models.DateTimeField(null=True)),
                ('held_because', models.CharField(blank=True, db_default='', default='', max_length=8)),
                ('details', models.JSONField(default=dict)),
                ('rest', models.CharField(blank=True, db_default='', default='', max_length=6)),
                ('progress', models.JSONField(default=dict)),
                ('told_of', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'standing of the database',
                'verbose_name_plural': 'standings of the database',
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('role', models.CharField(choices=accounts.models.member.role_choices, max_length=8, verbose_name='role')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='invited at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='accounts.organization')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('msisdn', models.CharField(blank=True, max_length=16, verbose_name='mobile number')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='accounts.organization')),
                ('language', models.CharField(blank=True, default='', max_length=10, verbose_name='language')),
                ('notices', models.JSONField(blank=True, default=dict, verbose_name='notices')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=accounts.models.member.role_choices, max_length=8, verbose_name='role')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='since')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='accounts.organization')),
                ('most_messages', models.PositiveIntegerField(blank=True, null=True, verbose_name='messages in one task')),
                ('sees_numbers', models.BooleanField(blank=True, null=True, verbose_name='sees whole numbers')),
            ],
            options={
                'verbose_name': 'member',
                'verbose_name_plural': 'members',
                'constraints': [models.UniqueConstraint(fields=('organization', 'user'), name='member_once')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=60, verbose_name='action')),
                ('subject', models.CharField(max_length=120, verbose_name='subject')),
                ('details', models.JSONField(blank=True, default=dict, verbose_name='details')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='at')),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('position', models.PositiveBigIntegerField(editable=False, verbose_name='position')),
                ('seal', models.CharField(editable=False, max_length=64, verbose_name='seal')),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit trail',
                'indexes': [models.Index(fields=['organization', '-id'], name='audit_newest'), models.Index(fields=['organization', 'actor', '-id'], name='audit_of_actor'), models.Index(fields=['organization', 'at'], name='audit_by_time'), models.Index(fields=['person', '-id'], name='audit_of_person')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'position'), name='audit_one_chain'), models.UniqueConstraint(condition=models.Q(('organization', None)), fields=('position',), name='audit_one_console_chain')],
            },
        ),
        migrations.CreateModel(
            name='ServiceActivation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=accounts.models.service_activation.activation_choices, default='PENDING', max_length=8, verbose_name='state')),
                ('legal_name', models.CharField(max_length=200, verbose_name='registered name')),
                ('country', models.CharField(max_length=2, verbose_name='country of registration')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('purpose', models.TextField(max_length=2000, verbose_name='what you will send, and to whom')),
                ('monthly_messages', models.PositiveIntegerField(verbose_name='estimated messages per month')),
                ('submitted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='submitted at')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('reasons', models.JSONField(blank=True, default=list, verbose_name='reasons')),
                ('note', models.TextField(blank=True, verbose_name='note to the submitter')),
                ('by_own_organization', models.BooleanField(default=False, verbose_name='decided by a member of the organization')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activations', to='accounts.organization')),
                ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'service activation',
                'verbose_name_plural': 'service activations',
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'REJECTED'), _negated=True), fields=('organization',), name='activation_one_open')],
                'permissions': [('review', 'Can decide on the review desk')],
            },
        ),
        migrations.CreateModel(
            name='Originator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=20, validators=[accounts.originators.validate_originator], verbose_name='originator')),
                ('country', models.CharField(blank=True, max_length=2, verbose_name='country')),
                ('state', models.CharField(choices=accounts.models.originator.originator_choices, default='PENDING', max_length=9, verbose_name='state')),
                ('remarks', models.TextField(blank=True, max_length=1000, verbose_name='remarks for the reviewer')),
                ('submitted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='submitted at')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='due at')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('reasons', models.JSONField(blank=True, default=list, verbose_name='reasons')),
                ('note', models.TextField(blank=True, verbose_name='note to the submitter')),
                ('by_own_organization', models.BooleanField(default=False, verbose_name='decided by a member of the organization')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='originators', to='accounts.organization')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'originator',
                'verbose_name_plural': 'originators',
                'permissions': [('withdraw_originator', 'Can withdraw originators')],
                'indexes': [models.Index(fields=['state', 'due_at'], name='originator_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('PENDING', 'APPROVED'))), fields=('organization', 'address', 'country'), name='originator_one_open')],
            },
        ),
        migrations.CreateModel(
            name='SmsApplication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('sdk_app_id', models.CharField(default=accounts.models.application.new_sdk_app_id, editable=False, max_length=10, unique=True, verbose_name='SdkAppId')),
                ('originator', models.CharField(blank=True, help_text='What handsets show as the sender. It must be an approved originator of the organization.', max_length=20, validators=[accounts.originators.validate_originator], verbose_name='originator')),
                ('is_enabled', models.BooleanField(default=True, verbose_name='enabled')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='applications', to='accounts.organization')),
                ('suspended_at', models.DateTimeField(editable=False, null=True, verbose_name='suspended since')),
                ('suspension_reason', models.CharField(blank=True, default='', editable=False, max_length=500, verbose_name='reason of the suspension')),
                ('alarm_contacts', models.ManyToManyField(blank=True, related_name='+', to='accounts.contact', verbose_name='alarm contacts')),
                ('callback_secret', accounts.models.encrypted.EncryptedTextField(blank=True, editable=False)),
                ('callback_url', models.URLField(blank=True, max_length=500, validators=[accounts.models.application.validate_callback_url], verbose_name='callback URL for delivery reports')),
                ('daily_alarm_segments', models.PositiveIntegerField(blank=True, help_text='The alarm contacts are told once a day.', null=True, verbose_name='alarm at segments a day')),
                ('daily_segment_limit', models.PositiveIntegerField(blank=True, help_text='If empty, only the limit of the organization holds.', null=True, verbose_name='segments a day')),
                ('description', models.CharField(blank=True, max_length=200, verbose_name='description')),
                ('limits_one_time_passwords', models.BooleanField(default=True, verbose_name='these limits hold for one-time passwords too')),
                ('number_daily_limit', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='messages a day to a number')),
                ('number_hourly_limit', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='messages an hour to a number')),
                ('repeat_seconds', models.PositiveSmallIntegerField(default=30, help_text='0 means no limit.', verbose_name='seconds between equal texts to a number')),
                ('reply_callback_url', models.URLField(blank=True, max_length=500, validators=[accounts.models.application.validate_callback_url], verbose_name='callback URL for replies')),
                ('alarm_told_day', models.PositiveIntegerField(default=0, editable=False)),
                ('limit_told_day', models.PositiveIntegerField(default=0, editable=False)),
                ('callback_dialect', models.CharField(choices=[('TENCENT', 'JSON, as Tencent Cloud SMS sends it'), ('TWILIO', 'Forms, as Twilio sends them')], db_default='TENCENT', default='TENCENT', max_length=7, verbose_name='form of callbacks')),
            ],
            options={
                'verbose_name': 'application',
                'verbose_name_plural': 'applications',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=accounts.notice_kinds.notice_kind_choices, max_length=12, verbose_name='kind')),
                ('channel', models.CharField(choices=accounts.notice_kinds.channel_choices, max_length=5, verbose_name='channel')),
                ('state', models.CharField(default='WAITING', max_length=7, verbose_name='state')),
                ('to', models.CharField(blank=True, max_length=254, verbose_name='to')),
                ('language', models.CharField(blank=True, max_length=10)),
                ('subject', models.CharField(blank=True, max_length=300, verbose_name='subject')),
                ('text', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='code')),
                ('message_id', models.BigIntegerField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.contact')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['channel', 'due_at', 'id'], name='notice_due'), models.Index(fields=['organization', '-id'], name='notice_newest'), models.Index(condition=models.Q(('erased_at', None)), fields=['organization', 'created_at'], name='notice_readable')],
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='name')),
                ('secret_id', models.CharField(default=accounts.models.api_key.new_secret_id, editable=False, max_length=36, unique=True, verbose_name='SecretId')),
                ('secret_key', accounts.models.encrypted.EncryptedTextField(default=accounts.models.api_key.new_secret_key, editable=False, verbose_name='SecretKey')),
                ('allowed_networks', models.JSONField(blank=True, default=list, verbose_name='allowed addresses')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='works until')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('last_used_address', models.GenericIPAddressField(blank=True, null=True, verbose_name='last used from')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to='accounts.smsapplication')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to='accounts.organization')),
                ('kind', models.CharField(choices=[('SIGNING', 'Signs requests (SDKs of Tencent Cloud)'), ('TOKEN', 'Auth token (SDKs of Twilio)'), ('BASIC', 'API key (SDKs of Twilio)')], db_default='SIGNING', default='SIGNING', editable=False, max_length=7, verbose_name='kind')),
                ('second_key', accounts.models.encrypted.EncryptedTextField(blank=True, db_default='', default='', editable=False)),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
                'permissions': [('revoke_apikey', 'Can revoke API keys')],
            },
        ),
        migrations.CreateModel(
            name='ApplicationCountry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('daily_segment_limit', models.PositiveIntegerField(blank=True, null=True, verbose_name='segments a day')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='countries', to='accounts.smsapplication')),
            ],
            options={
                'verbose_name': 'country of an application',
                'verbose_name_plural': 'countries of applications',
                'constraints': [models.UniqueConstraint(fields=('application', 'country'), name='application_country_once')],
            },
        ),
        migrations.CreateModel(
            name='ApplicationOriginator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='country_originators', to='accounts.smsapplication')),
                ('originator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chosen_in', to='accounts.originator')),
            ],
            options={
                'verbose_name': 'originator of an application in a country',
                'verbose_name_plural': 'originators of applications in countries',
                'constraints': [models.UniqueConstraint(fields=('application', 'country'), name='application_originator_once')],
            },
        ),
        migrations.RunPython(name_the_history, migrations.RunPython.noop),
    ])
