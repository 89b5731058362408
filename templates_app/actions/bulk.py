"""Many at once: submitting drafts, and a copy to begin with."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refusal
from accounts.models import User
from templates_app.actions.text_templates import create_text_template
from templates_app.actions.versions import HasFindings, Version, submit
from templates_app.lint import Severity
from templates_app.models import TextTemplate, TextTemplateVersion
from templates_app.sentences import say
from templates_app.version_findings import findings_of

_NAME_CHARS = 60
_MOST_COPIES = 100


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of one draft: nothing in `refusal` if it is in review now."""

    thing: Any
    refusal: str = ""
    findings: tuple[str, ...] = ()


def submit_many(*, versions: Iterable[Version], submitter: User) -> list[Submitted]:
    """Submit drafts one by one; each is submitted or refused by itself."""
    results = []
    for version in versions:
        try:
            submit(version=version, submitter=submitter)
        except HasFindings as refusal:
            wrong = [found for found in findings_of(version) if found.severity is Severity.ERROR]
            titles = tuple(say(found).title for found in wrong)
            results.append(Submitted(version.thing, str(refusal), titles))
        except Refusal as refusal:
            results.append(Submitted(version.thing, str(refusal)))
        else:
            results.append(Submitted(version.thing))
    return results


@transaction.atomic
def duplicate(*, version: TextTemplateVersion, author: User) -> TextTemplateVersion:
    """Return a draft of a new text template, a copy at first; raises Conflict at the limit."""
    text_template = version.text_template
    return create_text_template(
        organization=version.organization,
        author=author,
        name=_free_name(text_template),
        sms_type=version.sms_type,
        body=version.body,
        samples=version.samples,
        remarks=version.remarks,
        validity_minutes=version.validity_minutes,
        language=text_template.language,
    )


def _free_name(text_template: TextTemplate) -> str:
    """Return a name that no other text template of the organization has."""
    own = TextTemplate.objects.for_organization(text_template.organization)
    taken = set(own.filter(deleted_at=None, variant_of=None).values_list("name", flat=True))
    name = _("Copy of %(name)s") % {"name": text_template.name}
    candidates = (name, *(f"{name} {number}" for number in range(2, _MOST_COPIES)))
    short = (one if len(one) <= _NAME_CHARS else _cut(one) for one in candidates)
    return next((one for one in short if one not in taken), name[:_NAME_CHARS])


def _cut(name: str) -> str:
    """Return a name that fits, with its number still at the end."""
    _rest, _blank, number = name.rpartition(" ")
    end = f" {number}" if number.isdecimal() else ""
    return f"{name[: _NAME_CHARS - len(end) - 1]}…{end}"
