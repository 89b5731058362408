"""Pages of the administration whose changes go to the audit trail."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import AuditEntry


class RecordedAdmin(admin.ModelAdmin):
    """An admin page whose changes go to the audit trail."""

    def recorded_about(self, obj: Any) -> dict[str, Any]:
        """Return what the trail says of a row: subject, organization, perhaps the person."""
        return {"subject": obj, "organization": None}

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Record that something was added."""
        self._record(request, obj, "added", [])
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Record which fields were changed, never their values: one may be a password."""
        self._record(request, obj, "changed", message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Record what was deleted."""
        for obj in queryset:
            self._record(request, obj, "deleted", [])
        return super().log_deletions(request, queryset)

    def _record(self, request: HttpRequest, obj: Any, verb: str, changes: Any) -> None:
        AuditEntry.record(
            action=f"{self.opts.model_name}.{verb}",
            actor=request.user,
            changes=changes,
            **self.recorded_about(obj),
        )
