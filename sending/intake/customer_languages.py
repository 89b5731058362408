"""What the child is told about the languages of a text, and about those of customers."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sending.intake.child.job import LANGUAGE
from sending.intake.child.row_texts import write_languages
from sending.models import Customer, RecipientSource, SendTask
from sending.sms import msisdn
from templates_app.language_names import aliases_of
from templates_app.languages import negotiated, tag_of
from templates_app.models import TextTemplateVersion

_AT_ONCE = 5_000


@contextmanager
def languages_of(task: SendTask) -> Iterator[dict[str, Any]]:
    """Give the fields of the job of a text in several languages; of any other, none."""
    if not task.language_versions:
        yield {}
        return
    own = TextTemplateVersion.objects.for_organization(task.organization)
    bodies = dict(own.filter(pk__in=task.language_versions.values()).values_list("pk", "body"))
    languages = {tag: (pk, bodies[pk]) for tag, pk in task.language_versions.items()}
    default = task.text_template_version.text_template.language
    tags = [default, *languages]
    aliases = aliases_of(filter(None, tags))
    with tempfile.NamedTemporaryFile(suffix=".languages") as file:
        # Of a retry each row says what its message was.
        known = write_languages(Path(file.name), _known(task, tags, aliases))
        yield {
            "language": default,
            "languages": languages,
            "aliases": aliases,
            "further": {LANGUAGE: []},
            "customer_languages": file.name if known else "",
        }


def _known(task: SendTask, tags: list[str], aliases: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Yield each customer whose language is known, with its place in `tags`, or one behind them."""
    customers = Customer.objects.for_organization(task.organization).exclude(language="")
    if task.source == RecipientSource.GROUP:
        customers = customers.filter(memberships__group_id=task.group_id)
    elif task.source == RecipientSource.NUMBERS:
        customers = customers.filter(msisdn__in=list(_numbers(task)))
    available = frozenset(filter(None, tags))
    places = {tag: place for place, tag in enumerate(tags) if tag} | {"": len(tags)}
    read: dict[str, int] = {}
    rows = customers.values_list("msisdn", "language").iterator(chunk_size=_AT_ONCE)
    for number, language in rows:
        if language not in read:
            read[language] = places[negotiated(tag_of(language, aliases), available)]
        yield int(number[1:]), read[language]


def _numbers(task: SendTask) -> Iterator[str]:
    for line in task.numbers.splitlines():
        try:
            yield msisdn.parse(line).e164
        except msisdn.MsisdnError:
            # The check says what is wrong with it.
            continue
