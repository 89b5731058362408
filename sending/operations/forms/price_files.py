"""Price lists and costs of gateways as csv files: what is read, and what is wrong with it."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import shared_time
from accounts.forms import CrispyForm
from accounts.models import Organization
from sending.models import Gateway
from sending.operations.forms.routes import country_of
from sending.operations.queries.prices import ALL_OTHERS
from sending.operations.table_file import CellProblem, TableFile, TableRefused, read_table
from sending.sms.pricing import micro_of

_COUNTRY = ("country", "code", "iso")
_CURRENCY = forms.RegexField(
    label=gettext_lazy("Currency"),
    regex=r"^[A-Z]{3}$",
    initial="USD",
    error_messages={"invalid": gettext_lazy("Write three capital letters, such as USD.")},
)


class TableForm(CrispyForm):
    """A csv file; `problems` says what is wrong in it, cell by cell."""

    COLUMNS: dict[str, tuple[str, ...]] = {}
    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: list[CellProblem] = []

    def clean_file(self) -> UploadedFile:
        """Read the file; a form with problems is not valid."""
        file: UploadedFile = self.cleaned_data["file"]
        try:
            table = read_table(file, self.COLUMNS)
        except TableRefused as refused:
            raise forms.ValidationError(str(refused), code="file") from refused
        self.read(table)
        self.problems = table.problems
        if not table.rows:
            raise forms.ValidationError(_("The file has no rows below its headings."), code="rows")
        if self.problems:
            raise forms.ValidationError(
                _("Nothing was saved. Correct what is listed below, then choose the file again."),
                code="problems",
            )
        return file

    def read(self, table: TableFile) -> None:
        """Take what the rows say, and complain of what they should not."""
        raise NotImplementedError


def _country(table: TableFile, row: int, text: str) -> str | None:
    """Return a country of a row, empty for all others; None, and a problem, for what is none."""
    if text == ALL_OTHERS:
        return ""
    try:
        return country_of(text)
    except forms.ValidationError as error:
        table.complain(row, "country", " ".join(error.messages))
        return None


class PriceFileForm(TableForm):
    """A price list of its own: a draft, one for later, or, when that is asked for, for now."""

    COLUMNS = {"country": _COUNTRY, "price": ("price", "amount", "price per segment")}

    currency = _CURRENCY
    organization = forms.ModelChoiceField(
        label=gettext_lazy("Only for"),
        queryset=Organization.objects.filter(removed_at=None).order_by("name"),
        empty_label=gettext_lazy("All organizations without prices of their own"),
        required=False,
    )
    valid_from = forms.DateTimeField(
        label=gettext_lazy("In force from (UTC)"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Leave it empty for a draft."),
    )
    at_once = forms.BooleanField(label=gettext_lazy("In force at once"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    field_order = ["file", "currency", "organization", "valid_from", "at_once", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what the columns are."""
        super().__init__(*args, **kwargs)
        self.prices: dict[str, int] = {}
        self.fields["file"].help_text = _(
            "csv in UTF-8 with the columns country and price. * as the country is for all others."
        )

    def read(self, table: TableFile) -> None:
        """Take the price of each country, once."""
        for row, cells in table.rows:
            country = _country(table, row, cells["country"])
            amount = table.amount(row, "price", cells["price"])
            if country is not None and country in self.prices:
                table.complain(row, "country", _("This country has a price in a row above."))
            elif country is not None and amount is not None:
                self.prices[country] = micro_of(amount)

    def clean(self) -> dict[str, Any]:
        """Let a list be in force at once only when somebody says so."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        at_once, moment = data.get("at_once"), data.get("valid_from")
        if at_once and moment:
            self.add_error("at_once", _("Choose either a date or “In force at once”."))
        elif moment and moment <= shared_time.now():
            self.add_error(
                "valid_from", _("This time has passed. Choose a later time, or “In force at once”.")
            )
        elif at_once:
            data["valid_from"] = shared_time.now()
        return data


class CostFileForm(TableForm):
    """What gateways take for a segment; what is stored of the gateways it names is replaced."""

    COLUMNS = {"gateway": ("gateway",), "country": _COUNTRY, "cost": ("cost", "price", "amount")}

    currency = _CURRENCY
    field_order = ["file", "currency"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what the columns are."""
        super().__init__(*args, **kwargs)
        self.costs: dict[tuple[int, str], int] = {}
        self.fields["file"].help_text = _(
            "csv in UTF-8 with the columns gateway, country and cost. * as the country is for all "
            "others. All costs of the gateways in the file are replaced."
        )

    def read(self, table: TableFile) -> None:
        """Take the cost of each gateway and country, once."""
        gateways = dict(Gateway.objects.values_list("name", "pk"))
        for row, cells in table.rows:
            country = _country(table, row, cells["country"])
            amount = table.amount(row, "cost", cells["cost"])
            gateway_id = gateways.get(cells["gateway"])
            if gateway_id is None:
                name = {"name": cells["gateway"][:40]}
                table.complain(row, "gateway", _("There is no gateway “%(name)s”.") % name)
                continue
            if country is None or amount is None:
                continue
            if (gateway_id, country) in self.costs:
                table.complain(
                    row, "country", _("This gateway has a cost for this country in a row above.")
                )
            self.costs[gateway_id, country] = micro_of(amount)
