"""How the stored spreadsheet of an import is read, where people choose it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from sending import reading_form
from sending.intake.child.job import CONSENT, LANGUAGE
from sending.models import CustomerField, GroupImport, ImportState

# What cuts the sheet into other columns than those that were looked at.
_CUTS = frozenset({"sheet", "encoding", "delimiter"})


def can_be_read_otherwise(group_import: GroupImport) -> bool:
    """Tell whether another way of reading is of use: nothing was stored, and the file is there."""
    upload = group_import.upload
    if upload is None or upload.erased_at or group_import.added or group_import.updated:
        return False
    return group_import.state == ImportState.FINISHED or (
        group_import.state == ImportState.REJECTED
        and group_import.failure_code in reading_form.READABLE_OTHERWISE
    )


class ImportReadingForm(reading_form.ReadingForm):
    """What a person says about the spreadsheet of an import."""

    def __init__(self, *args: Any, group_import: GroupImport, **kwargs: Any) -> None:
        """Ask for the column that becomes the name, or the reason on the suppression list."""
        self._import = group_import
        self._further = {} if group_import.suppresses else _further_labels(group_import)
        label = _("Reason") if group_import.suppresses else _("Name")
        super().__init__(*args, source=group_import, name_label=label, **kwargs)
        first, last, _none = reading_form.DUPLICATES_CHOICES
        choices = [first, last]
        if not group_import.suppresses:
            choices.append(("none", _("Add none whose values differ")))
        fields: Any = self.fields
        fields["duplicates"].choices = choices
        columns = reading_form.column_choices(self.rows)[1:]
        for key, text in self._further.items() if columns else ():
            fields[f"further_{key}"] = forms.ChoiceField(
                label=text, choices=[("", _("None")), *columns], required=False
            )

    @property
    def is_cut_anew(self) -> bool:
        """Tell whether other columns will be found than those that were looked at."""
        return bool(_CUTS & set(self.changed_data))

    def _initial(self) -> dict[str, Any]:
        """Begin with the columns that were found, where somebody is to look at them."""
        initial = super()._initial()
        found = self._import.facts.get("columns") or {}
        if self._import.state == ImportState.COLUMNS:
            initial |= {"number": found.get("number"), "name": found.get("name")}
        columns = {**found, **(self._stored.get("columns") or {})}
        further = columns.get("further") or {}
        return initial | {f"further_{key}": at for key, at in further.items()}

    def clean(self) -> dict[str, Any]:
        """Ask for the column of numbers once another one is chosen by hand."""
        data = super().clean()
        chosen = any(data.get(f"further_{key}") for key in self._further)
        if chosen and "number" in self.fields and not data.get("number"):
            self.add_error("number", _("Choose a column for this, too."))
        return data

    def _columns(self) -> dict[str, Any] | None:
        columns = super()._columns()
        chosen = {key: self.cleaned_data.get(f"further_{key}") for key in self._further}
        further = {key: int(at) for key, at in chosen.items() if at}
        if columns and further:
            columns["further"] = further
        return columns


def _further_labels(group_import: GroupImport) -> dict[str, str]:
    own = CustomerField.objects.for_organization(group_import.organization)
    found = {LANGUAGE: _("Language"), CONSENT: _("Consent")}
    return found | dict(own.values_list("key", "label"))
