"""What reviewers tell each other about an organization; nobody else reads it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField

NOTE_MAX = 1000


class PrivateNote(models.Model):
    """One note, written at an item of the desk. Rows are added, and deleted in time."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    # What it was written about, as people call it.
    thing = models.CharField(max_length=200)
    text = models.TextField(_("text"), max_length=NOTE_MAX)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = MomentField(_("at"), default=shared_time.now)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("private note")
        verbose_name_plural = _("private notes")
        indexes = [models.Index(fields=["organization", "-id"], name="private_note_newest")]

    def __str__(self) -> str:
        return self.text
