"""What operators set up in the administration: gateways, routes and prices. No hot table."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.read_only import ReadOnlyAdmin
from accounts.recorded import RecordedAdmin
from sending.gateways.http.pattern import FIELDS
from sending.gateways.http.preset_files import presets
from sending.models import (
    BindSlot,
    Gateway,
    GatewayCost,
    HttpGateway,
    Price,
    PriceVersion,
    Route,
    SendTask,
    SmppAccount,
    SmppLockOut,
)
from sending.operations.connection_error_texts import connection_error_text
from sending.operations.forms.registry import GATEWAY_FORMS
from sending.operations.forms.routes import CostForm, PriceForm, RouteForm
from sending.operations.forms.smpp_gateway import FIELDSETS
from sending.operations.forms.tls import TlsForm, expiry_warning
from sending.operations.gateway_preview import preview


def warn_of_expiry(page: RecordedAdmin, request: HttpRequest, gateway: Gateway) -> None:
    """Say so when a certificate was stored that expires soon or has."""
    if warning := expiry_warning(gateway):
        page.message_user(request, warning, messages.WARNING)


@admin.register(Gateway)
class GatewayAdmin(RecordedAdmin):
    """Logins at carriers, over SMPP."""

    form = GATEWAY_FORMS[Gateway.Kind.SMPP]
    fieldsets = FIELDSETS
    list_display = ["name", "mode", "host", "port", "tls", "bind_slots", "window", "rate"]
    list_filter = ["mode", "is_simulator"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Store, and warn of a certificate that is about to expire."""
        super().save_model(request, obj, form, change)
        warn_of_expiry(self, request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Gateway]:
        """Leave the others to pages of their own."""
        rows: QuerySet[Gateway] = super().get_queryset(request)
        return rows.filter(kind=Gateway.Kind.SMPP)


def _offer_of_presets() -> str:
    links = [(one.name, one.title) for one in presets().values()]
    return format_html(
        "{} {}",
        gettext("Start from a preset, or fill in the form yourself:"),
        format_html_join(", ", '<a href="?preset={}">{}</a>', links),
    )


@admin.register(HttpGateway)
class HttpGatewayAdmin(RecordedAdmin):
    """Aggregators that are called over HTTP."""

    form = GATEWAY_FORMS[Gateway.Kind.HTTP]
    list_display = ["name", "mode", "host", "port", "window", "rate"]
    list_filter = ["mode", "is_simulator"]
    readonly_fields = ["sample_request", "receipt_address"]
    fieldsets = [
        (None, {"fields": ["name", "mode", "is_simulator", "originator", "originator_is_shared"]}),
        (
            _("Request"),
            {
                "description": format_lazy(
                    "{} {}",
                    _("Fields that address, headers and body may name:"),
                    " ".join(f"{{{name}}}" for name in sorted(FIELDS)),
                ),
                "fields": [
                    "url", "method", "authentication", "username", "new_secret", "headers",
                    "body_kind", "body", "sample_request",
                ],
            },
        ),
        (
            _("Answer"),
            {
                "description": _(
                    "No answer, and a 5xx that is in no list, leave a message in doubt: it is "
                    "never sent again automatically."
                ),
                "fields": [
                    "answer_format", "success_rule", "success_values", "message_id_rule",
                    "error_rule", "permanent_codes", "temporary_codes", "throttled_codes",
                ],
            },
        ),
        (
            _("Receipts and replies"),
            {
                "fields": [
                    "receipt_address", "renew_receipt_secret", "receipt_format",
                    "receipt_items_rule", "receipt_id_rule", "receipt_status_rule",
                    "receipt_error_rule", "receipt_number_rule", "receipt_states", "receipt_covers",
                    "id_format", "receipt_signature_header", "receipt_timestamp_header",
                    "new_signature_key",
                    "reply_source_rule", "reply_destination_rule", "reply_text_rule",
                ],
            },
        ),
        (
            _("TLS"),
            {
                "description": _("Only where the aggregator signs its own certificates or asks for "
                                 "ours. Its certificate is always verified."),
                "fields": ["tls_server_name", *TlsForm.TLS_FIELDS],
            },
        ),
        (_("Speed"), {"fields": ["rate", "window", "response_timeout", "bind_slots"]}),
    ]  # fmt: skip

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start from the preset that was chosen, stopped until it was tested."""
        preset = presets().get(request.GET.get("preset", ""))
        if preset is None:
            return {}
        return {**preset.settings, "name": preset.name, "mode": Gateway.Mode.STOPPED}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Offer the presets while nothing is stored yet."""
        first, *others = super().get_fieldsets(request, obj)
        if obj is None:
            first = (first[0], {**first[1], "description": _offer_of_presets()})
        return [first, *others]

    @admin.display(description=_("what would be sent"))
    def sample_request(self, gateway: HttpGateway) -> str:
        """Show a sample request; one that is not stored yet has none."""
        if not gateway.pk:
            return gettext("Save and continue editing to see a sample request here.")
        return format_html(
            '<textarea class="vLargeTextField" rows="12" aria-label="{}" readonly>{}</textarea>',
            gettext("What would be sent"),
            preview(gateway),
        )

    @admin.display(description=_("address for receipts"))
    def receipt_address(self, gateway: HttpGateway) -> str:
        """Show what the aggregator must be told, and keep to itself."""
        return gateway.receipt_url if gateway.pk else gettext("Made when you save.")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Store, and warn when everybody on the way can read texts and secret."""
        super().save_model(request, obj, form, change)
        warn_of_expiry(self, request, obj)
        if obj.http_settings.get("url", "").startswith("http://"):
            self.message_user(
                request,
                _("This address begins with http://: texts and secret go out unencrypted."),
                messages.WARNING,
            )


@admin.register(Route)
class RouteAdmin(RecordedAdmin):
    """Which numbers go through which gateway."""

    form = RouteForm
    list_display = ["__str__", "prefix", "country", "gateway", "order"]
    list_select_related = ["gateway"]


@admin.register(BindSlot)
class BindSlotAdmin(ReadOnlyAdmin):
    """Who holds which connection; senders make and keep slots."""

    list_display = [
        "gateway",
        "number",
        "owner",
        "bound_at",
        "in_window",
        "heartbeat_at",
        "what_is_wrong",
    ]
    list_select_related = ["gateway"]

    @admin.display(description=_("problem"))
    def what_is_wrong(self, slot: BindSlot) -> str:
        """Say why the connection is missing."""
        return connection_error_text(slot.trouble)


@admin.register(SmppAccount)
class SmppAccountAdmin(RecordedAdmin):
    """Logins of clients over SMPP; their own members make and change them, within bounds."""

    list_display = ["system_id", "organization", "application", "is_enabled", "rate", "window"]
    list_select_related = ["organization", "application"]
    list_filter = ["is_enabled"]
    search_fields = ["system_id"]
    # What members may not set as high as they like.
    fields = ["is_enabled", "rate", "window", "most_binds", "most_transmitters"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no: members make them, for an application of theirs."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: one that is switched off stays known, with what it sent."""
        return False


@admin.register(SmppLockOut)
class SmppLockOutAdmin(RecordedAdmin):
    """From where binds failed; to delete a row unlocks it."""

    list_display = ["address", "system_id", "reason", "failures", "failed_at", "locked_until"]
    search_fields = ["system_id", "address"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no: only servers write them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False


@admin.register(GatewayCost)
class GatewayCostAdmin(RecordedAdmin):
    """What gateways take for a segment; margins are on a page of Operations."""

    form = CostForm
    list_display = ["gateway", "country", "amount", "currency"]
    list_filter = ["gateway"]
    list_select_related = ["gateway"]

    @admin.display(description=_("cost per segment"))
    def amount(self, cost: GatewayCost) -> Decimal:
        """Show it as people read it."""
        return cost.amount


class PriceInline(admin.TabularInline):
    """The prices of a list; the row without country is for all others."""

    model = Price
    form = PriceForm
    extra = 3

    @admin.display(description=_("price per segment"))
    def amount(self, price: Price) -> Decimal:
        """Show it as people read it, where it is fixed."""
        return price.amount


@admin.register(PriceVersion)
class PriceVersionAdmin(RecordedAdmin):
    """Price lists. One that has begun, or that a task was priced with, can only be copied.

    A new list and a copy are drafts: they are in force once they are given a date.
    """

    list_display = ["__str__", "organization", "currency", "valid_from", "note"]
    list_select_related = ["organization"]
    inlines = [PriceInline]
    # Django's two fields for a moment have no labels of their own.
    formfield_overrides = {
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            ),
        }
    }
    actions = ["copy_to_a_draft"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no to a list in use: what people were shown must stay true."""
        return not self._in_use(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no to a list in use."""
        return not self._in_use(obj) and super().has_delete_permission(request, obj)

    def _in_use(self, version: PriceVersion | None) -> bool:
        if version is None:
            return False
        # What a program was charged by it is not asked for: it had begun then.
        return version.has_begun or SendTask.objects.filter(price_version=version).exists()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with a draft: a list that nobody has finished must not be in force."""
        return {**super().get_changeform_initial_data(request), "valid_from": None}

    @admin.action(description=_("Copy to a draft"), permissions=["add"])
    def copy_to_a_draft(self, request: HttpRequest, queryset: QuerySet[PriceVersion]) -> None:
        """Copy one list, so that its prices can be changed in the copy before it is in force."""
        version = queryset.first()
        if version is None or queryset.count() != 1:
            self.message_user(request, _("Choose exactly one price list."), messages.ERROR)
            return
        copy = PriceVersion.objects.create(
            currency=version.currency,
            note=version.note,
            organization=version.organization,
            valid_from=None,
        )
        Price.objects.bulk_create(
            Price(version=copy, country=price.country, micro=price.micro)
            for price in version.prices.all()
        )
        self.log_addition(request, copy, gettext("Copied from another list."))
        self.message_user(
            request, _("Copied to a draft. It takes effect once you enter from when.")
        )
