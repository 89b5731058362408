"""What somebody began to compose and put aside, in whatever state it was."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from sending.models.upload import Upload


class Draft(models.Model):
    """The fields of the compose page as they were entered, complete or not.

    It is no task: nothing is checked, priced or pinned, and what it names may be gone when it is
    taken up again. Deleted when a task is made of it, and KEEP_DRAFTS_DAYS after the last change.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="drafts")
    name = models.CharField(_("task name"), max_length=80, blank=True)
    # {field: text} as the form sent them, pasted numbers included.
    fields = models.JSONField(_("what was entered"), default=dict, blank=True)
    upload = models.ForeignKey(Upload, models.SET_NULL, related_name="+", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(_("saved at"))

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        # The list, the newest first; what is too old.
        indexes = [
            models.Index(fields=["organization", "-id"], name="draft_newest"),
            models.Index(fields=["saved_at"], name="draft_saved"),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Draft without a name"))

    @property
    def kept_until(self) -> datetime:
        """Return when it is deleted, unless it is saved again."""
        return self.saved_at + timedelta(days=settings.KEEP_DRAFTS_DAYS)

    @property
    def initial(self) -> dict[str, Any]:
        """Return what the form begins with."""
        kept = self.upload if self.upload and self.upload.erased_at is None else None
        return {**self.fields, "upload": kept and kept.pk}
