"""Texts of programs that were made of no approved text template, put together by their skeleton."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from sending.models.choices import door_choices

SAMPLE_CHARS = 1_600
MOST_OF_AN_ORGANIZATION = 500
"""Skeletons kept of one organization; further ones are not."""


class UnmatchedText(models.Model):
    """A skeleton, how often it came, and its newest text, in which every digit is a 0.

    So no number and no code is in it; names may be, and retention deletes it as it erases texts.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="unmatched_texts")
    # Of the skeleton (templates_app/matching/skeleton.py).
    digest = models.CharField(max_length=32)
    sample = models.TextField(_("sample"), max_length=SAMPLE_CHARS)
    count = models.PositiveBigIntegerField(_("texts"), default=0)
    door = models.CharField(_("door"), max_length=8, choices=door_choices)
    # In learning mode it was sent all the same.
    was_sent = models.BooleanField(_("sent as free text"), default=False)
    first_at = models.DateTimeField(_("first seen"))
    last_at = models.DateTimeField(_("last seen"))

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("unmatched text")
        verbose_name_plural = _("unmatched texts")
        constraints = [
            models.UniqueConstraint(fields=["organization", "digest"], name="unmatched_text_once"),
        ]
        # What retention deletes.
        indexes = [models.Index(fields=["last_at"], name="unmatched_text_last")]

    def __str__(self) -> str:
        return str(self.pk)
