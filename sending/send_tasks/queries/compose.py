"""What the page that composes a task shows of the choices made so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.lists import listed
from accounts.models import SmsApplication
from sending.message_text import text_with
from sending.models import SendTask
from sending.send_tasks.queries import tasks
from sending.sms.preview import Preview
from sending.spreadsheets.columns import NUMBER_HEADING, VARIABLE_HEADING
from templates_app import wording
from templates_app.models import Signature, TextTemplate

# Two rows of an example table: numbers that nobody has.
EXAMPLE_NUMBERS = ("85251230001", "447400123001")


@dataclass(frozen=True)
class ComposePage:
    """What a text template and a signature make, and what a spreadsheet for them looks like."""

    chosen: TextTemplate | None
    originator: str
    # Why only a spreadsheet can fill the template; empty when other sources can, too.
    refusal: str
    headings: Sequence[str]
    examples: Sequence[Sequence[str]]
    # The sample values in one line of text.
    samples: str
    # None without a template, or when it has too few sample values.
    preview: Preview | None

    @classmethod
    def of(
        cls,
        application: SmsApplication | None,
        template: TextTemplate | None,
        signature: Signature | None,
    ) -> Self:
        """Return the page for what is chosen; it reads only the gateway's originator."""
        version = template.approved if template else None
        count = wording.parse(version.body).variables if version else 0
        samples = [*(version.samples if version else ()), *[""] * count][:count]
        numbers = range(1, count + 1)
        signed = signature.approved if signature else None
        return cls(
            chosen=template,
            originator=tasks.originator_of(application),
            refusal=variables_refusal(template),
            headings=[NUMBER_HEADING, *(VARIABLE_HEADING.format(number=n) for n in numbers)],
            examples=[[number, *samples] for number in EXAMPLE_NUMBERS] if version else [],
            samples=get_text_list([sample for sample in samples if sample], _("and")),
            preview=text_with(version, signed, samples) if version else None,
        )


def variables_refusal(template: TextTemplate | None) -> str:
    """Say why only a spreadsheet can fill a text template; empty when others can, too."""
    version = template.approved if template else None
    count = wording.parse(version.body).variables if version else 0
    if not count or template is None:
        return ""
    return _(
        "You cannot use this with “%(name)s”. It has the variables %(variables)s, which only "
        "a spreadsheet can fill. Choose a template without variables to use this."
    ) % {
        "name": template.name,
        "variables": listed(f"{{{number}}}" for number in range(1, count + 1)),
    }


def initial_like(task: SendTask) -> dict[str, Any]:
    """Return what a corrected task begins with: everything but the file."""
    return {
        "name": task.name,
        "template": task.text_template_version.text_template_id,
        "signature": task.signature_version and task.signature_version.signature_id,
        "source": task.source,
        "group": task.group_id,
        "numbers": task.numbers,
        "instead_of": task.pk,
    }
