"""What the page that composes a task shows of the choices made so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.chosen_originators import originators_of
from accounts.lists import listed
from accounts.models import SmsApplication
from sending.message_text import text_with
from sending.models import RecipientSource, SendTask
from sending.originators import by_country, shared_by_default
from sending.send_tasks.queries.replies import asks_to_reply
from sending.sms.preview import Preview
from sending.spreadsheets.columns import NUMBER_HEADING, VARIABLE_HEADING
from templates_app import wording
from templates_app.language_names import language_name
from templates_app.models import Signature, TextTemplate
from templates_app.queries import language_versions

# What becomes of the task whose refused rows a file corrects.
KEEP, REPLACE = "KEEP", "REPLACE"
# Two rows of an example table: numbers that nobody has.
EXAMPLE_NUMBERS = ("85251230001", "447400123001")


@dataclass(frozen=True)
class ComposePage:
    """What a text template and a signature make, and what a spreadsheet for them looks like."""

    chosen: TextTemplate | None
    originator: str
    # Other ones by country.
    country_originators: Sequence[tuple[str, str]]
    # Why pasted numbers cannot fill the template; empty when they can.
    refusal: str
    headings: Sequence[str]
    examples: Sequence[Sequence[str]]
    # The sample values in one line of text.
    samples: str
    has_variables: bool
    # None without a template.
    preview: Preview | None
    # The words by which it asks for an answer that nobody can give.
    asks_to_reply: str
    # The languages a task could be sent in, by name, where there are several.
    languages: Sequence[str]

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
        shown = [sample or f"{{{number}}}" for number, sample in enumerate(samples, 1)]
        numbers = wording.parse(version.body).used if version else ()
        own = originators_of(application)
        originator = own.of(shared=shared_by_default())
        signed = signature.approved if signature else None
        return cls(
            chosen=template,
            originator=originator,
            country_originators=sorted(by_country(own).items()),
            refusal=variables_refusal(template),
            headings=[NUMBER_HEADING, *(VARIABLE_HEADING.format(number=n) for n in numbers)],
            examples=[[to, *(shown[n - 1] for n in numbers)] for to in EXAMPLE_NUMBERS]
            if version
            else [],
            samples=get_text_list([sample for sample in samples if sample], _("and")),
            has_variables=bool(count),
            preview=text_with(version, signed, shown) if version else None,
            asks_to_reply=asks_to_reply(version, originator),
            languages=_languages(template) if template else (),
        )


def _languages(template: TextTemplate) -> list[str]:
    others = language_versions(template)
    first = language_name(template.language) if template.language else _("First language")
    return [first, *map(language_name, others)] if others else []


def variables_refusal(template: TextTemplate | None) -> str:
    """Say why pasted numbers cannot fill a text template; empty when they can."""
    version = template.approved if template else None
    count = wording.parse(version.body).variables if version else 0
    if not count or template is None or version is None:
        return ""
    return _(
        "You cannot use this with “%(name)s”. It has the variables %(variables)s, which "
        "a spreadsheet or a customer group can fill. Choose a template without variables to use "
        "this."
    ) % {
        "name": template.name,
        "variables": listed(f"{{{number}}}" for number in wording.parse(version.body).used),
    }


def initial_like(task: SendTask, *, hides_numbers: bool = False) -> dict[str, Any]:
    """Return what a corrected task begins with: everything but the file, and hidden numbers."""
    source = RecipientSource.UPLOAD.value if task.retry_of_id else task.source
    columns = {f"column_{n}": column for n, column in enumerate(task.variable_columns, 1)}
    return {
        "name": task.name,
        "template": task.text_template_version.text_template_id,
        "signature": task.signature_version and task.signature_version.signature_id,
        "source": source,
        "group": task.group_id,
        "numbers": "" if hides_numbers else task.numbers,
        "corrects": task.pk,
        **columns,
    }


def initial_copy(task: SendTask, *, hides_numbers: bool = False) -> dict[str, Any]:
    """Return what a duplicate begins with: everything, the file too while it is kept."""
    kept = task.upload is not None and task.upload.erased_at is None
    also = {"upload": task.upload_id if kept else None}
    return initial_like(task, hides_numbers=hides_numbers) | also | {"corrects": None}
