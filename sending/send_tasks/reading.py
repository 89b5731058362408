"""How a stored spreadsheet is read: sheet, encoding, delimiter and columns chosen by hand."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sending.models import SendTask
from sending.spreadsheets.problems import FileCode, column_name
from templates_app import wording

# A refused file of which another reading can make something.
READABLE_OTHERWISE = frozenset(
    {
        FileCode.ENCODING,
        FileCode.NO_NUMBER_COLUMN,
        FileCode.NUMBER_COLUMN_TWICE,
        FileCode.VARIABLE_COLUMN_MISSING,
        FileCode.VARIABLE_COLUMN_TWICE,
        FileCode.QUOTES,
        FileCode.COUNTRY_CODE_UNCLEAR,
    }
)
HEADING_CHARS = 30
Choices = list[tuple[str, str | Promise]]
ENCODING_CHOICES: Choices = [
    ("", gettext_lazy("As found")),
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("gb18030", gettext_lazy("Simplified Chinese (GB 18030)")),
    ("big5", gettext_lazy("Traditional Chinese (Big5)")),
    ("cp1252", gettext_lazy("Western European (Windows 1252)")),
]
DELIMITER_CHOICES: Choices = [
    ("", gettext_lazy("As found")),
    (",", gettext_lazy("Comma")),
    (";", gettext_lazy("Semicolon")),
    ("\t", gettext_lazy("Tab")),
    ("|", gettext_lazy("Vertical bar")),
]
DUPLICATES_CHOICES: Choices = [
    ("", gettext_lazy("Keep the first row")),
    ("last", gettext_lazy("Keep the last row")),
    ("none", gettext_lazy("Send none whose values differ")),
]


def can_be_read_otherwise(task: SendTask) -> bool:
    """Tell whether another way of reading its upload is of use to a task."""
    if task.upload is None or task.sent_at is not None:
        return False
    return task.state == "READY" or (
        task.state == "REJECTED" and task.failure_code in READABLE_OTHERWISE
    )


def preview_of(task: SendTask) -> list[list[str]]:
    """Return the first rows of the upload as they were read; none when nothing could be."""
    rows: list[list[str]] = task.facts.get("preview") or []
    if rows:
        return rows
    return [line.split("\t") for line in task.failure_params.get("preview", [])]


class ReadingForm(forms.Form):
    """What a person says about a spreadsheet; a choice left alone stays with the reader."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=ENCODING_CHOICES,
        required=False,
        help_text=gettext_lazy("Change it when letters in the rows below look wrong."),
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Between columns"), choices=DELIMITER_CHOICES, required=False
    )
    duplicates = forms.ChoiceField(
        label=gettext_lazy("Same number in several rows"),
        choices=DUPLICATES_CHOICES,
        required=False,
    )
    number = forms.ChoiceField(label=gettext_lazy("Mobile number"), required=False)
    plus_one = forms.BooleanField(
        label=gettext_lazy("Numbers that begin with 1 have the country code 1, not 86"),
        required=False,
    )
    no_headings = forms.BooleanField(
        label=gettext_lazy("The first row is a recipient, not headings"), required=False
    )

    def __init__(self, *args: Any, task: SendTask, **kwargs: Any) -> None:
        self.rows = preview_of(task)
        self._variables = wording.parse(task.text_template_version.body).variables
        self._stored: dict[str, Any] = task.upload.reading if task.upload else {}
        kwargs.setdefault("initial", self._initial(task))
        super().__init__(*args, **kwargs)
        self._offer(task)
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def letters(self) -> list[str]:
        """The names of the columns that the preview has."""
        return [column_name(at) for at in range(max(map(len, self.rows), default=0))]

    def _initial(self, task: SendTask) -> dict[str, Any]:
        names = ("encoding", "delimiter", "duplicates")
        initial = {name: self._stored.get(name, "") for name in names}
        initial["plus_one"] = self._stored.get("plus_one", False)
        initial["sheet"] = task.facts.get("sheet", "")
        columns = self._stored.get("columns")
        if columns:
            initial |= {"number": columns["number"], "no_headings": not columns["has_headings"]}
            initial |= {f"variable_{n}": at for n, at in enumerate(columns["variables"], 1)}
        return initial

    def _offer(self, task: SendTask) -> None:
        """Leave out what this file does not have, and offer the columns it has."""
        fields: Any = self.fields
        sheets = task.facts.get("sheets", [])
        fields["sheet"].choices = [(name, name) for name in sheets]
        if len(sheets) < 2:
            del fields["sheet"]
        if task.facts.get("encoding") or _ends_like_text(task):
            for name in ("encoding", "delimiter"):
                fields[name].choices = _naming(task.facts.get(name), fields[name].choices)
        else:
            del fields["encoding"], fields["delimiter"]
        if not self._variables:
            del fields["duplicates"]
        asked = task.failure_code == FileCode.COUNTRY_CODE_UNCLEAR
        if not asked and "plus_one" not in self._stored:
            del fields["plus_one"]
        columns = column_choices(self.rows)
        if not columns:
            del fields["number"], fields["no_headings"]
            return
        fields["number"].choices = columns
        headings = fields.pop("no_headings")
        for number in range(1, self._variables + 1):
            fields[f"variable_{number}"] = forms.ChoiceField(
                label=_("Variable {%(number)s}") % {"number": number},
                choices=columns,
                required=False,
            )
        fields["no_headings"] = headings

    def clean(self) -> dict[str, Any]:
        """Ask for every column once one of them is chosen."""
        data = super().clean() or {}
        names = [name for name in ("number", *self._variable_names()) if name in self.fields]
        chosen = [name for name in names if data.get(name)]
        if chosen or data.get("no_headings"):
            for name in names:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose a column for this, too."))
        return data

    def _variable_names(self) -> list[str]:
        return [f"variable_{number}" for number in range(1, self._variables + 1)]

    def reading(self) -> dict[str, Any]:
        """Return what to keep in Upload.reading.

        Columns were chosen by looking at one sheet cut one way: another one has others.
        """
        kept = ("sheet", "encoding", "delimiter", "duplicates", "plus_one")
        names = [name for name in kept if name in self.fields]
        given = {name: self.cleaned_data[name] for name in names}
        reading: dict[str, Any] = {
            name: value for name, value in given.items() if value or name in self._stored
        }
        cut_anew = any(
            name in reading and str(reading[name]) != str(self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
            if name in {"sheet", "delimiter"}
        )
        columns = None if cut_anew else self._columns()
        if columns or "columns" in self._stored:
            reading["columns"] = columns
        return reading

    def _columns(self) -> dict[str, Any] | None:
        if not self.cleaned_data.get("number"):
            return None
        return {
            "number": int(self.cleaned_data["number"]),
            "variables": [int(self.cleaned_data[name]) for name in self._variable_names()],
            "has_headings": not self.cleaned_data["no_headings"],
        }


def _naming(found: str | None, choices: Choices) -> Choices:
    """Let the choice that leaves it to the reader say what the reader has found."""
    if not found:
        return choices
    name = str(dict(choices).get(found.removesuffix("-sig"), found))
    return [("", _("As found: %(name)s") % {"name": name}), *choices[1:]]


def column_choices(rows: Sequence[Sequence[str]]) -> Choices:
    """Return the columns of a preview, named by letter and first text."""
    width = max(map(len, rows), default=0)
    if not width:
        return []
    choices: Choices = [("", _("Found by its heading"))]
    for at in range(width):
        first = next((row[at] for row in rows if at < len(row) and row[at]), "")
        text = Truncator(first).chars(HEADING_CHARS)
        name = column_name(at)
        choices.append((str(at), f"{name}: {text}" if text else name))
    return choices


def _ends_like_text(task: SendTask) -> bool:
    name = task.upload.name.lower() if task.upload else ""
    return name.endswith((".csv", ".tsv", ".txt"))
