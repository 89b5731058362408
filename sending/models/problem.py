"""A row that is not sent, and why."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.paging import Page, page_of
from accounts.requests import whole_number
from sending.models.group_import import GroupImport
from sending.models.send_task import SendTask

PROBLEMS_A_PAGE = 25


class ProblemKind(models.TextChoices):
    """Whether someone has to do something about it."""

    REFUSED = "REFUSED", _("Refused")
    DUPLICATE = "DUPLICATE", _("Duplicate")
    SKIPPED = "SKIPPED", _("Skipped")


class Problem(models.Model):
    """One row of a spreadsheet, group or pasted list that does not become a message.

    `row` is the spreadsheet's own row number (or the line, or the place in the group). The sentence
    for people comes from `code` and `params`, see intake.sentences.
    """

    # A file may have a million problems: the database neither looks up what each belongs to, nor
    # keeps an index that nothing asks.
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    task = models.ForeignKey(
        SendTask,
        models.CASCADE,
        related_name="problems",
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
    )
    group_import = models.ForeignKey(
        GroupImport,
        models.CASCADE,
        related_name="problems",
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
    )
    kind = models.CharField(max_length=9, choices=ProblemKind)
    row = models.PositiveIntegerField(_("row"))
    # A1 notation, for example C203; empty for pasted numbers.
    cell = models.CharField(_("cell"), max_length=12, blank=True)
    code = models.CharField(_("code"), max_length=40)
    value = models.CharField(_("value"), max_length=100, blank=True)
    params = models.JSONField(default=dict, blank=True)
    suggestion = models.CharField(_("suggestion"), max_length=100, blank=True)
    # The row's cells as they came, for the download "same columns plus the reason".
    cells = models.JSONField(default=list, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        # The check page: all problems of a task, or those of one code, by row.
        indexes = [
            models.Index(fields=["task", "row"], name="problem_task_row"),
            models.Index(fields=["task", "code", "row"], name="problem_task_code"),
            models.Index(fields=["group_import", "row"], name="problem_import_row"),
        ]

    def __str__(self) -> str:
        return f"{self.cell or self.row} {self.code}"


def problem_page(problems: "models.QuerySet[Problem]", after: str) -> Page[Problem]:
    """Return problems in the order of rows after the cursor `row.id`: a row may have several."""
    row, _dot, pk = after.partition(".")
    last_row, last_pk = whole_number(row), whole_number(pk)
    if last_row is not None and last_pk is not None:
        # The first condition is the one an index is entered by.
        problems = problems.filter(Q(row__gte=last_row), Q(row__gt=last_row) | Q(pk__gt=last_pk))
    return page_of(problems, PROBLEMS_A_PAGE, lambda problem: f"{problem.row}.{problem.pk}")
