"""What people enter about customers."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from sending.models import CustomerGroup, ImportMode
from sending.models.customer import NOTE_CHARS

MAX_NUMBERS = 100
ENDINGS = (".xlsx", ".xls", ".ods", ".csv", ".tsv", ".txt")


class GroupForm(forms.ModelForm):
    """The name of a group."""

    class Meta:
        model = CustomerGroup
        fields = ["name"]
        help_texts = {"name": _("Only people in your organization see it.")}

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        """Remember whose group it is, so that a name is taken only once."""
        super().__init__(*args, **kwargs)
        self.instance.organization = organization
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_name(self) -> str:
        """Refuse a name that another group of the organization has."""
        name: str = self.cleaned_data["name"].strip()
        groups = CustomerGroup.objects.for_organization(self.instance.organization)
        if groups.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _("There is already a group with this name. Choose another name."), code="taken"
            )
        return name


class NumbersForm(forms.Form):
    """Up to a hundred numbers, one a line."""

    numbers = forms.CharField(
        label=_("Mobile numbers"),
        help_text=_("Up to 100, one per line, country code first, without +. Example: 85251234567"),
        widget=forms.Textarea(attrs={"rows": 10, "class": "mono", "spellcheck": "false"}),
        max_length=10_000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the form element to the page."""
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_numbers(self) -> str:
        """Count the lines; what is on them is checked by the same rules as a spreadsheet."""
        numbers: str = self.cleaned_data["numbers"]
        count = sum(bool(line.strip()) for line in numbers.splitlines())
        if count > MAX_NUMBERS:
            raise forms.ValidationError(
                _("You entered %(count)s lines. You can enter up to 100. Import a file instead."),
                code="too_many",
                params={"count": count},
            )
        return numbers


class ImportForm(forms.Form):
    """A spreadsheet of customers."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_(
            "xlsx, xls, ods or csv, up to 30 MB. It needs a column with mobile numbers, for"
            " example “Mobile”; a column “Name” is kept too."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the form element to the page."""
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_file(self) -> Any:
        """Refuse what is too large before anybody reads it."""
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)s; at most 30 MB can be uploaded. Split it into parts."),
                code="too_large",
                params={"size": filesizeformat(file.size)},
            )
        return file


class CustomersFileForm(ImportForm):
    """A spreadsheet of customers, and what is done with those who are there already."""

    mode = forms.ChoiceField(
        label=_("Numbers that are already customers"),
        choices=ImportMode.choices,
        widget=forms.RadioSelect,
        required=False,
        initial=ImportMode.ADD.value,
    )
    empty_clears = forms.BooleanField(
        label=_("An empty cell deletes what is known"),
        help_text=_("Otherwise it is kept. This matters only for customers who are updated."),
        required=False,
    )
    consent = forms.CharField(
        label=_("Consent"),
        help_text=_(
            "How and when these people agreed to get messages. It is saved with everyone who is "
            "added or updated, unless a column of the sheet says it for each of them."
        ),
        max_length=NOTE_CHARS,
        required=False,
    )
    asks_columns = forms.BooleanField(
        label=_("Show me the columns before anything is stored"), required=False, initial=True
    )

    def clean_mode(self) -> str:
        """Return what a form without a choice means."""
        return self.cleaned_data["mode"] or ImportMode.ADD.value


class SuppressionFileForm(ImportForm):
    """A spreadsheet of numbers that must not be sent to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what the columns are here."""
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "xlsx, xls, ods or csv, up to 30 MB. It needs a column with mobile numbers, for"
            " example “Mobile”; a column “Name” is kept as the reason."
        )
