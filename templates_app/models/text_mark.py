"""Marks of submitted texts, by which similar ones are found without reading all of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet


class TextMark(models.Model):
    """One of the marks of one version; similar texts share some (templates_app/likeness.py)."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    version_id = models.BigIntegerField()
    mark = models.BigIntegerField()

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark of a text")
        verbose_name_plural = _("marks of texts")
        indexes = [models.Index(fields=["kind", "mark", "-version_id"], name="text_mark_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version_id}"
