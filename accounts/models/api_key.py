"""A key of an application: its public id, and the secret that proves a program has it."""

import secrets
import string
from enum import StrEnum
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models.application import SmsApplication
from accounts.models.encrypted import EncryptedTextField
from accounts.models.moment import MomentField
from accounts.models.organization import Organization
from accounts.models.organization_queryset import OrganizationQuerySet
from accounts.sids import KEY

_ALPHABET = string.ascii_letters + string.digits
_ID_PREFIX = "AKID"
_RANDOM_CHARS = 32
MOST_KEYS = 20
"""Of one application, that work at the same time."""


def _random() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_CHARS))


class KeyKind(StrEnum):
    """How a program proves that it has the secret.

    SIGNING: it signs each request (SecretId AKID…). TOKEN: the auth token of the application, whose
    account SID (AC…) is the name. BASIC: a key beside it (SK…). The last two go as a password.
    """

    SIGNING = "SIGNING"
    TOKEN = "TOKEN"  # noqa: S105 - a kind.
    BASIC = "BASIC"


key_kind_choices = [
    (KeyKind.SIGNING.value, _("Signs requests (SDKs of Tencent Cloud)")),
    (KeyKind.TOKEN.value, _("Auth token (SDKs of Twilio)")),
    (KeyKind.BASIC.value, _("API key (SDKs of Twilio)")),
]


def new_secret_id() -> str:
    """Return AKID and 32 letters and digits, as ids of keys look to the official SDKs."""
    return _ID_PREFIX + _random()


def new_basic_id() -> str:
    """Return SK and 32 hexadecimal digits, as the SDKs of Twilio want ids of keys."""
    return KEY + secrets.token_hex(16)


def new_secret_key() -> str:
    """Return 32 letters and digits: 190 bits."""
    return _random()


def new_auth_token() -> str:
    """Return 32 hexadecimal digits: 128 bits."""
    return secrets.token_hex(16)


class ApiKeyQuerySet(OrganizationQuerySet):
    """Keys; those that were revoked or ran out stay as a record."""

    def usable(self) -> Self:
        """Return the keys that requests may be signed with now."""
        now = shared_time.now()
        return self.filter(revoked_at=None).exclude(expires_at__lte=now)

    def ended(self) -> Self:
        """Return the keys that were revoked or ran out."""
        ran_out = models.Q(expires_at__lte=shared_time.now())
        return self.exclude(revoked_at=None) | self.filter(ran_out)


class ApiKey(models.Model):
    """A key. The secret is shown once, and kept encrypted: verifying a signature needs it."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="api_keys")
    application = models.ForeignKey(SmsApplication, models.CASCADE, related_name="api_keys")
    kind = models.CharField(
        _("kind"),
        max_length=7,
        choices=key_kind_choices,
        default=KeyKind.SIGNING.value,
        db_default=KeyKind.SIGNING.value,
        editable=False,
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    secret_id = models.CharField(
        "SecretId", max_length=36, unique=True, default=new_secret_id, editable=False
    )
    secret_key = EncryptedTextField("SecretKey", default=new_secret_key, editable=False)
    # Of an auth token: the one that takes its place. Both work until then, the first one signs.
    second_key = EncryptedTextField(blank=True, default="", db_default="", editable=False)
    # Networks (CIDR) that may use it; empty allows all.
    allowed_networks = models.JSONField(_("allowed addresses"), default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True
    )
    created_at = MomentField(_("created at"), auto_now_add=True)
    # Set when it is rotated: until then it works beside the new one.
    expires_at = models.DateTimeField(_("works until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_used_address = models.GenericIPAddressField(_("last used from"), null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        permissions = [("revoke_apikey", "Can revoke API keys")]

    def __str__(self) -> str:
        return self.secret_id

    @property
    def is_token(self) -> bool:
        """Tell whether it is the auth token of its application: there is one, and its id stays."""
        return bool(self.kind == KeyKind.TOKEN.value)

    @property
    def label(self) -> str:
        """Return what people call it: its name, or its SecretId."""
        return self.name or self.secret_id

    @property
    def is_usable(self) -> bool:
        """Tell whether requests may be signed with it now, as `usable` does."""
        ran_out = self.expires_at is not None and self.expires_at <= shared_time.now()
        return self.revoked_at is None and not ran_out
