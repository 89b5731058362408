"""A person: logs in by e-mail address, belongs to organizations through Member."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.names import validate_name
from accounts.notice_kinds import NoticeKind


class UserManager(BaseUserManager["User"]):
    """Makes users known by their e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; without a password nobody can log in until one is set."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an operator, who may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person. Reviewers and operators are staff; what they may do is by permission."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, validators=[validate_name])
    # One of settings.LANGUAGES; empty follows the browser.
    language = models.CharField(_("language"), max_length=10, default="", blank=True)
    # Kinds of notices that the person chose not to be told.
    unwanted_notices = models.JSONField(_("unwanted notices"), default=list, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.email

    def wants(self, kind: NoticeKind) -> bool:
        """Tell whether the person is to be told of one kind."""
        return self.is_active and kind.value not in self.unwanted_notices

    def get_full_name(self) -> str:
        """Return the name people see."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the name people see."""
        return str(self)
