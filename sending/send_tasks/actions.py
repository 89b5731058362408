"""What people do to send tasks: compose, read again, send, send again, pause, resume, cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.models import AuditEntry, Organization, User
from accounts.queries import check_may_send, default_application
from sending import tasks
from sending.acceptance.not_accepted import NotAccepted
from sending.acceptance.starting import Press, note, start
from sending.acceptance.validity import validity_rule
from sending.delivery import pausing
from sending.lifecycle import Lane, TaskState
from sending.models import (
    CustomerGroup,
    Draft,
    PriceVersion,
    RecipientSource,
    SendTask,
    TaskEvent,
    Upload,
)
from sending.models.send_task import Pace
from sending.models.stepping import step_task
from sending.originators import pinned
from sending.send_tasks.queries.retries import given_up, temporary_failures, unsent_retry
from sending.send_tasks.reading import can_be_checked_again
from templates_app.models import Signature, SmsType, TextTemplate
from templates_app.queries import language_versions

# Leaves room for the words before it: the field takes 80 characters.
_RETRY_NAME_CHARS = 60


@transaction.atomic
def compose_task(
    *,
    organization: Organization,
    user: User,
    name: str,
    text_template: TextTemplate,
    signature: Signature | None,
    source: RecipientSource,
    upload: Upload | None = None,
    group: CustomerGroup | None = None,
    numbers: str = "",
    variable_columns: Sequence[str] = (),
    corrects: SendTask | None = None,
    replaces: bool = False,
    draft: Draft | None = None,
) -> SendTask:
    """Make a task of the versions in use now, and begin to check its recipients.

    `corrects` is a task whose refused rows were corrected. With `replaces` it is discarded once the
    new one is checked; otherwise its numbers are left out of the new one. `draft` is used up.
    """
    application = default_application(organization)
    check_may_send(organization, application)
    # Approval makes one.
    assert application is not None
    version = text_template.approved
    if version is None or (signature and signature.approved is None):
        raise Conflict(
            _("The text template or the signature is no longer approved. Choose another one.")
        )
    everywhere, by_country = pinned(application)
    task = SendTask.objects.create(
        organization=organization,
        application=application,
        name=name,
        lane=Lane.OTP.value if version.sms_type == SmsType.OTP else Lane.BULK.value,
        text_template_version=version,
        language_versions=language_versions(text_template),
        signature_version=signature.approved if signature else None,
        price_version=PriceVersion.current(organization.pk),
        originator=everywhere,
        country_originators=by_country,
        validity_minutes=validity_rule(version).default,
        source=source.value,
        upload=upload if source is RecipientSource.UPLOAD else None,
        group=group if source is RecipientSource.GROUP else None,
        numbers=numbers if source is RecipientSource.NUMBERS else "",
        variable_columns=list(variable_columns) if source is RecipientSource.GROUP else [],
        corrects=corrects,
        replaces=replaces,
        created_by=user,
    )
    if corrects is not None:
        params = {"task": str(task.pk)}
        TaskEvent.objects.create(task=corrects, code="corrected", params=params, actor=user)
    if draft is not None:
        draft.delete()
    _begin_check(task)
    return task


@transaction.atomic
def read_again(*, task: SendTask, user: User, **reading: Any) -> None:
    """Check the recipients of an unsent task once more, read as people say.

    `reading` is merged into Upload.reading: sheet, encoding, delimiter, columns, or replace
    (typographic characters in values). Without any, only what has changed meanwhile is new.
    """
    if task.corrections.exclude(state=TaskState.CANCELLED.value).exists():
        raise Conflict(
            _("Its refused rows were corrected in another task, so this one stays as it is.")
        )
    may_read = task.upload or (not reading and can_be_checked_again(task))
    if not may_read or not step_task(TaskState.DRAFT, task.pk, only_from=TaskState.READY):
        raise Conflict(_("This task can no longer be read again: it was sent or cancelled."))
    if task.upload:
        if task.first_part_id and not reading.keys() <= {"replace"}:
            raise Conflict(_("Its first part was sent, so the file is read as it was."))
        _keep_reading(task.upload, reading)
    note(task, "read_again", user, **reading)
    _begin_check(task)


@transaction.atomic
def compose_like_refused(*, task: SendTask, user: User, **reading: Any) -> SendTask:
    """Make a new task of a refused one, whose stored file is read as people say."""
    if task.upload is None or task.state != TaskState.REJECTED:
        raise Conflict(_("This task can no longer be read again: it was sent or cancelled."))
    _keep_reading(task.upload, reading)
    return compose_task(
        organization=task.organization,
        user=user,
        name=task.name,
        text_template=task.text_template_version.text_template,
        signature=task.signature_version.signature if task.signature_version else None,
        source=RecipientSource.UPLOAD,
        upload=task.upload,
    )


def _keep_reading(upload: Upload, reading: dict[str, Any]) -> None:
    upload.reading = {**upload.reading, **reading}
    upload.save(update_fields=["reading"])


def _begin_check(task: SendTask) -> None:
    step_task(TaskState.CHECKING, task.pk, check_beat_at=None, rows_read=0, accepted=0, refused=0)
    transaction.on_commit(tasks.read_file.delay)


@dataclass(frozen=True, slots=True)
class SendingTerms:
    """For how many minutes messages may be sent, and how they are spread over time."""

    validity_minutes: int
    pace: Pace | None = None


def choose_terms(task: SendTask, terms: SendingTerms) -> None:
    """Keep how a task is to be sent, as long as nobody has said so finally."""
    unsent = SendTask.objects.for_organization(task.organization).filter(pk=task.pk)
    unsent.filter(state=TaskState.READY.value).update(
        validity_minutes=terms.validity_minutes,
        pace_messages=terms.pace and terms.pace.messages,
        pace_minutes=terms.pace and terms.pace.minutes,
    )


@transaction.atomic
def send_task(
    *,
    task: SendTask,
    user: User,
    messages: int,
    at: datetime | None = None,
    terms: SendingTerms | None = None,
) -> bool:
    """Send what the check accepted, or schedule it; return whether this call did it.

    However often and from wherever it is called, one call sends. `messages` is how many the person
    was shown. Raises Conflict when that, or anything else that was checked, is no longer so; also
    when somebody else has to approve it first (see approval.py).
    """
    if terms is not None:
        choose_terms(task, terms)
    return send_or_schedule(task, Press(by=user, at=at, messages=messages))


@transaction.atomic
def send_or_schedule(task: SendTask, press: Press) -> bool:
    """Do what pressing Send, or approving it, comes to: send now, or keep it for its time.

    Return whether this call did it; False when the task is sent, or kept, already. Raises Conflict.
    """
    try:
        done = start(task, press)
    except NotAccepted as refusal:
        raise Conflict(str(refusal)) from refusal
    if done and task.state == TaskState.SENDING:
        _wake_senders(task)
    elif not done and task.sent_at is None and task.state != TaskState.SCHEDULED:
        raise Conflict(_("This task cannot be sent: it is not checked, or it was cancelled."))
    return done


def _wake_senders(task: SendTask) -> None:
    transaction.on_commit(tasks.submit.delay)
    if task.lane == Lane.OTP.value:
        transaction.on_commit(partial(tasks.erase_source.delay, task_id=task.pk))


@transaction.atomic
def pause_task(*, task: SendTask, user: User) -> None:
    """Stop claiming messages of the task; what is on the wire is finished."""
    if not pausing.pause(task.pk, user.pk):
        raise Conflict(_("This task is not sending, so there is nothing to pause."))
    audit(task, "paused", user)


@transaction.atomic
def resume_task(*, task: SendTask, user: User) -> None:
    """Go on where pausing stopped; raise Conflict or MayNotSend."""
    if not pausing.resume(task.pk, user.pk):
        raise Conflict(_("This task is not paused, so there is nothing to resume."))
    audit(task, "resumed", user)
    transaction.on_commit(tasks.submit.delay)


@transaction.atomic
def cancel_task(*, task: SendTask, user: User) -> None:
    """Cancel what is still queued, or discard an unsent task; gateways keep what they took."""
    if not pausing.discard(task, user):
        raise Conflict(_("This task is over, so there is nothing to cancel."))
    audit(task, "cancelled", user)
    transaction.on_commit(partial(tasks.cancel.delay, task_id=task.pk))


@transaction.atomic
def retry_failures(*, task: SendTask, user: User, other_route: bool) -> SendTask:
    """Make a new task of the temporary failures of `task`, and begin to check it.

    Text and recipients stay the same; price, route and originator are the current ones. With
    `other_route`, each message avoids the gateway it failed on if its route has another one.
    Raises Conflict or MayNotSend.
    """
    check_may_send(task.organization, task.application)
    # The lock puts two presses at the same moment one after the other.
    SendTask.objects.for_organization(task.organization).select_for_update().get(pk=task.pk)
    if unsent_retry(task):
        raise Conflict(
            _("Another task already contains these failures. Send or discard it, then try again.")
        )
    failures = temporary_failures(task)
    if not failures:
        raise Conflict(_("No message in this task failed temporarily."))
    given_up(task).delete()
    everywhere, by_country = pinned(task.application)
    new = SendTask.objects.create(
        organization=task.organization,
        application=task.application,
        name=_("Again: %(name)s") % {"name": task.name[:_RETRY_NAME_CHARS]},
        lane=task.lane,
        text_template_version=task.text_template_version,
        language_versions=task.language_versions,
        signature_version=task.signature_version,
        price_version=PriceVersion.current(task.organization_id),
        originator=everywhere,
        country_originators=by_country,
        validity_minutes=task.validity_minutes,
        source=RecipientSource.RETRY.value,
        retry_of=task,
        retry={
            "codes": [each.meaning.code for each in failures],
            "other_route": other_route,
        },
        created_by=user,
    )
    TaskEvent.objects.create(task=task, code="retried", params={"task": str(new.pk)}, actor=user)
    audit(task, "retried", user, task=new.pk, other_route=other_route)
    _begin_check(new)
    return new


def audit(task: SendTask, code: str, user: User, /, **params: Any) -> None:
    AuditEntry.record(
        action=f"send_task.{code}",
        subject=f"{task.pk} {task.name}",
        organization=task.organization,
        actor=user,
        **params,
    )
