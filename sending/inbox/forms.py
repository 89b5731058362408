"""Fields of the pages of the inbox."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import CrispyForm
from accounts.models import Organization
from templates_app import wording
from templates_app.models import TextTemplate
from templates_app.queries import text_templates
from templates_app.review import ReviewState


class ConfirmationsForm(CrispyForm):
    """What confirms STOP and START: approved text templates without variables."""

    stop_template = forms.ModelChoiceField(
        label=_("Confirmation of STOP"),
        queryset=TextTemplate.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("The last text that the number gets. At most one a day to each number."),
    )
    start_template = forms.ModelChoiceField(
        label=_("Confirmation of START"),
        queryset=TextTemplate.objects.none(),
        required=False,
        empty_label=_("None"),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        """Offer the templates that need no values."""
        super().__init__(*args, **kwargs)
        approved = text_templates(organization, state=ReviewState.APPROVED.value)
        plain = [
            row.pk
            for row in approved
            if row.approved and not wording.parse(row.approved.body).variables
        ]
        for name in ("stop_template", "start_template"):
            field = cast(forms.ModelChoiceField, self.fields[name])
            field.queryset = approved.filter(pk__in=plain).order_by("name")
