"""How a stored spreadsheet is read: sheet, encoding, delimiter and columns chosen by hand.

The check page of a task and the page of an import ask the same.
"""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sending.models import GroupImport, SendTask
from sending.spreadsheets.problems import FileCode, column_name

# A refused file of which another reading can make something.
READABLE_OTHERWISE = frozenset(
    {
        FileCode.ENCODING,
        FileCode.ENCODING_UNCERTAIN,
        FileCode.NO_NUMBER_COLUMN,
        FileCode.NUMBER_COLUMN_TWICE,
        FileCode.VARIABLE_COLUMN_MISSING,
        FileCode.VARIABLE_COLUMN_TWICE,
        FileCode.QUOTES,
        FileCode.NUMBERS_IN_ONE_ROW,
        FileCode.COUNTRY_CODE_UNCLEAR,
        FileCode.SHEET_EMPTY,
        FileCode.NO_ROWS,
    }
)
HEADING_CHARS = 30
Choices = list[tuple[str, str | Promise]]
ENCODING_CHOICES: Choices = [
    ("", gettext_lazy("As found")),
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("utf-32", "UTF-32"),
    ("cp1252", gettext_lazy("Western European (Windows 1252)")),
    ("cp1250", gettext_lazy("Central European (Windows 1250)")),
    ("cp1251", gettext_lazy("Cyrillic (Windows 1251)")),
    ("koi8-r", gettext_lazy("Cyrillic (KOI8-R)")),
    ("cp1253", gettext_lazy("Greek (Windows 1253)")),
    ("cp1254", gettext_lazy("Turkish (Windows 1254)")),
    ("cp1255", gettext_lazy("Hebrew (Windows 1255)")),
    ("cp1256", gettext_lazy("Arabic (Windows 1256)")),
    ("cp1257", gettext_lazy("Baltic (Windows 1257)")),
    ("cp1258", gettext_lazy("Vietnamese (Windows 1258)")),
    ("cp874", gettext_lazy("Thai (Windows 874)")),
    ("cp932", gettext_lazy("Japanese (Shift JIS, Windows 932)")),
    ("gb18030", gettext_lazy("Simplified Chinese (GB 18030)")),
    ("big5", gettext_lazy("Traditional Chinese (Big5)")),
    ("cp950", gettext_lazy("Traditional Chinese (Windows 950)")),
    ("big5hkscs", gettext_lazy("Traditional Chinese (Big5, Hong Kong)")),
    ("cp949", gettext_lazy("Korean (Windows 949)")),
    ("iso8859-15", gettext_lazy("Western European (ISO 8859-15)")),
    ("iso8859-2", gettext_lazy("Central European (ISO 8859-2)")),
    ("iso8859-5", gettext_lazy("Cyrillic (ISO 8859-5)")),
    ("iso8859-7", gettext_lazy("Greek (ISO 8859-7)")),
    ("iso8859-9", gettext_lazy("Turkish (ISO 8859-9)")),
    ("koi8-u", gettext_lazy("Cyrillic (KOI8-U)")),
    ("euc_jp", gettext_lazy("Japanese (EUC)")),
    ("cp437", gettext_lazy("Western European (DOS 437)")),
    ("cp850", gettext_lazy("Western European (DOS 850)")),
    ("cp852", gettext_lazy("Central European (DOS 852)")),
    ("cp866", gettext_lazy("Cyrillic (DOS 866)")),
    ("cp737", gettext_lazy("Greek (DOS 737)")),
    ("cp857", gettext_lazy("Turkish (DOS 857)")),
    ("mac-roman", gettext_lazy("Western European (Mac)")),
    ("mac-latin2", gettext_lazy("Central European (Mac)")),
    ("mac-cyrillic", gettext_lazy("Cyrillic (Mac)")),
    ("mac-greek", gettext_lazy("Greek (Mac)")),
    ("mac-turkish", gettext_lazy("Turkish (Mac)")),
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


def preview_of(source: SendTask | GroupImport) -> list[list[str]]:
    """Return the first rows of the upload as they were read; none when nothing could be."""
    rows: list[list[str]] = source.facts.get("preview") or []
    if rows:
        return rows
    return [line.split("\t") for line in source.failure_params.get("preview", [])]


class ReadingForm(forms.Form):
    """What a person says about a spreadsheet; a choice left alone stays with the reader."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=ENCODING_CHOICES,
        required=False,
        help_text=gettext_lazy("Change it if letters in the rows above look wrong."),
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

    def __init__(
        self,
        *args: Any,
        source: SendTask | GroupImport,
        variables: int = 0,
        name_label: str = "",
        **kwargs: Any,
    ) -> None:
        """Offer what the upload of `source` has; with a label rows may have a name, too."""
        self.rows = preview_of(source)
        self._variables = variables
        self._name_label = name_label
        self._stored: dict[str, Any] = source.upload.reading if source.upload else {}
        # What was found before the first row: kept as facts, or with what is wrong.
        self._found: dict[str, Any] = {**source.failure_params, **source.facts}
        kwargs.setdefault("initial", self._initial())
        super().__init__(*args, **kwargs)
        self._offer(source)
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def letters(self) -> list[str]:
        """The names of the columns that the preview has."""
        return [column_name(at) for at in range(max(map(len, self.rows), default=0))]

    def _initial(self) -> dict[str, Any]:
        names = ("encoding", "delimiter", "duplicates")
        initial = {name: self._stored.get(name, "") for name in names}
        initial["plus_one"] = self._stored.get("plus_one", False)
        initial["sheet"] = self._found.get("sheet", "")
        columns = self._stored.get("columns")
        if columns:
            initial |= {"number": columns["number"], "no_headings": not columns["has_headings"]}
            initial["name"] = columns.get("name")
            initial |= {f"variable_{n}": at for n, at in enumerate(columns["variables"], 1)}
        return initial

    def _offer(self, source: SendTask | GroupImport) -> None:
        """Leave out what this file does not have, and offer the columns it has."""
        fields: Any = self.fields
        sheets = self._found.get("sheets", [])
        fields["sheet"].choices = [(name, name) for name in sheets]
        if len(sheets) < 2:
            del fields["sheet"]
        self._offer_text(source)
        if not (self._variables or self._name_label):
            del fields["duplicates"]
        asked = source.failure_code == FileCode.COUNTRY_CODE_UNCLEAR
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
        if self._name_label:
            fields["name"] = forms.ChoiceField(
                label=self._name_label, choices=[("", _("None")), *columns[1:]], required=False
            )
        fields["no_headings"] = headings

    def _offer_text(self, source: SendTask | GroupImport) -> None:
        fields: Any = self.fields
        if not self._found.get("encoding") and not _is_text(source):
            del fields["encoding"], fields["delimiter"]
            return
        for name in ("encoding", "delimiter"):
            fields[name].choices = _naming(source.facts.get(name), fields[name].choices)
        if candidates := source.failure_params.get("candidates"):
            _ask(fields["encoding"], candidates, source.failure_params["shown"])

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
        columns = {
            "number": int(self.cleaned_data["number"]),
            "variables": [int(self.cleaned_data[name]) for name in self._variable_names()],
            "has_headings": not self.cleaned_data["no_headings"],
        }
        if self.cleaned_data.get("name"):
            columns["name"] = int(self.cleaned_data["name"])
        return columns


def _naming(found: str | None, choices: Choices) -> Choices:
    """Let the choice that leaves it to the reader say what the reader has found."""
    if not found:
        return choices
    name = str(dict(choices).get(found.removesuffix("-sig"), found))
    return [("", _("As found: %(name)s") % {"name": name}), *choices[1:]]


def _ask(field: Any, candidates: Sequence[str], shown: Sequence[str]) -> None:
    """Offer the likely encodings with the first texts as each of them shows them."""
    names = dict(ENCODING_CHOICES)
    likely = [
        (encoding, f"{texts}: {names.get(encoding, encoding)}")
        for encoding, texts in zip(candidates, shown, strict=True)
    ]
    rest = [choice for choice in ENCODING_CHOICES[1:] if choice[0] not in candidates]
    field.required = True
    field.choices = [("", _("Choose an encoding")), *likely, (_("Others"), rest)]
    field.help_text = _("Choose the one in which the names look right.")


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


def _is_text(source: SendTask | GroupImport) -> bool:
    if source.failure_code == FileCode.ENCODING_UNCERTAIN:
        return True
    name = source.upload.name.lower() if source.upload else ""
    return name.endswith((".csv", ".tsv", ".txt"))
