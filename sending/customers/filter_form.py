"""The filter of the list of customers: in the address, but for what people type."""

from typing import Any, Self

from django import forms
from django.forms.utils import flatatt
from django.http import HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.countries import country_choices
from accounts.models import Organization
from accounts.requests import MemberRequest, whole_number
from accounts.roles import Permission
from sending.customers import queries
from sending.models.customer import LANGUAGE_CHARS, VALUE_CHARS
from sending.pool.filters import CustomerFilter
from sending.searches import redirect_to_search, search_of
from templates_app.language_names import language_name

_TEXT_CHARS = 60
# A search keeps two texts: what neither of them can hold is between them.
_BETWEEN = "\n"
_SUPPRESSED = ("yes", "no")
_CLASSES: dict[type[forms.Field], str] = {
    forms.CharField: "form-control",
    forms.ChoiceField: "form-select",
    forms.BooleanField: "form-check-input",
}


class QuickSelect(forms.Select):
    """Writes its options at once: a template for each country takes longer than the whole list."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the element with its options."""
        del renderer
        chosen = str(value or "")
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                (code, mark_safe(" selected") if str(code) == chosen else "", label)
                for code, label in self.choices
            ),
        )
        own = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", flatatt(own), options)


class FilterForm(forms.Form):
    """What customers are looked for by."""

    q = forms.CharField(label=gettext_lazy("Number, or beginning of a name"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("Group"), required=False, widget=QuickSelect)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False, widget=QuickSelect)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False, widget=QuickSelect)
    suppressed = forms.ChoiceField(
        label=gettext_lazy("Suppressed"),
        choices=[
            ("", gettext_lazy("Any")),
            ("yes", gettext_lazy("Yes")),
            ("no", gettext_lazy("No")),
        ],
        required=False,
    )
    column = forms.ChoiceField(label=gettext_lazy("Column"), required=False, widget=QuickSelect)
    value = forms.CharField(label=gettext_lazy("Value"), required=False)
    begins = forms.BooleanField(label=gettext_lazy("Value begins with"), required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        """Offer what the organization has."""
        super().__init__(*args, **kwargs)
        anything = [("", _("Any"))]
        columns = queries.fields_of(organization)
        choices: dict[str, list[tuple[str, str]]] = {
            "group": [(str(each.pk), each.name) for each in queries.groups_of(organization)],
            "language": [(tag, language_name(tag)) for tag in queries.languages_of(organization)],
            "country": country_choices()[1:],
            "column": [(each.key, each.label) for each in columns],
        }
        fields: Any = self.fields
        for name, offered in choices.items():
            fields[name].choices = anything + offered
        for name in ("column", "value", "begins") if not columns else ():
            del fields[name]
        for field in fields.values():
            field.widget.attrs["class"] = _CLASSES[type(field)]

    @classmethod
    def of(cls, organization: Organization, wanted: CustomerFilter) -> Self:
        """Return the form as it was filled in."""
        initial = {
            "q": wanted.text,
            "group": str(wanted.group or ""),
            "language": wanted.language,
            "country": wanted.country,
            "suppressed": wanted.suppressed,
            "column": wanted.column,
            "value": wanted.value,
            "begins": wanted.begins,
        }
        return cls(initial=initial, organization=organization)

    def said(self) -> list[tuple[str, str]]:
        """Return what is filtered by, as label and value."""
        lines = []
        for name, field in self.fields.items():
            value = self.initial.get(name)
            if value and name != "begins":
                choices = dict(getattr(field, "choices", ()))
                lines.append((str(field.label), str(choices.get(value, value))))
        return lines


def filter_of(request: MemberRequest) -> CustomerFilter:
    """Read the filter of an address; what makes no sense is as if it was not there."""
    given = request.GET
    text, _between, value = search_of(request).text.partition(_BETWEEN)
    suppressed = given.get("suppressed", "")
    country = given.get("country", "")[:2]
    wanted = CustomerFilter(
        text=text,
        group=whole_number(given.get("group")),
        language=given.get("language", "")[:LANGUAGE_CHARS].replace("\0", ""),
        country=country if country.isascii() and country.isalpha() else "",
        column=given.get("column", "")[:12].replace("\0", "") if value else "",
        value=value,
        begins=bool(value and given.get("begins")),
        suppressed=suppressed if suppressed in _SUPPRESSED else "",
    )
    if wanted.by_number and not request.member.may(Permission.NUMBERS):
        # Who may not see numbers must not find them out digit by digit either.
        return CustomerFilter.from_json(wanted.to_json() | {"text": ""})
    return wanted


def redirect_to_filter(request: MemberRequest) -> HttpResponseRedirect:
    """Lead to the address of what was filled in."""
    given = request.POST
    text = " ".join(given.get("q", "").split())[:_TEXT_CHARS]
    value = " ".join(given.get("value", "").split())[:VALUE_CHARS]
    names = ("group", "language", "country", "suppressed", "column", "begins")
    kept = {name: given.get(name, "")[:LANGUAGE_CHARS] for name in names}
    if not kept["column"]:
        value = ""
    if not value:
        kept["column"] = kept["begins"] = ""
    return redirect_to_search(request, f"{text}{_BETWEEN}{value}" if value else text, **kept)
