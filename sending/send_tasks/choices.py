"""Rows that the compose page chooses from, as people read them."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sending.models import CustomerGroup
from templates_app import wording
from templates_app.models import Signature, TextTemplate


class ReadOnce(forms.models.ModelChoiceIterator):
    """Rows of a choice that are read once, because the page looks at them too."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for row in self.queryset:
            yield self.choice(row)


class TemplateChoice(forms.ModelChoiceField):
    """A text template by name, type and number of variables."""

    iterator = ReadOnce

    def label_from_instance(self, obj: TextTemplate) -> str:
        """Return “Sign-in code (OTP, 2 variables)”."""
        version = obj.approved
        assert version is not None
        count = wording.parse(version.body).variables
        variables = (
            ngettext("%(n)s variable", "%(n)s variables", count) % {"n": count}
            if count
            else _("no variables")
        )
        return f"{obj.name} ({version.get_sms_type_display()}, {variables})"


class SignatureChoice(forms.ModelChoiceField):
    """A signature by its text."""

    iterator = ReadOnce

    def label_from_instance(self, obj: Signature) -> str:
        """Return the approved text."""
        return str(obj.approved)


class GroupChoice(forms.ModelChoiceField):
    """A customer group by name and size."""

    iterator = ReadOnce

    def label_from_instance(self, obj: CustomerGroup) -> str:
        """Return “Store members (1,958 numbers)”."""
        size = ngettext("%(n)s number", "%(n)s numbers", obj.size) % {
            "n": number_format(obj.size, force_grouping=True)
        }
        return f"{obj.name} ({size})"
