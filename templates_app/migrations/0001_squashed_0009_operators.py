"""All of templates_app at once, for a new database."""

import django.db.models.deletion
import django.utils.timezone
import templates_app.models.catalogue_reason
import templates_app.models.reviewed_version
import templates_app.models.signature
import templates_app.models.text_template
from django.conf import settings
from django.db import migrations, models

from accounts.models_together import models_together


class Migration(migrations.Migration):

    replaces = [
        ('templates_app', '0001_initial'),
        ('templates_app', '0002_plain_words'),
        ('templates_app', '0003_languages_appeals_questions'),
        ('templates_app', '0004_rejected_versions'),
        ('templates_app', '0005_texttemplateversion_validity_minutes'),
        ('templates_app', '0006_alter_review_by_own_organization'),
        ('templates_app', '0007_review_desk'),
        ('templates_app', '0008_mark_texts'),
        ('templates_app', '0009_operators'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0021_held_notice'),
    ]

    operations = models_together([
        migrations.CreateModel(
            name='CatalogueReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=templates_app.models.catalogue_reason.reason_kind_choices, max_length=10, verbose_name='kind')),
                ('code', models.CharField(help_text='Use capital letters and underscores, such as LINK_INVALID.', max_length=40, verbose_name='code')),
                ('field', models.CharField(blank=True, choices=templates_app.models.catalogue_reason.reason_field_choices, max_length=20, verbose_name='field')),
                ('title_en', models.CharField(max_length=120, verbose_name='title in English')),
                ('title_zh', models.CharField(max_length=120, verbose_name='title in Simplified Chinese')),
                ('fix_en', models.TextField(max_length=500, verbose_name='what to do, in English')),
                ('fix_zh', models.TextField(max_length=500, verbose_name='what to do, in Simplified Chinese')),
                ('place', models.PositiveSmallIntegerField(default=100, verbose_name='place in the list')),
                ('is_offered', models.BooleanField(default=True, verbose_name='offered to reviewers')),
            ],
            options={
                'verbose_name': 'reason for a rejection',
                'verbose_name_plural': 'reasons for rejections',
                'ordering': ('kind', 'place', 'code'),
                'constraints': [models.UniqueConstraint(fields=('kind', 'code'), name='reason_once')],
            },
        ),
        migrations.CreateModel(
            name='DeskDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('item_id', models.BigIntegerField()),
                ('thing', models.CharField(max_length=200)),
                ('state', models.CharField(default='HELD', max_length=10)),
                ('approved', models.BooleanField(verbose_name='approved')),
                ('reasons', models.JSONField(blank=True, default=list, verbose_name='reasons')),
                ('note', models.TextField(blank=True, verbose_name='note to the submitter')),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='given at')),
                ('final_at', models.DateTimeField(verbose_name='final at')),
                ('seconds', models.PositiveIntegerField()),
                ('was_overdue', models.BooleanField(default=False)),
                ('given_with', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='templates_app.deskdecision')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'decision of the desk',
                'verbose_name_plural': 'decisions of the desk',
                'indexes': [models.Index(condition=models.Q(('state', 'HELD')), fields=['final_at', 'id'], name='desk_decision_due'), models.Index(condition=models.Q(('state__in', ('HELD', 'FIRST'))), fields=['kind', 'item_id'], name='desk_decision_open'), models.Index(fields=['-given_at'], name='desk_decision_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'HELD')), fields=('kind', 'item_id'), name='desk_decision_one_held')],
            },
        ),
        migrations.CreateModel(
            name='PrivateNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('thing', models.CharField(max_length=200)),
                ('text', models.TextField(max_length=1000, verbose_name='text')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
            ],
            options={
                'verbose_name': 'private note',
                'verbose_name_plural': 'private notes',
                'indexes': [models.Index(fields=['organization', '-id'], name='private_note_newest')],
            },
        ),
        migrations.CreateModel(
            name='TextMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('version_id', models.BigIntegerField()),
                ('mark', models.BigIntegerField()),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
            ],
            options={
                'verbose_name': 'mark of a text',
                'verbose_name_plural': 'marks of texts',
                'indexes': [models.Index(fields=['kind', 'mark', '-version_id'], name='text_mark_newest')],
            },
        ),
        migrations.CreateModel(
            name='DeskClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('item_id', models.BigIntegerField()),
                ('until', models.DateTimeField(verbose_name='until')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'claim',
                'verbose_name_plural': 'claims',
                'constraints': [models.UniqueConstraint(fields=('kind', 'item_id'), name='claim_once')],
            },
        ),
        migrations.CreateModel(
            name='QualityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='OPEN', max_length=9)),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='quality_check', to='templates_app.deskdecision')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
            ],
            options={
                'verbose_name': 'quality check',
                'verbose_name_plural': 'quality checks',
                'indexes': [models.Index(condition=models.Q(('state', 'OPEN')), fields=['id'], name='quality_open'), models.Index(fields=['-checked_at'], name='quality_newest')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('deleted_at', models.DateTimeField(blank=True, null=True, verbose_name='deleted at')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='accounts.organization')),
            ],
            options={
                'verbose_name': 'signature',
                'verbose_name_plural': 'signatures',
            },
        ),
        migrations.CreateModel(
            name='SignatureVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=templates_app.models.reviewed_version.state_choices, default='DRAFT', max_length=9, verbose_name='state')),
                ('remarks', models.TextField(blank=True, max_length=1000, verbose_name='remarks for the reviewer')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='submitted at')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due at')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('content', models.CharField(max_length=15, verbose_name='signature')),
                ('kind', models.CharField(choices=templates_app.models.signature.signature_type_choices, max_length=16, verbose_name='signature type')),
                ('for_others', models.BooleanField(default=False, verbose_name='on behalf of another organization')),
                ('evidence', models.FileField(blank=True, upload_to='evidence/', verbose_name='certificate')),
                ('evidence_name', models.CharField(blank=True, max_length=120)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                ('signature', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='templates_app.signature')),
                ('appeal', models.TextField(blank=True, max_length=1000, verbose_name='why the decision is wrong')),
                ('appealed_at', models.DateTimeField(blank=True, null=True, verbose_name='appealed at')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='waiting for an answer since')),
                ('digest', models.CharField(blank=True, db_index=True, editable=False, max_length=32)),
                ('revocation_reason', models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='why it was revoked')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
            ],
            options={
                'verbose_name': 'signature version',
                'verbose_name_plural': 'signature versions',
                'indexes': [models.Index(condition=models.Q(('state', 'REJECTED')), fields=['organization', '-decided_at'], name='signature_rejected')],
                'constraints': [models.UniqueConstraint(fields=('signature', 'number'), name='signature_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'PENDING')), fields=('signature',), name='signature_one_pending')],
            },
        ),
        migrations.CreateModel(
            name='TextTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('deleted_at', models.DateTimeField(blank=True, null=True, verbose_name='deleted at')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='text_templates', to='accounts.organization')),
                ('language', models.CharField(blank=True, max_length=12, verbose_name='language')),
                ('variant_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='variants', to='templates_app.texttemplate')),
            ],
            options={
                'verbose_name': 'text template',
                'verbose_name_plural': 'text templates',
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at', None), ('variant_of', None)), fields=('organization', 'name'), name='text_template_name_once'), models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('variant_of', 'language'), name='text_template_language_once')],
                'permissions': [('revoke', 'Can revoke approved texts and signatures')],
            },
        ),
        migrations.CreateModel(
            name='TextTemplateVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=templates_app.models.reviewed_version.state_choices, default='DRAFT', max_length=9, verbose_name='state')),
                ('remarks', models.TextField(blank=True, max_length=1000, verbose_name='remarks for the reviewer')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='submitted at')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due at')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('body', models.TextField(max_length=500, verbose_name='body')),
                ('sms_type', models.CharField(choices=templates_app.models.text_template.sms_type_choices, max_length=12, verbose_name='type')),
                ('samples', models.JSONField(blank=True, default=list, verbose_name='samples')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                ('text_template', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='templates_app.texttemplate')),
                ('appeal', models.TextField(blank=True, max_length=1000, verbose_name='why the decision is wrong')),
                ('appealed_at', models.DateTimeField(blank=True, null=True, verbose_name='appealed at')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='waiting for an answer since')),
                ('validity_minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='validity, minutes')),
                ('digest', models.CharField(blank=True, db_index=True, editable=False, max_length=32)),
                ('revocation_reason', models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='why it was revoked')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
            ],
            options={
                'verbose_name': 'text template version',
                'verbose_name_plural': 'text template versions',
                'indexes': [models.Index(condition=models.Q(('state', 'REJECTED')), fields=['organization', '-decided_at'], name='text_template_rejected')],
                'constraints': [models.UniqueConstraint(fields=('text_template', 'number'), name='text_template_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'PENDING')), fields=('text_template',), name='text_template_one_pending')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('approved', models.BooleanField(verbose_name='approved')),
                ('reasons', models.JSONField(blank=True, default=list, verbose_name='reasons')),
                ('note', models.TextField(blank=True, verbose_name='note to the submitter')),
                ('by_own_organization', models.BooleanField(default=False, verbose_name='own organization')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewer')),
                ('signature_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='templates_app.signatureversion')),
                ('text_template_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='templates_app.texttemplateversion')),
                ('of_appeal', models.BooleanField(default=False, verbose_name='on an appeal')),
            ],
            options={
                'verbose_name': 'review',
                'verbose_name_plural': 'reviews',
                'constraints': [models.CheckConstraint(condition=models.Q(('signature_version', None), ('text_template_version', None), _connector='XOR'), name='review_of_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='ReviewQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=1000, verbose_name='text')),
                ('by_reviewer', models.BooleanField(default=False, verbose_name='by a reviewer')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
                ('signature_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='templates_app.signatureversion')),
                ('text_template_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='templates_app.texttemplateversion')),
            ],
            options={
                'verbose_name': 'question about a review',
                'verbose_name_plural': 'questions about reviews',
                'constraints': [models.CheckConstraint(condition=models.Q(('signature_version', None), ('text_template_version', None), _connector='XOR'), name='question_about_one_thing')],
            },
        ),
        migrations.AddField(
            model_name='signature',
            name='approved',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='templates_app.signatureversion'),
        ),
        migrations.AddField(
            model_name='texttemplate',
            name='approved',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='templates_app.texttemplateversion'),
        ),
    ])
