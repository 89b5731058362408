"""A column for the moment at which a row is made, by the clock that all hosts share."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from accounts import shared_time


class MomentField(models.DateTimeField):
    """A DateTimeField whose `auto_now_add` and `default=shared_time.now` are the shared clock's.

    Migrations see a plain DateTimeField, because the column is one.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's.
        """Return what is stored, and the moment itself for a new row."""
        if not (self.auto_now_add and add):
            return super().pre_save(model_instance, add)
        made: datetime = shared_time.now()
        setattr(model_instance, self.attname, made)
        return made

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return the plain field for migrations."""
        name, _path, args, kwargs = super().deconstruct()
        if kwargs.get("default") is shared_time.now:
            kwargs["default"] = timezone.now
        return name, "django.db.models.DateTimeField", list(args), kwargs
