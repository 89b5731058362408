"""Fields of the pages about send tasks."""

import re
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Organization
from accounts.requests import whole_number
from sending.intake.sentences import file_sentence, row_sentence
from sending.models import CustomerGroup, Draft, RecipientSource, SendTask, Upload
from sending.models.send_task import SOURCE_LABELS
from sending.send_tasks.choices import GroupChoice, ReadOnce, SignatureChoice, TemplateChoice
from sending.send_tasks.queries import columns, tasks
from sending.send_tasks.queries.compose import KEEP, REPLACE, variables_refusal
from sending.sms import msisdn
from sending.spreadsheets.filetypes import detect
from sending.spreadsheets.problems import FileRefused
from templates_app.models import Signature, TextTemplate
from templates_app.queries import sendable_signatures

MOST_NUMBERS = 100
SHOWN_LINES = 10
COLUMN = re.compile(r"column_[1-9][0-9]?")


class ComposeForm(forms.Form):
    """A task before its recipients are checked."""

    name = forms.CharField(
        label=gettext_lazy("Task name"),
        max_length=80,
        help_text=gettext_lazy("Only people in your organization see it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    template = TemplateChoice(
        label=gettext_lazy("Text template"),
        queryset=TextTemplate.objects.none(),
        empty_label=gettext_lazy("Choose a text template"),
        error_messages={
            "required": gettext_lazy("Choose a text template."),
            "invalid_choice": gettext_lazy("This text template is not approved. Choose another."),
        },
    )
    signature = SignatureChoice(
        label=gettext_lazy("Signature"),
        queryset=Signature.objects.none(),
        required=False,
        empty_label=gettext_lazy("No signature"),
        help_text=gettext_lazy("Goes before the body in square brackets."),
        error_messages={
            "invalid_choice": gettext_lazy(
                "This signature is not approved. Choose another, or none."
            )
        },
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Recipients"),
        choices=[
            (source.value, label)
            for source, label in SOURCE_LABELS.items()
            if source is not RecipientSource.RETRY
        ],
        initial=RecipientSource.UPLOAD.value,
        error_messages={"required": gettext_lazy("Choose where the recipients come from.")},
    )
    file = forms.FileField(label=gettext_lazy("Spreadsheet"), required=False, allow_empty_file=True)
    upload = forms.ModelChoiceField(
        queryset=Upload.objects.none(), required=False, widget=forms.HiddenInput
    )
    group = GroupChoice(
        label=gettext_lazy("Customer group"),
        queryset=CustomerGroup.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose a group"),
        error_messages={"invalid_choice": gettext_lazy("This group no longer exists.")},
    )
    numbers = forms.CharField(
        label=gettext_lazy("Mobile numbers"),
        required=False,
        max_length=10_000,
        help_text=gettext_lazy(
            "One per line, country code first, without +. For example 85251230001."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "inputmode": "tel"}),
        error_messages={
            "max_length": gettext_lazy(
                "That is more than 100 numbers. Upload a spreadsheet instead."
            )
        },
    )
    draft = forms.ModelChoiceField(
        queryset=Draft.objects.none(), required=False, widget=forms.HiddenInput
    )
    corrects = forms.ModelChoiceField(
        queryset=SendTask.objects.none(), required=False, widget=forms.HiddenInput
    )
    correction = forms.ChoiceField(
        label=gettext_lazy("The task with the good rows"),
        choices=[(REPLACE, ""), (KEEP, "")],
        required=False,
        error_messages={"required": gettext_lazy("Choose what happens to the first task.")},
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["template"].queryset = tasks.sendable_templates(organization)
        self.templates_in_review = tasks.templates_in_review(organization)
        fields["template"].help_text = _template_hint(self.templates_in_review)
        fields["signature"].queryset = sendable_signatures(organization)
        fields["group"].queryset = tasks.groups(organization)
        fields["upload"].queryset = Upload.objects.for_organization(organization).filter(
            erased_at=None
        )
        fields["draft"].queryset = Draft.objects.for_organization(organization)
        fields["corrects"].queryset = tasks.correctable(organization)
        self.corrected: SendTask | None = self.chosen("corrects")
        fields["correction"].required = bool(
            self.corrected and self.corrected.accepted and not self.corrected.sent_at
        )
        self.columns = columns.fields_for(self.chosen("template"), organization)
        fields |= self.columns

    def chosen(self, name: str) -> Any:
        """Return the row that a field of rows names now, valid or not; None if it names none."""
        value = self[name].value()
        pk = whole_number(str(value)) if value else None
        if pk is None:
            return None
        field: Any = self.fields[name]
        if field.iterator is not ReadOnce:
            return field.queryset.filter(pk=pk).first()
        return next((row for row in field.queryset if row.pk == pk), None)

    @property
    def entered(self) -> dict[str, str]:
        """Return the fields as they were sent, wrong or incomplete; not the file."""
        names = [name for name in self.fields if name not in {"file", "upload", "draft"}]
        names += [name for name in self.data if COLUMN.fullmatch(name) and name not in names]
        # PostgreSQL keeps no NUL.
        return {name: self.data[name].replace("\0", "") for name in names if self.data.get(name)}

    def clean_file(self) -> UploadedFile | None:
        """Refuse what is no spreadsheet at once; the rest is found by the check."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None and self.data.get("source") == RecipientSource.UPLOAD:
            refuse_other_files(file)
        return file

    def clean_numbers(self) -> str:
        """Refuse too many numbers, and name the lines that are none."""
        numbers: str = self.cleaned_data["numbers"]
        if self.data.get("source") != RecipientSource.NUMBERS:
            return numbers
        lines = numbers_of(numbers)
        if not lines:
            raise forms.ValidationError(_("Enter at least one mobile number."))
        if len(lines) > MOST_NUMBERS:
            raise forms.ValidationError(
                _(
                    "You entered %(count)s numbers. You can enter up to %(most)s here. "
                    "Upload a spreadsheet or choose a customer group for more."
                )
                % {"count": number_format(len(lines), force_grouping=True), "most": MOST_NUMBERS}
            )
        wrong = wrong_lines(lines)
        if wrong:
            raise forms.ValidationError(wrong)
        return numbers

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen source needs, and refuse one that cannot fill the variables."""
        data = super().clean() or {}
        source = data.get("source")
        if source == RecipientSource.UPLOAD:
            if not (data.get("file") or data.get("upload") or "file" in self.errors):
                self.add_error("file", _("Choose a spreadsheet."))
        elif source == RecipientSource.GROUP and "group" not in self.errors:
            self._clean_group(data.get("group"))
        refusal = variables_refusal(data.get("template"))
        if refusal and source == RecipientSource.NUMBERS:
            self.add_error("source", refusal)
        return data

    def _clean_group(self, group: CustomerGroup | None) -> None:
        if group is None:
            self.add_error("group", _("Choose a customer group."))
        elif not group.size:
            self.add_error("group", _("This group is empty. Add customers to it first."))
        for name in self.columns:
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, _("Choose what fills this variable."))

    @property
    def replaces(self) -> bool:
        """Tell whether the corrected task is discarded: nothing of it is sent, or worth sending."""
        first = self.corrected
        if first is None or first.sent_at is not None:
            return False
        return not first.accepted or self.cleaned_data["correction"] == REPLACE

    @property
    def variable_columns(self) -> list[str]:
        """Return what of the customers of a group fills each variable."""
        if self.cleaned_data.get("source") != RecipientSource.GROUP:
            return []
        return [self.cleaned_data[name] for name in self.columns]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """Return the choices of columns, one a variable."""
        return [self[name] for name in self.columns]


def _template_hint(waiting: int) -> str:
    hint = _("Approved templates only.")
    if not waiting:
        return hint
    text = ngettext(
        "%(n)s more is waiting for review", "%(n)s more are waiting for review", waiting
    ) % {"n": waiting}
    return format_html('{} <a href="{}">{}</a>', hint, reverse("templates_app:template_list"), text)


def numbers_of(text: str) -> list[tuple[int, str]]:
    """Return (line number, text) of the lines that are not blank."""
    lines = enumerate(text.splitlines(), 1)
    return [(number, line.strip()) for number, line in lines if line.strip()]


def wrong_lines(lines: list[tuple[int, str]]) -> list[str]:
    """Return a sentence for each line that is no mobile number, at most SHOWN_LINES of them."""
    wrong = []
    for number, text in lines:
        try:
            msisdn.parse(text)
        except msisdn.MsisdnError as error:
            wrong.append(_line_error(number, text, error))
    if len(wrong) > SHOWN_LINES:
        rest = len(wrong) - SHOWN_LINES
        more = ngettext("%(n)s more line has an error.", "%(n)s more lines have errors.", rest) % {
            "n": rest
        }
        return [*wrong[:SHOWN_LINES], more]
    return wrong


def _line_error(number: int, text: str, error: msisdn.MsisdnError) -> str:
    sentence = row_sentence(error.code, {}, text, error.suggestion or "")
    return _("Line %(number)s: %(value)s. %(wrong)s %(advice)s") % {
        "number": number,
        "value": text[:40],
        "wrong": sentence.what,
        "advice": sentence.to_do,
    }


def refuse_other_files(file: UploadedFile) -> None:
    """Raise ValidationError for a file that is too large, empty, or no spreadsheet."""
    if file.size is not None and file.size > settings.UPLOAD_MAX_BYTES:
        raise forms.ValidationError(
            _("This file is %(size)s. It can be up to %(most)s. Split it, or save it as csv.")
            % {
                "size": filesizeformat(file.size),
                "most": filesizeformat(settings.UPLOAD_MAX_BYTES),
            }
        )
    try:
        _detect(file)
    except FileRefused as refused:
        sentence = file_sentence(refused.code, refused.params)
        raise forms.ValidationError(f"{sentence.what} {sentence.to_do}") from refused


def _detect(file: UploadedFile) -> None:
    """Look at the file where it is, or at a copy of a small one that is in memory."""
    path = getattr(file, "temporary_file_path", None)
    if path is not None:
        detect(Path(path()), settings.UPLOAD_MAX_BYTES)
        return
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        file.seek(0)
        detect(Path(copy.name), settings.UPLOAD_MAX_BYTES)


class TryRowForm(forms.Form):
    """Where a test goes."""

    number = forms.CharField(
        label=gettext_lazy("Your mobile number"),
        max_length=40,
        help_text=gettext_lazy("With its country code. For example +852 5123 0001."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("Enter a mobile number.")},
    )
    row = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)

    def clean_number(self) -> str:
        """Refuse what is no mobile number."""
        text: str = self.cleaned_data["number"]
        try:
            return msisdn.parse(text).e164
        except msisdn.MsisdnError as error:
            sentence = row_sentence(error.code, {}, text, error.suggestion or "")
            raise forms.ValidationError(f"{sentence.what} {sentence.to_do}") from error
