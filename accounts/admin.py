"""What operators see of organizations and people. Decisions are made on the review desk."""

from typing import Any

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
)
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts import (
    originator_admin,  # noqa: F401 - registers its page
    shared_time,
)
from accounts.actions import invite_owner
from accounts.application_admin import HTTPS, SUSPENDED
from accounts.errors import Conflict
from accounts.forms import WebsiteField, reachable_choices
from accounts.json_field import ForgivingJsonField
from accounts.mail import address_changed_mail, send_later
from accounts.models import (
    AuditEntry,
    Contact,
    Member,
    Organization,
    ServiceActivation,
    User,
)
from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from accounts.recorded import RecordedAdmin
from accounts.roles import Role

admin.site.site_header = _("SMS console administration")
admin.site.site_title = _("SMS console")
admin.site.index_title = _("Administration")
# One way in: the console's own sign-in, with its limits and its second step.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def own_password(*_: Any, **__: Any) -> HttpResponseRedirect:
    """Lead to the one page where people change their own password, which tells them by mail."""
    return redirect("account_change_password")


admin.site.password_change = own_password  # type: ignore[assignment,method-assign]


# Groups are kept by accounts/staff.py, addresses and sessions by their owners.
for not_ours in (Group, EmailAddress, Authenticator, UserSession):
    admin.site.unregister(not_ours)


class LowercaseEmailForm(forms.ModelForm):
    """Addresses are compared in lower case, so they are stored in lower case."""

    def clean_email(self) -> str:
        """Return the address as it is kept."""
        return str(self.cleaned_data["email"]).lower()


class UserCreationForm(LowercaseEmailForm, AdminUserCreationForm):
    """A new person; without a password they reset it by mail."""

    class Meta:
        model = User
        fields = ("email", "name")


class UserEditForm(LowercaseEmailForm, UserChangeForm):
    """A person."""

    class Meta:
        model = User
        fields = ("email", "name", "password", "is_active", "is_staff", "is_superuser", "groups")


class MembershipInline(ReadOnlyInline):
    """Where a person belongs; changed by the organization's own owners."""

    model = Member
    fields = ("organization", "role", "created_at")


@admin.register(User)
class UserAdmin(RecordedAdmin, DjangoUserAdmin):
    """People: superusers switch off, make staff, put into the groups Reviewers and Operators."""

    form = UserEditForm
    add_form = UserCreationForm
    list_display = ("email", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer the few groups as checkboxes."""
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Save; with another address the old one no longer signs in."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).exclude(email=obj.email).delete()
            earlier = form.initial["email"]
            send_later([address_changed_mail(earlier, person=obj, actor=request.user)])

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002
        """Change the password and write it down together."""
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    def construct_change_message(self, request: HttpRequest, form: Any, *args: Any) -> Any:
        """Name the password also where it was switched off: Django's form calls that no change."""
        if isinstance(form, AdminPasswordChangeForm):
            return [{"changed": {"fields": ["password"]}}]
        return super().construct_change_message(request, form, *args)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out the way to a new password where it would be refused."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, {**options, "fields": [f for f in options["fields"] if f != "password"]})
            for title, options in fieldsets
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let only superusers make accounts, whatever else staff may do."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let only superusers touch accounts: who sets a password can sign in with it."""
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: people are switched off, so that history keeps its names."""
        return False


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    """Second steps, without their secrets; removing one lets in a person who lost the phone."""

    list_display = ("user", "type", "created_at", "last_used_at")
    search_fields = ("user__email", "user__name")
    list_select_related = ("user",)
    fields = ("user", "type", "created_at", "last_used_at")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let superusers remove it."""
        return bool(request.user.is_superuser)


class MemberInline(ReadOnlyInline):
    """Who belongs to an organization."""

    model = Member
    fields = ("user", "role", "created_at")


class OrganizationEditForm(forms.ModelForm):
    """An organization; while it has no owner, one can be invited."""

    owner_email = forms.EmailField(
        label=_("Owner's e-mail address"),
        required=False,
        help_text=_("They get an invitation by e-mail, and invite the other members themselves."),
    )
    website = WebsiteField(label=_("Website"), required=False)

    def clean_owner_email(self) -> str:
        """Refuse to let anybody into an organization that has an owner."""
        email = str(self.cleaned_data["owner_email"])
        if email and self.instance.pk and self.instance.members.filter(role=Role.OWNER.value):
            raise forms.ValidationError(_("The organization has an owner, who invites others."))
        return email

    def clean_allowed_countries(self) -> list[str]:
        """Return countries that can be sent to: pages and checks read them as codes."""
        codes = self.cleaned_data["allowed_countries"] or []
        reachable = dict(reachable_choices())
        if not isinstance(codes, list) or not all(
            isinstance(code, str) and code in reachable for code in codes
        ):
            raise forms.ValidationError(
                _('Write codes of countries that can be sent to, such as ["HK", "SG"], or [].')
            )
        return sorted(codes)


class OwnOrganizationFilter(admin.SimpleListFilter):
    """Keeps the console's own organization out of the list until somebody asks for it."""

    title = _("kind")
    parameter_name = "own"

    def lookups(self, *_of_page: Any) -> list[tuple[str, Any]]:
        """Return the other choice beside all customers."""
        return [("1", _("The console's own"))]

    def choices(self, changelist: Any) -> Any:
        """Call the first choice what it is."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Customers")}
        yield from others

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Return one kind."""
        return queryset.filter(is_system=self.value() == "1")


@admin.register(Organization)
class OrganizationAdmin(RecordedAdmin):
    """Organizations; the daily limit is the operator's to set."""

    form = OrganizationEditForm
    list_display = (
        *("name", "country", "time_zone", "daily_segment_limit", "created_at"),
        "suspended_at",
    )
    list_filter = (OwnOrganizationFilter, SUSPENDED)
    search_fields = ("name", "website")
    formfield_overrides = {**HTTPS, models.JSONField: {"form_class": ForgivingJsonField}}
    readonly_fields = ("suspended_at", "suspension_reason", "is_system")
    inlines = (MemberInline,)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Save what was changed; the rest of the row may have changed since it was read."""
        changed = list(form.changed_data)
        if change and "time_zone" in changed:
            obj.time_zone = form.initial["time_zone"]
            changed += obj.move_to(form.cleaned_data["time_zone"], shared_time.now())
        changed = [name for name in changed if name != "owner_email"]
        obj.save(update_fields=changed if change else None)
        if email := form.cleaned_data.get("owner_email"):
            self._invite_owner(request, obj, email)

    def _invite_owner(self, request: Any, organization: Organization, email: str) -> None:
        try:
            with transaction.atomic():
                invite_owner(organization=organization, email=email, staff=request.user)
        except Conflict as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            sent = _("An invitation was sent to %(email)s.") % {"email": email}
            self.message_user(request, sent)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for an owner first, and only while there is none."""
        fields = [name for name in super().get_fields(request, obj) if name != "owner_email"]
        has_owner = obj is not None and obj.members.filter(role=Role.OWNER.value).exists()
        return fields if has_owner else ["name", "owner_email", *fields[fields.index("name") + 1 :]]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out what was removed; its trail is in the audit trail."""
        return super().get_queryset(request).filter(removed_at=None)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say no: messages and history belong to it. Operations removes one that is empty."""
        return False


@admin.register(Member)
class MemberAdmin(ReadOnlyAdmin):
    """Members of all organizations, to search."""

    list_display = ("user", "organization", "role", "created_at")
    list_filter = ("role",)
    search_fields = ("user__email", "user__name", "organization__name")
    list_select_related = ("user", "organization")


@admin.register(ServiceActivation)
class ServiceActivationAdmin(ReadOnlyAdmin):
    """Applications and what became of them."""

    formfield_overrides = HTTPS
    list_display = ("organization", "state", "submitted_at", "due_at", "decided_by", "decided_at")
    list_filter = ("state",)
    search_fields = ("organization__name", "legal_name")
    list_select_related = ("organization", "decided_by")


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    """Whom organizations want to be told."""

    list_display = ("name", "organization", "email")
    search_fields = ("name", "email", "organization__name")
    list_select_related = ("organization",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what; entries are never added, changed or removed here."""

    list_display = ("at", "action", "subject", "person", "actor", "organization")
    list_filter = ("action",)
    search_fields = ("subject", "actor__email", "person__email", "organization__name")
    list_select_related = ("actor", "organization", "person")
    ordering = ("-id",)
    show_full_result_count = False
