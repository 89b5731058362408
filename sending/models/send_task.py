"""One press of Send to many; on screen "Task"."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet, SmsApplication
from accounts.models.moment import MomentField
from sending.lifecycle import Lane, TaskState
from sending.models.batch import Batch
from sending.models.choices import Choices, choices_of, lane_choices, task_state_choices
from sending.models.customer import CustomerGroup
from sending.models.gateway import Gateway
from sending.models.price import PriceVersion
from sending.models.upload import Upload
from templates_app.models import SignatureVersion, TextTemplateVersion


class Pace(NamedTuple):
    """So many messages every so many minutes."""

    messages: int
    minutes: int

    @property
    def between(self) -> timedelta:
        """Return the time from one slot to the next."""
        return timedelta(minutes=self.minutes)

    def until_last_slot(self, messages: int) -> timedelta:
        """Return how long after the first slot the last one of so many messages begins."""
        return self.between * max(-(-messages // self.messages) - 1, 0)


class RecipientSource(StrEnum):
    """Where the recipients come from."""

    UPLOAD = "UPLOAD"
    GROUP = "GROUP"
    NUMBERS = "NUMBERS"
    RETRY = "RETRY"


SOURCE_LABELS: Mapping[RecipientSource, Promise] = {
    RecipientSource.UPLOAD: _("Upload a spreadsheet"),
    RecipientSource.GROUP: _("Choose a customer group"),
    RecipientSource.NUMBERS: _("Paste numbers"),
    RecipientSource.RETRY: _("Temporary failures of another task"),
}


def source_choices() -> Choices:
    """Return the sources of recipients."""
    return choices_of(SOURCE_LABELS)


class SendTask(models.Model):
    """A text, its recipients, what the check found, and how far sending is.

    Change `state` only through `stepping.step_task`. The figures of the check (`rows_read` …
    `cost_micro`) are written once, when CHECKING ends; progress is read from Counter.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="send_tasks")
    application = models.ForeignKey(SmsApplication, models.PROTECT, related_name="+")
    name = models.CharField(_("task name"), max_length=80)
    state = models.CharField(
        _("state"), max_length=9, choices=task_state_choices, default=TaskState.DRAFT.value
    )
    from_state = models.CharField(max_length=9, blank=True)
    lane = models.CharField(_("lane"), max_length=4, choices=lane_choices, default=Lane.BULK.value)
    # Pinned when composed; all are immutable.
    text_template_version = models.ForeignKey(
        TextTemplateVersion, models.PROTECT, related_name="+", verbose_name=_("text template")
    )
    # Other languages of the same text, pinned like it: {language: id of a version}.
    language_versions = models.JSONField(default=dict, blank=True)
    signature_version = models.ForeignKey(
        SignatureVersion,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("signature"),
    )
    price_version = models.ForeignKey(
        PriceVersion, models.PROTECT, related_name="+", null=True, blank=True
    )
    originator = models.CharField(_("originator"), max_length=20, blank=True)
    validity_minutes = models.PositiveIntegerField(_("validity, minutes"), default=24 * 60)
    # So many messages every so many minutes; empty sends as fast as gateways take them.
    pace_messages = models.PositiveIntegerField(_("messages at once"), null=True, blank=True)
    pace_minutes = models.PositiveSmallIntegerField(_("minutes between"), null=True, blank=True)
    # Where another one is shown: {country: originator}, pinned like the others.
    country_originators = models.JSONField(default=dict, blank=True)
    source = models.CharField(_("recipients"), max_length=7, choices=source_choices)
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+", null=True, blank=True)
    group = models.ForeignKey(
        CustomerGroup, models.SET_NULL, related_name="+", null=True, blank=True
    )
    numbers = models.TextField(_("numbers"), blank=True)
    # Whose temporary failures these are: {"codes": [..], "other_route": bool}.
    retry_of = models.ForeignKey(
        "self", models.PROTECT, related_name="retried_by", null=True, blank=True
    )
    retry = models.JSONField(default=dict, blank=True)
    # Of these messages, those up to row `first_part_row` were sent by another task: `first_part`.
    # Of a retry, the failures that it sent are its own.
    first_part = models.ForeignKey(
        "self", models.PROTECT, related_name="rests", null=True, blank=True
    )
    first_part_row = models.PositiveIntegerField(default=0)
    # What of the customers of a group fills {1}, {2} …: "name", or "field:" and a key.
    variable_columns = models.JSONField(default=list, blank=True)
    # Whose refused rows were corrected. Replaced, that task is discarded once this one is checked;
    # otherwise both are sent, and numbers that it has are left out here.
    corrects = models.ForeignKey(
        "self", models.SET_NULL, related_name="corrections", null=True, blank=True
    )
    replaces = models.BooleanField(default=False)
    # Recognises the same text to the same recipients; made by the check.
    digest = models.CharField(max_length=64, blank=True, default="")
    # How the check runs and what it found.
    check_beat_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    accepted = models.PositiveIntegerField(_("will be sent"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    duplicates = models.PositiveIntegerField(_("duplicates"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    segments = models.PositiveIntegerField(_("segments"), default=0)
    cost_micro = models.PositiveBigIntegerField(_("cost, millionths"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    # {"seconds", "sheet", "encoding", "ignored_columns": [..], "notes": [[code, params]],
    #  "multi_segment_rows": n, "ucs2_rows": n, "first_row": n, "problem_codes": {code: n}}, and how
    #  many of those "problems_left_out" says are counted only.
    facts = models.JSONField(default=dict, blank=True)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_params = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = MomentField(_("created at"), auto_now_add=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # Stays when the task comes back without having been sent: then `not_sent` says why, as
    # {"code", "params"} of acceptance/not_accepted.py.
    scheduled_at = models.DateTimeField(_("scheduled for"), null=True, blank=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    not_sent = models.JSONField(default=dict, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    # Since when its upload, pasted numbers and rows that are not sent are gone; and its messages'
    # numbers and texts.
    source_erased_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)
    # The organization's local hour of acceptance as yyyymmddhh; counters of its messages use it.
    accepted_hour = models.PositiveIntegerField(null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        # The task list: newest first. The sweeper: open tasks. The same text to the same numbers.
        indexes = [
            models.Index(fields=["organization", "-id"], name="send_task_newest"),
            models.Index(fields=["state"], name="send_task_state"),
            # The tasks of some days.
            models.Index(fields=["organization", "accepted_hour"], name="send_task_accepted"),
            models.Index(
                fields=["organization", "digest"],
                condition=models.Q(digest__gt=""),
                name="send_task_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def suspended(self) -> Organization | SmsApplication | None:
        """Return who may not send it now, the organization or the application; or None."""
        senders = (self.organization, self.application)
        return next((sender for sender in senders if sender.is_suspended), None)

    @cached_property
    def gateways(self) -> list[Gateway]:
        """The gateways at which its messages wait, with their circuits; none once all have left.

        One look into index batch_task_gateway for each: a task of ten million has 20,000 batches.
        """
        batches = Batch.objects.for_organization(self.organization).filter(task_id=self.pk)
        places = batches.order_by("gateway_id").values_list("gateway_id", flat=True)
        found = [0]
        while (after := places.filter(gateway_id__gt=found[-1]).first()) is not None:
            found.append(after)
        gateways = Gateway.objects.filter(pk__in=found)
        return list(gateways.select_related("circuit").order_by("pk"))

    def named_originator(self, country: str) -> str:
        """Return what handsets in a country were to show when the task was composed."""
        return str(self.country_originators.get(country) or self.originator)

    @property
    def valid_until(self) -> datetime | None:
        """Return when sending its messages stops being useful; None before it is sent."""
        return self.sent_at and self.sent_at + self.validity

    @property
    def validity(self) -> timedelta:
        """Return for how long after Send its messages may be sent."""
        return timedelta(minutes=self.validity_minutes)

    @property
    def pace(self) -> "Pace | None":
        """Return how its messages are spread over time, if they are."""
        if self.pace_messages and self.pace_minutes:
            return Pace(self.pace_messages, self.pace_minutes)
        return None


class TaskCountry(models.Model):
    """What the check found for one country of a task."""

    task = models.ForeignKey(SendTask, models.CASCADE, related_name="countries")
    country = models.CharField(_("country"), max_length=2)
    messages = models.PositiveIntegerField(_("messages"))
    segments = models.PositiveIntegerField(_("segments"))
    unit_micro = models.PositiveIntegerField(_("price per segment, millionths"))
    cost_micro = models.PositiveBigIntegerField(_("cost, millionths"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "country"], name="task_country_once"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.country}"


class TaskEvent(models.Model):
    """One line of a task's history; `actor` is null when nobody pressed anything."""

    task = models.ForeignKey(SendTask, models.CASCADE, related_name="events")
    # One of EVENT_LABELS in send_tasks/event_labels.py.
    code = models.CharField(max_length=30)
    params = models.JSONField(default=dict, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    at = MomentField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.task_id} {self.code}"
