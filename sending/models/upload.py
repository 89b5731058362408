"""A stored file of recipients, as it came."""

import hashlib
import uuid
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField

NAME_CHARS = 200


class Upload(models.Model):
    """A spreadsheet as it came, and how people said to read it; the file goes before the row."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="uploads")
    file = models.FileField(_("file"), upload_to="recipients/%Y/%m/")
    name = models.CharField(_("file name"), max_length=NAME_CHARS)
    size = models.PositiveIntegerField(_("bytes"))
    # Recognises the same file, also when it was erased; empty in those of older releases.
    digest = models.CharField(max_length=64, blank=True, default="")
    # Choices that override what the reader finds: {"encoding", "delimiter", "sheet", "columns"}
    reading = models.JSONField(_("how it is read"), default=dict, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = MomentField(_("uploaded at"), auto_now_add=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes = [
            models.Index(
                fields=["organization", "digest"],
                condition=models.Q(digest__gt=""),
                name="upload_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, *, organization: Organization, user: Any, file: "File[bytes]") -> "Upload":
        """Store a file as it came, under a name that nobody can guess or shape."""
        name = PurePath((file.name or "").replace("\\", "/")).name
        upload = cls(
            organization=organization,
            name=name[:NAME_CHARS],
            size=file.size,
            digest=_digest(file),
            uploaded_by=user,
        )
        upload.file.save(uuid.uuid4().hex, file, save=True)
        return upload

    def erase(self) -> None:
        """Delete the file; the row still says what it was called."""
        if self.erased_at is None:
            self.file.delete(save=False)
            self.erased_at = shared_time.now()
            self.save(update_fields=["file", "erased_at"])


def _digest(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    # With the key, so that nobody finds out a short file by trying.
    return salted_hmac(__name__, digest.digest(), algorithm="sha256").hexdigest()
