"""A text field whose value is encrypted at rest with keys derived from SECRET_KEY."""

import base64
import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


def _fernet() -> MultiFernet:
    """Return the cipher: it writes with SECRET_KEY and reads with the fallbacks too."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(map(_of_key, secrets))


def _of_key(secret: str) -> Fernet:
    digest = hashlib.sha256(b"field:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def encrypt(text: str) -> str:
    """Return `text` as it may lie in a database."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text that `encrypt` was given, also under an older key."""
    return _fernet().decrypt(token.encode()).decode()


def is_newest(token: str) -> bool:
    """Tell whether a text was encrypted under SECRET_KEY itself, not under an earlier key."""
    try:
        _of_key(settings.SECRET_KEY).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


class EncryptedTextField(models.TextField):
    """Text that must be recoverable (a gateway's password, an API secret), never searched."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way to the database."""
        value = super().get_prep_value(value)
        return encrypt(value) if value else value

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        """Decrypt on the way back."""
        return decrypt(value) if value else value
