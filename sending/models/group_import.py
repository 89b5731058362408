"""Numbers on their way into a customer group, or onto the suppression list."""

from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from sending.models.choices import Choices, choices_of
from sending.models.customer import NOTE_CHARS, CustomerGroup
from sending.models.upload import Upload


class ImportState(StrEnum):
    """Where an import is."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    COLUMNS = "COLUMNS"
    FINISHED = "FINISHED"
    REJECTED = "REJECTED"


IMPORT_STEPS: Mapping[ImportState, frozenset[ImportState]] = {
    ImportState.WAITING: frozenset({ImportState.RUNNING}),
    # Back to WAITING when the worker that ran it died.
    ImportState.RUNNING: frozenset(
        {ImportState.FINISHED, ImportState.REJECTED, ImportState.WAITING, ImportState.COLUMNS}
    ),
    # A person looks at the columns before anything is stored.
    ImportState.COLUMNS: frozenset({ImportState.WAITING}),
    ImportState.FINISHED: frozenset(),
    ImportState.REJECTED: frozenset(),
}
IMPORT_LABELS: Mapping[ImportState, Promise] = {
    ImportState.WAITING: _("Waiting"),
    ImportState.RUNNING: _("Reading"),
    ImportState.COLUMNS: _("Waiting for you to check the columns"),
    ImportState.FINISHED: _("Finished"),
    ImportState.REJECTED: _("File refused"),
}


class ImportMode(models.TextChoices):
    """What an import does with numbers that are customers already, and with those that are not."""

    ADD = "ADD", _("Add new customers only")
    BOTH = "BOTH", _("Add new customers and update existing ones")
    UPDATE = "UPDATE", _("Update existing customers only")


def import_choices() -> Choices:
    """Return the states of an import."""
    return choices_of(IMPORT_LABELS)


class GroupImportQuerySet(OrganizationQuerySet):
    """Imports; the only way to change their state is `step`."""

    def step(self, to: ImportState, **fields: object) -> int:
        """Move the rows that may go to `to`; return how many did."""
        sources = [state.value for state, steps in IMPORT_STEPS.items() if to in steps]
        return self.filter(state__in=sources).update(state=to.value, **fields)


class GroupImport(models.Model):
    """One upload, or up to 100 numbers, that become customers: of its group too, if it has one.

    `suppresses` says that they become suppressed numbers of the organization instead.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    group = models.ForeignKey(
        CustomerGroup, models.CASCADE, related_name="imports", null=True, blank=True
    )
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, blank=True, related_name="+")
    numbers = models.TextField(_("numbers"), blank=True)
    suppresses = models.BooleanField(default=False, db_default=False)
    mode = models.CharField(
        max_length=6, choices=ImportMode, default=ImportMode.ADD, db_default=ImportMode.ADD.value
    )
    # Whether an empty cell takes away what is known; otherwise it stays.
    empty_clears = models.BooleanField(default=False, db_default=False)
    # Noted with customers who have no note yet, and with all whom the import updates.
    consent = models.CharField(
        _("consent"), max_length=NOTE_CHARS, blank=True, default="", db_default=""
    )
    # Whether a person has yet to look at the columns.
    asks_columns = models.BooleanField(default=False, db_default=False)
    state = models.CharField(
        _("state"), max_length=8, choices=import_choices, default=ImportState.WAITING.value
    )
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    # Of those who were there already.
    updated = models.PositiveIntegerField(_("updated"), default=0, db_default=0)
    already_there = models.PositiveIntegerField(_("already in the group"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_params = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    # Its upload, entered numbers and refused rows are gone.
    source_erased_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = MomentField(_("started at"), auto_now_add=True)

    objects = GroupImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("group import")
        verbose_name_plural = _("group imports")

    def __str__(self) -> str:
        return f"{self.group or self.organization} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def unchanged(self) -> int:
        """How many rows told nothing new."""
        return self.already_there - self.updated
