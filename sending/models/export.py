"""A file that is written in the background, for who asked for it."""

from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from sending.models.choices import Choices, choices_of


class ExportKind(StrEnum):
    """What is in the file."""

    TASK = "TASK"
    PERIOD = "PERIOD"
    STATISTICS = "STATISTICS"


class ExportState(StrEnum):
    """How far the file is. ERASED: its time is over, or a number was erased; the row stays."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    READY = "READY"
    FAILED = "FAILED"
    ERASED = "ERASED"


EXPORT_KIND_LABELS: Mapping[ExportKind, Promise] = {
    ExportKind.TASK: _("Messages of a task"),
    ExportKind.PERIOD: _("Messages of a period"),
    ExportKind.STATISTICS: _("Statistics"),
}
EXPORT_STATE_LABELS: Mapping[ExportState, Promise] = {
    ExportState.WAITING: _("Waiting"),
    ExportState.RUNNING: _("Being written"),
    ExportState.READY: _("Ready"),
    ExportState.FAILED: _("Failed"),
    ExportState.ERASED: _("Deleted"),
}


def export_kind_choices() -> Choices:
    """Return the kinds of exports."""
    return choices_of(EXPORT_KIND_LABELS)


def export_state_choices() -> Choices:
    """Return the states of exports."""
    return choices_of(EXPORT_STATE_LABELS)


class Export(models.Model):
    """A csv or xlsx file, written piece by piece; `cursor` and `size` say where the next begins.

    Of an xlsx the pieces are rows of its sheet; the file of the last one is made of all.
    """

    # Of an xlsx: they go onto one sheet, and it is packed in one go.
    MOST_XLSX_ROWS = 500_000

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = MomentField(_("asked for"), auto_now_add=True)
    kind = models.CharField(_("kind"), max_length=10, choices=export_kind_choices)
    # What is asked for: {"task", "state", "country", "first", "last", "application", "format"},
    # those it has; no format is csv.
    asked = models.JSONField(default=dict)
    # Whole numbers are in it, so only members who may see them get the file.
    has_numbers = models.BooleanField(default=False)
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=export_state_choices,
        default=ExportState.WAITING.value,
    )
    file = models.CharField(max_length=100, blank=True)
    name = models.CharField(_("file name"), max_length=120)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    # About how many there will be; 0 when nobody knows.
    expected = models.PositiveBigIntegerField(default=0)
    cursor = models.JSONField(default=list, blank=True)
    # Whoever writes it renews this; after it another worker may go on.
    leased_until = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = [
            models.Index(fields=["organization", "-id"], name="export_newest"),
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["WAITING", "RUNNING"]),
                name="export_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_xlsx(self) -> bool:
        """Tell whether it is to be a workbook."""
        return bool(self.asked.get("format") == "xlsx")
