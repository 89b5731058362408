"""Marks of submitted texts, by which similar ones are found without reading all of them."""

from collections.abc import Iterable
from itertools import chain

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.statements import Statement, run_together

# Each read by the index text_mark_newest; a limit of its own wants a query of its own.
_NEWEST = """
SELECT version_id FROM (
    SELECT version_id FROM templates_app_textmark WHERE kind = %s AND mark = %s
    ORDER BY version_id DESC LIMIT %s
) AS newest
"""


class TextMarkQuerySet(OrganizationQuerySet):
    """Marks of the texts of all organizations."""

    @staticmethod
    def newest_with(kind: str, marks: Iterable[int], most: int) -> set[int]:
        """Return the versions that have one of some marks: of each mark the newest `most`."""
        asked = [(kind, mark, most) for mark in marks]
        if not asked:
            return set()
        sql = " UNION ALL ".join([_NEWEST] * len(asked))
        (rows,) = run_together([Statement(sql, [*chain.from_iterable(asked)])])
        return {version for (version,) in rows}


class TextMark(models.Model):
    """One of the marks of one version; similar texts share some (templates_app/likeness.py)."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    version_id = models.BigIntegerField()
    mark = models.BigIntegerField()

    objects = TextMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark of a text")
        verbose_name_plural = _("marks of texts")
        indexes = [models.Index(fields=["kind", "mark", "-version_id"], name="text_mark_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version_id}"
