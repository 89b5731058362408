"""How the stored spreadsheet of an import is read, where people choose it."""

from typing import Any

from django.utils.translation import gettext as _

from sending import reading_form
from sending.models import GroupImport, ImportState


def can_be_read_otherwise(group_import: GroupImport) -> bool:
    """Tell whether another way of reading is of use: nothing was added, and the file is there."""
    upload = group_import.upload
    if upload is None or upload.erased_at or group_import.added:
        return False
    return group_import.state == ImportState.FINISHED or (
        group_import.state == ImportState.REJECTED
        and group_import.failure_code in reading_form.READABLE_OTHERWISE
    )


class ImportReadingForm(reading_form.ReadingForm):
    """What a person says about the spreadsheet of an import."""

    def __init__(self, *args: Any, group_import: GroupImport, **kwargs: Any) -> None:
        """Ask for the column that becomes the name, or the reason on the suppression list."""
        label = _("Name") if group_import.group_id else _("Reason")
        super().__init__(*args, source=group_import, name_label=label, **kwargs)
        first, last, _none = reading_form.DUPLICATES_CHOICES
        choices = [first, last]
        if group_import.group_id:
            choices.append(("none", _("Add none whose names differ")))
        fields: Any = self.fields
        fields["duplicates"].choices = choices
