"""What operators see of the programs of organizations: applications with their limits, and keys."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actions import revoke_key
from accounts.application_forms import AlarmContacts
from accounts.application_limits import country_faults, limit_faults
from accounts.errors import Refusal
from accounts.forms import reachable_choices
from accounts.mail import organization_touched_mails, owners_of, send_later
from accounts.models import ApiKey, ApplicationCountry, Contact, Organization, SmsApplication
from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from accounts.recorded import RecordedAdmin
from accounts.staff import REVOKE

# An address without a scheme means https.
HTTPS: dict[Any, dict[str, str]] = {models.URLField: {"assume_scheme": "https"}}
SUSPENDED = ("suspended_at", admin.EmptyFieldListFilter)


class ApplicationAdminForm(forms.ModelForm):
    """An application; its limits follow the rules of the organization's own page."""

    alarm_contacts = AlarmContacts(
        label=_("Alarm contacts"), queryset=Contact.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if contacts := self.fields.get("alarm_contacts"):
            # Until its organization is chosen, an application has nobody to tell.
            own = Contact.objects.filter(organization_id=self.instance.organization_id)
            contacts.queryset = own.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check the limits against each other and against the organization's."""
        cleaned: dict[str, Any] = super().clean() or {}
        organization = (
            cleaned.get("organization")
            or Organization.objects.filter(pk=self.instance.organization_id).first()
        )
        if organization:
            for field, sentence in limit_faults(organization, cleaned):
                if field in self.fields and field not in self.errors:
                    self.add_error(field, sentence)
        return cleaned


class CountryAdminForm(forms.ModelForm):
    """A country that an application may send to."""

    country = forms.ChoiceField(label=_("country"), choices=reachable_choices)


class CountryFormSet(forms.BaseInlineFormSet):
    """The countries of an application."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name each field for screen readers: in a table, Django writes no label."""
        super().add_fields(form, index)
        for one in form.fields.values():
            one.widget.attrs["aria-label"] = one.label

    def clean(self) -> None:
        """Refuse what the organization does not send to, and more than the application may."""
        super().clean()
        application = self.instance
        if any(self.errors) or not application.organization_id:
            return
        for row in self.forms:
            cleaned = row.cleaned_data
            if not cleaned.get("country") or cleaned.get("DELETE"):
                continue
            limits = {cleaned["country"]: cleaned.get("daily_segment_limit")}
            most = application.segments_a_day
            for _code, sentence in country_faults(application.organization, most, limits):
                row.add_error("country", sentence)


class CountryInline(admin.TabularInline):
    """Where an application may send to; without a row, wherever its organization may."""

    model = ApplicationCountry
    form = CountryAdminForm
    formset = CountryFormSet
    fields = ("country", "daily_segment_limit")
    extra = 0


class ApiKeyInline(ReadOnlyInline):
    """The keys of an application that work, without their secrets."""

    model = ApiKey
    verbose_name_plural = _("API keys that work")
    fields = ("secret_id", "name", "created_at", "expires_at", "last_used_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the few that work: those that ended grow in number."""
        rows: Any = super().get_queryset(request)
        return rows.usable()


@admin.register(SmsApplication)
class SmsApplicationAdmin(RecordedAdmin):
    """Sending programs of organizations: originator, limits, and whether they may send."""

    form = ApplicationAdminForm
    formfield_overrides = HTTPS
    list_display = (
        *("name", "sdk_app_id", "organization", "originator", "is_enabled"),
        *("daily_segment_limit", "suspended_at"),
    )
    list_filter = ("is_enabled", SUSPENDED)
    search_fields = ("name", "sdk_app_id", "organization__name")
    list_select_related = ("organization",)
    readonly_fields = ("sdk_app_id", "created_at", "suspended_at", "suspension_reason")
    inlines = (CountryInline, ApiKeyInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *("organization", "name", "description", "sdk_app_id", "originator"),
                    *("is_enabled", "created_at", "suspended_at", "suspension_reason"),
                )
            },
        ),
        (
            _("Limits"),
            {
                "fields": (
                    *("daily_segment_limit", "daily_alarm_segments", "alarm_contacts"),
                    *("repeat_seconds", "number_hourly_limit", "number_daily_limit"),
                    "limits_one_time_passwords",
                )
            },
        ),
        (_("Callbacks"), {"fields": ("callback_url", "reply_callback_url")}),
    )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Save what was changed; the rest of the row may have changed since it was read."""
        columns = [field for field in form.changed_data if field != "alarm_contacts"]
        obj.save(update_fields=columns if change else None)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Leave it where it is: what was sent with it belongs to its organization."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else (*fields, "organization")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say no: messages name it."""
        return False


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys of all organizations, without their secrets. Operators can end one."""

    list_display = ("secret_id", "name", "organization", "revoked_at", "last_used_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("secret_id", "name", "application__name", "organization__name")
    list_select_related = ("application", "organization")
    fields = (
        *("secret_id", "name", "application", "organization", "allowed_networks", "created_by"),
        *("created_at", "expires_at", "revoked_at", "last_used_at", "last_used_address"),
    )
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Tell whether a reader may end keys."""
        return bool(request.user.has_perm(REVOKE))

    @admin.action(description=_("Revoke selected API keys"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """End each; the trail of its organization says who did, and its owners are told."""
        revoked = 0
        for key in queryset.select_related("application", "organization"):
            try:
                entry = revoke_key(key=key, actor=request.user)  # type: ignore[arg-type]
            except Refusal as refusal:
                self.message_user(request, str(refusal), messages.WARNING)
            else:
                revoked += 1
                send_later(organization_touched_mails(entry, owners_of(key.organization)))
        done = ngettext("%(n)d API key was revoked.", "%(n)d API keys were revoked.", revoked)
        if revoked:
            self.message_user(request, done % {"n": revoked}, messages.SUCCESS)
