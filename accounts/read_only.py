"""Read-only pages of the administration, without links to pages their reader may not see."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model
from django.http import HttpRequest

from accounts.recorded import RecordedAdmin


class ReadOnly:
    """Shows rows; adding, changing and deleting happens elsewhere or not at all."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Say no."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say no."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say no."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return the fields; Django links a read-only row even for whom its page refuses."""
        names = super().get_fields(request, obj)  # type: ignore[misc]
        return [self._unlinked(request, name) for name in names]

    def _unlinked(self, request: HttpRequest, name: Any) -> Any:
        """Return a field as it is, or without its link when that would be refused."""
        try:
            field = self.opts.get_field(name)  # type: ignore[attr-defined]
        except FieldDoesNotExist:
            return name
        site = self.admin_site  # type: ignore[attr-defined]
        if not isinstance(field, ForeignKey) or not site.is_registered(field.related_model):
            return name
        pages = site.get_model_admin(field.related_model)
        return name if pages.has_view_permission(request) else _named(field)


@cache
def _named(field: "ForeignKey[Any, Any]") -> Callable[[Model], str]:
    """Return a column that names the row a field leads to; Django compares columns by identity."""

    @admin.display(description=field.verbose_name)
    def named(row: Model) -> str:
        value = getattr(row, field.name)
        return "-" if value is None else str(value)

    return named


class ReadOnlyAdmin(ReadOnly, RecordedAdmin):
    """Rows of one model, to look at."""


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows beside another one; it must name its `fields`."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return all fields: a column without a link is not a form field."""
        return self.get_fields(request, obj)
