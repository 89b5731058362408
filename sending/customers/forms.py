"""What people enter about customers."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from sending.groups.forms import CustomersFileForm
from sending.models import ChangeKind, Customer, CustomerField, CustomerGroup
from sending.models.customer import (
    LABEL_CHARS,
    LANGUAGE_CHARS,
    MOST_FIELDS,
    NAME_CHARS,
    NOTE_CHARS,
    VALUE_CHARS,
)
from sending.sms.msisdn import MsisdnError, parse
from templates_app.language_names import every_alias

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}")


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the form element to the page."""
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class CustomerForm(_Form):
    """Name, language, own columns and consent of a customer."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_CHARS, required=False)
    language = forms.CharField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("Its code, such as en, fr or zh-hans."),
        max_length=LANGUAGE_CHARS,
        required=False,
    )

    def __init__(self, *args: Any, fields: list[CustomerField], **kwargs: Any) -> None:
        """Ask for the organization's own columns too."""
        super().__init__(*args, **kwargs)
        self._own = fields
        for field in fields:
            self.fields[f"field_{field.key}"] = forms.CharField(
                label=field.label, max_length=VALUE_CHARS, required=False
            )
        self.fields["consent"] = forms.CharField(
            label=_("Consent"),
            help_text=_("How and when the customer agreed to get messages, in your words."),
            max_length=NOTE_CHARS,
            required=False,
        )

    def clean_language(self) -> str:
        """Take the code of a language however it is written, or its name."""
        written: str = self.cleaned_data["language"].replace("_", "-").lower()
        code = every_alias().get(written, written)
        if code and not _LANGUAGE.fullmatch(code):
            raise forms.ValidationError(
                _("No language has this name or code. Write its name, or a code such as fr."),
                code="language",
            )
        return code

    def kept(self) -> dict[str, Any]:
        """Return the values by the columns of Customer."""
        data = self.cleaned_data
        own = {field.key: data[f"field_{field.key}"] for field in self._own}
        return {
            "name": data["name"],
            "language": data["language"],
            "fields": {key: text for key, text in own.items() if text},
            "consent": data["consent"],
        }


def initial_of(customer: Customer) -> dict[str, Any]:
    """Return what the form begins with."""
    own = {f"field_{key}": text for key, text in customer.fields.items()}
    kept = {name: getattr(customer, name) for name in ("name", "language", "consent")}
    return kept | own


class NewCustomerForm(CustomerForm):
    """A customer who is entered."""

    number = forms.CharField(
        label=gettext_lazy("Mobile number"),
        help_text=gettext_lazy("With its country code, such as +44 7700 900123."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    field_order = ("number",)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        """Remember whose customer it will be."""
        super().__init__(*args, **kwargs)
        self._organization = organization
        self.country = ""

    def clean_number(self) -> str:
        """Return a mobile number as E.164 that nobody has yet."""
        try:
            number = parse(self.cleaned_data["number"])
        except MsisdnError:
            raise forms.ValidationError(
                _("This is not a valid mobile number. Start with the country code."), code="number"
            ) from None
        own = Customer.objects.for_organization(self._organization)
        if own.filter(msisdn=number.e164).exists():
            raise forms.ValidationError(
                _("This number is already a customer. Search for it to change it."), code="taken"
            )
        self.country = number.country
        return number.e164


class FieldForm(_Form):
    """The name of an own column."""

    label = forms.CharField(
        label=gettext_lazy("Name of the column"),
        help_text=gettext_lazy(
            "Spreadsheet columns with this heading are imported here automatically."
        ),
        max_length=LABEL_CHARS,
    )

    def __init__(
        self, *args: Any, organization: Organization, field: CustomerField | None = None, **kw: Any
    ) -> None:
        """Know the names that are taken."""
        super().__init__(*args, **kw)
        own = CustomerField.objects.for_organization(organization)
        self._others = own.exclude(pk=field.pk) if field else own
        self._is_new = field is None

    def clean_label(self) -> str:
        """Refuse a name that another column has, and the twenty-first column."""
        label: str = " ".join(self.cleaned_data["label"].split())
        if self._others.filter(label__iexact=label).exists():
            raise forms.ValidationError(
                _("There is already a column with this name. Choose another name."), code="taken"
            )
        if self._is_new and self._others.count() >= MOST_FIELDS:
            raise forms.ValidationError(
                _("You have 20 columns, which is the limit. Remove one first."), code="too_many"
            )
        return label


class PoolImportForm(CustomersFileForm):
    """A spreadsheet of customers, into a group or into none."""

    group = forms.ModelChoiceField(
        label=gettext_lazy("Group"),
        help_text=gettext_lazy("Customers in the file are added to this group too."),
        queryset=CustomerGroup.objects.none(),
        required=False,
        empty_label=gettext_lazy("None"),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        """Offer the groups of the organization."""
        super().__init__(*args, **kwargs)
        own = CustomerGroup.objects.for_organization(organization)
        self.fields["group"].queryset = own.order_by("name")  # type: ignore[attr-defined]


class ChangeForm(_Form):
    """What is done to the chosen customers, or to all that a filter means."""

    kind = forms.ChoiceField(
        choices=[each for each in ChangeKind.choices if each[0] != ChangeKind.FORGET.value]
    )
    scope = forms.ChoiceField(
        choices=[(each, each) for each in ("page", "shown", "all")], required=False
    )
    target = forms.ModelChoiceField(queryset=CustomerGroup.objects.none(), required=False)
    new_group = forms.CharField(max_length=60, required=False)
    confirmed = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, organization: Organization, group: CustomerGroup | None, **kwargs: Any
    ) -> None:
        """Remember the group that is shown: customers are taken out of it."""
        super().__init__(*args, **kwargs)
        self._organization = organization
        self._group = group
        own = CustomerGroup.objects.for_organization(organization)
        self.fields["target"].queryset = own  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the groups that the change needs."""
        data = super().clean() or {}
        kind, target = data.get("kind"), data.get("target")
        data["new_group"] = " ".join((data.get("new_group") or "").split())
        if kind in (ChangeKind.MOVE, ChangeKind.REMOVE) and self._group is None:
            raise forms.ValidationError(_("First filter by the group that they should leave."))
        if kind in (ChangeKind.ADD, ChangeKind.MOVE):
            self._check_target(target, data["new_group"])
        return data

    def _check_target(self, target: CustomerGroup | None, name: str) -> None:
        if not target and not name:
            raise forms.ValidationError(_("Choose a group, or enter the name of a new one."))
        own = CustomerGroup.objects.for_organization(self._organization)
        if not target and own.filter(name=name).exists():
            raise forms.ValidationError(
                _("There is already a group with this name. Choose it from the list.")
            )
        if target and target == self._group:
            raise forms.ValidationError(_("They are already in this group. Choose another one."))


class MergeForm(_Form):
    """The group that takes over the customers of another."""

    target = forms.ModelChoiceField(
        label=gettext_lazy("Into"), queryset=CustomerGroup.objects.none()
    )

    def __init__(self, *args: Any, group: CustomerGroup, **kwargs: Any) -> None:
        """Offer the other groups."""
        super().__init__(*args, **kwargs)
        own = CustomerGroup.objects.for_organization(group.organization).exclude(pk=group.pk)
        self.fields["target"].queryset = own.order_by("name")  # type: ignore[attr-defined]
