"""Which database this is, how far it has come, and whether the console is held."""

import secrets
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class HeldBecause(models.TextChoices):
    """Why nothing leaves until an operator has compared and released."""

    RESTORED = "restored", _("The database was restored from a backup.")
    COPIED = "copied", _("The database is a copy: it is in another place than when it last worked.")
    OLDER = "older", _("The database is older than the one that a send worker last saw.")
    BY_OPERATOR = "operator", _("An operator held the console.")


class Rest(models.TextChoices):
    """What a release makes of messages of which nothing is proven."""

    DOUBT = "doubt", _("They may have left: put them in doubt")
    QUEUED = "queued", _("They have not left: send them")


def new_instance() -> str:
    """Return a name for the history of a database from now on."""
    return secrets.token_hex(16)


class Standing(models.Model):
    """One row. `instance` names the history of this database: a release begins a new one.

    `place` is where the database lay when it last worked; `generation` counts the bind slots that
    were taken, and goes only forward.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    instance = models.CharField(max_length=32, default=new_instance)
    # Those before this one, the oldest first.
    earlier = models.JSONField(default=list)
    place = models.CharField(max_length=80, blank=True, default="", db_default="")
    generation = models.PositiveBigIntegerField(default=0, db_default=0)
    held_since = models.DateTimeField(null=True)
    # The `held_since` of which operators were told.
    told_of = models.DateTimeField(null=True)
    # One of HeldBecause.
    held_because = models.CharField(max_length=8, blank=True, default="", db_default="")
    # What was found: figures and moments, nothing of a customer.
    details = models.JSONField(default=dict)
    # One of Rest, once an operator has released; the console is held until that is done.
    rest = models.CharField(max_length=6, blank=True, default="", db_default="")
    # The last batch that the release has looked at, and what it did.
    progress = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("standing of the database")
        verbose_name_plural = _("standings of the database")

    def __str__(self) -> str:
        return self.instance

    @classmethod
    def current(cls) -> Self:
        """Return the row; a database that has none is new."""
        return cls.objects.filter(pk=1).first() or cls.objects.get_or_create(pk=1)[0]

    @property
    def is_held(self) -> bool:
        """Whether nothing may leave."""
        return self.held_since is not None
