"""Jobs for the child, from what the database knows about a task or an import."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from django.db.models.functions import Length

from sending.intake import group_recipients, retry_recipients, row_storage
from sending.intake.child import blocklist
from sending.intake.child.duplicates import Duplicates
from sending.intake.child.job import CONSENT, LANGUAGE, Job, Purpose
from sending.intake.corrections import left_to_first
from sending.intake.customer_languages import languages_of
from sending.models import (
    CustomerField,
    GroupImport,
    Price,
    RecipientSource,
    SendTask,
    Suppression,
    Upload,
)
from sending.models.routing import RouteTable
from templates_app import wording
from templates_app.language_names import every_alias

UPLOAD_GONE = "UPLOAD_GONE"


class NotReadable(Exception):
    """There is nothing to read the recipients from; `code` has a sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def task_job(task: SendTask, tail: str) -> Iterator[Job]:
    """Give the job of a send task; files made for it are gone afterwards."""
    version, signature = task.text_template_version, task.signature_version
    with (
        _recipients(task) as source,
        _suppressed(task) as suppressed,
        left_to_first(task) as known,
        languages_of(task) as languages,
    ):
        yield Job(
            suppressed=suppressed,
            known=known,
            countries=task.organization.allowed_countries,
            parent=os.getpid(),
            form=row_storage.form(),
            body=version.body,
            version_id=version.pk,
            signature=signature.content if signature else "",
            sms_type=version.sms_type,
            replace=bool(task.upload and task.upload.reading.get("replace")),
            duplicates=_duplicates(task.upload),
            after_row=task.first_part_row,
            prices=_prices(task),
            routes=_routes(task),
            block=row_storage.block_rows(),
            tail=tail,
            **languages,
            **source,
        )


def _duplicates(upload: Upload | None) -> Duplicates:
    chosen = upload.reading.get("duplicates") if upload else None
    return Duplicates(chosen or Duplicates.FIRST)


@contextmanager
def import_job(group_import: GroupImport) -> Iterator[Job]:
    """Give the job of an import into a customer group."""
    kind = RecipientSource.UPLOAD if group_import.upload_id else RecipientSource.NUMBERS
    lines = group_import.numbers.splitlines()
    with _source(kind, group_import.upload, lines) as source:
        yield Job(
            parent=os.getpid(),
            purpose=Purpose.CUSTOMERS,
            duplicates=_duplicates(group_import.upload),
            further={} if group_import.suppresses else further_columns(group_import),
            aliases=every_alias(),
            block=row_storage.block_rows(scattered=True),
            **source,
        )


def further_columns(group_import: GroupImport) -> dict[str, list[str]]:
    """Return what an import of customers keeps besides name and number, with its headings."""
    own = CustomerField.objects.for_organization(group_import.organization)
    labels = {key: [label] for key, label in own.values_list("key", "label")}
    return {LANGUAGE: [], CONSENT: []} | labels


def _recipients(task: SendTask) -> AbstractContextManager[dict[str, Any]]:
    """Give where the recipients of a task are read from."""
    if task.source == RecipientSource.RETRY:
        return _failures(task)
    return _source(task.source, task.upload, _numbers(task))


@contextmanager
def _failures(task: SendTask) -> Iterator[dict[str, Any]]:
    """Give a file of the failures of another task, which are collected now."""
    retry_recipients.collect(task)
    variables = wording.parse(task.text_template_version.body).variables
    columns = {
        "number": 0,
        "variables": list(range(2, variables + 2)),
        "has_headings": False,
        "further": {LANGUAGE: 1},
    }
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".csv", newline="") as file:
        retry_recipients.write_rows(task, file)
        file.flush()
        reading = {"encoding": "utf-8", "delimiter": ",", "columns": columns}
        yield {"path": file.name, "reading": reading}


def _numbers(task: SendTask) -> Iterable[str]:
    """Return the numbers of a task that has no file, one for each line."""
    if task.source == RecipientSource.GROUP:
        return group_recipients.lines(task)
    return task.numbers.splitlines()


@contextmanager
def _source(kind: str, upload: Upload | None, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    if kind == RecipientSource.UPLOAD:
        if upload is None or upload.erased_at:
            raise NotReadable(UPLOAD_GONE)
        path = Path(upload.file.path)
        if not path.is_file():
            raise NotReadable(UPLOAD_GONE)
        yield {"path": str(path), "reading": upload.reading}
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".numbers") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        yield {"path": file.name, "lines": True}


@contextmanager
def _suppressed(task: SendTask) -> Iterator[str]:
    """Give a file of the organization's suppressed numbers; empty when it has none.

    Those that were erased are known by digest only: claims keep messages to them back.
    """
    own = Suppression.objects.for_organization(task.organization).readable()
    rows = own.order_by(Length("msisdn"), "msisdn")
    if not rows.exists():
        yield ""
        return
    with tempfile.NamedTemporaryFile(suffix=".suppressed") as file:
        zone = task.organization.zone
        pairs = rows.values_list("msisdn", "since").iterator(chunk_size=5_000)
        blocklist.write(
            Path(file.name), ((number[1:], at.astimezone(zone).date()) for number, at in pairs)
        )
        yield file.name


def _prices(task: SendTask) -> dict[str, int]:
    prices = Price.objects.filter(version_id=task.price_version_id)
    return dict(prices.values_list("country", "micro"))


def _routes(task: SendTask) -> list[tuple[str, str, int]]:
    """Return (prefix, country, gateway) of every route that takes new messages."""
    table = RouteTable.load()
    other = task.source == RecipientSource.RETRY and task.retry.get("other_route")
    found = table.for_new(retry_recipients.avoided(task, table) if other else None)
    return [(prefix, country, pk) for (prefix, country), pk in found.items()]
