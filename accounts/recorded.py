"""Pages of the administration whose every act is written down and told to whom it touched."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.mail import account_touched_mail, organization_touched_mails, owners_of, send_later
from accounts.models import AuditEntry, Member, Organization, User
from accounts.requests import whole_number


class RecordedAdmin(admin.ModelAdmin):
    """Writes what staff add, change and delete into the audit trail, and mails whom it touched.

    Every page of the administration is one; an action that does more than delete calls the same
    `log_` methods for what it did.
    """

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Record that something was added."""
        self._record(request, obj, "added")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Record which fields were changed, never their values: one may be a password."""
        # A form that was saved as it stood changed nothing.
        if fields := _changed_fields(message):
            self._record(request, obj, "changed", fields=fields)
        return super().log_change(request, obj, message)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete it, then record that: the trail is locked last."""
        super().delete_model(request, obj)
        self._record(request, obj, "deleted")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete them, then record each."""
        deleted = list(queryset)
        super().delete_queryset(request, queryset)
        for obj in deleted:
            self._record(request, obj, "deleted")

    def response_action(self, *args: Any, **kwargs: Any) -> HttpResponse | None:
        """Act and write it down together; raises BadRequest (400) for what is the id of no row."""
        request: HttpRequest = args[0]
        if not all(map(whole_number, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise BadRequest("An action is on rows, which have numbers.")
        with transaction.atomic():
            return super().response_action(*args, **kwargs)

    def _record(self, request: HttpRequest, obj: Model, verb: str, **details: Any) -> None:
        """Write the act into every trail that it belongs to, and tell each reader once."""
        organization = obj if isinstance(obj, Organization) else getattr(obj, "organization", None)
        person = obj if isinstance(obj, User) else getattr(obj, "user", None)
        trails = [organization] if organization or not person else _organizations_of(person)
        entries = [
            AuditEntry.record(
                action=f"{self.opts.model_name}.{verb}",
                # A name is its person's to change; nothing of the trail is.
                subject="" if obj == person else obj,
                organization=trail,
                actor=request.user,
                person=person,
                **details,
            )
            for trail in trails
        ]
        if organization:
            send_later(organization_touched_mails(entries[0], owners_of(organization)))
        if person:
            send_later([account_touched_mail(entries[0], person.email)])


def _organizations_of(person: User) -> list[Organization | None]:
    """Return where a person is a member; None, the console itself, for who is nowhere."""
    places = Member.objects.filter(user=person).select_related("organization")
    return [place.organization for place in places.order_by("organization_id")] or [None]


def _changed_fields(message: list[dict[str, dict[str, Any]]]) -> list[str]:
    """Return the labels of changed fields in Django's own message, and the kinds of rows beside."""
    parts = [about for part in message for about in part.values()]
    labels = (
        label for part in parts for label in ([part["name"]] if "name" in part else part["fields"])
    )
    return list(dict.fromkeys(labels))
