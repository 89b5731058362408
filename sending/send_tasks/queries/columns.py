"""What is kept about customers that can fill the variables of a text."""

from django import forms
from django.utils.translation import gettext as _

from accounts.models import Organization
from sending.intake.group_recipients import FIELD, NAME
from sending.models import CustomerField
from templates_app import wording
from templates_app.models import TextTemplate


def columns_of(organization: Organization) -> list[tuple[str, str]]:
    """Return (column, label) of the name and of the organization's own columns."""
    own = CustomerField.objects.for_organization(organization).values_list("key", "label")
    return [(NAME, _("Name")), *((FIELD + key, label) for key, label in own)]


def fields_for(
    template: TextTemplate | None, organization: Organization
) -> dict[str, forms.ChoiceField]:
    """Return a choice of columns for each variable of a text template, by the name of the field."""
    version = template.approved if template else None
    parsed = wording.parse(version.body) if version else None
    if parsed is None or len(parsed.used) != parsed.variables:
        return {}
    choices = [("", _("Choose a column")), *columns_of(organization)]
    return {
        f"column_{number}": forms.ChoiceField(
            label=f"{{{number}}}",
            choices=choices,
            required=False,
            error_messages={"invalid_choice": _("This column no longer exists. Choose another.")},
        )
        for number in parsed.used
    }
