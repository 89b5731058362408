"""Messages of programs: filtered, page by page, and all of them for an export.

The newest come first: an id of a message begins with its time, so that a day is a range of ids.
Whatever the filter, one page reads a bounded number of rows by an index, however many there are.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from accounts.models import ApiKey, Organization, SmsApplication
from accounts.paging import Page
from sending.lifecycle import RARE_MESSAGE_STATES
from sending.models import (
    ApiMessage,
    Attention,
    CallbackEvent,
    Message,
    MessageNumber,
    PriceVersion,
)
from sending.models.callback_event import CallbackKind
from sending.models.message import first_id_at
from sending.originators import originator_of
from templates_app.models import SignatureVersion, TextTemplate, TextTemplateVersion

MESSAGES_A_PAGE = 50
# How many messages one page looks through for those that match, and how many at a time.
LOOKED_THROUGH = 10_000
PIECE = 1_000
FEW_BY_NUMBER = 500
ATTENTION = "ATTENTION"
"""Every state that somebody should look at: failed, in doubt, unknown, blocked."""
EXPORTED = (
    "pk",
    "msisdn",
    "country",
    "state",
    "said_by",
    "code",
    "segments",
    "cost_micro",
    "created_at",
    "state_at",
    "application_id",
    "text_template_version_id",
)


@dataclass(frozen=True, slots=True)
class ProgramMessageFilter:
    """What a reader asks for; empty means any. `state` may be ATTENTION."""

    state: str = ""
    application: int | None = None
    template: int | None = None
    country: str = ""
    day: date | None = None
    number: str = ""
    request_id: str = ""

    @property
    def rare_states(self) -> list[str]:
        """Return the states that have an index of their own, if only such are asked for."""
        rare = sorted(state.value for state in RARE_MESSAGE_STATES)
        return rare if self.state == ATTENTION else [self.state] if self.state in rare else []

    @property
    def must_look(self) -> bool:
        """Tell whether messages must be read to know which of them match."""
        return bool(
            self.template
            or self.country
            or self.number
            or (self.state and not self.rare_states)
            or (self.application and self.rare_states)
        )


@dataclass(frozen=True, slots=True)
class ProgramMessage:
    """All that is known about one message of a program, beside its history."""

    message: Message
    asked: ApiMessage
    application: SmsApplication | None
    key: ApiKey | None
    version: TextTemplateVersion
    signature: SignatureVersion | None
    currency: str
    callbacks: Sequence[CallbackEvent]

    @property
    def originator(self) -> str:
        """Return what handsets show as sender."""
        return self.asked.originator or originator_of(self.application, self.message)


def message_page(
    organization: Organization, wanted: ProgramMessageFilter, before: int | None
) -> Page[Message]:
    """Return messages older than the cursor `before`, the newest first.

    A page may hold fewer messages than fit on it, even none, and still have a next one.
    """
    found: list[Message] = []
    looked_through = 0
    for ids, rows in _pieces(organization, wanted, before):
        found += rows[: MESSAGES_A_PAGE + 1 - len(found)]
        looked_through += len(ids)
        if len(found) > MESSAGES_A_PAGE:
            return Page(found[:MESSAGES_A_PAGE], str(found[MESSAGES_A_PAGE - 1].pk))
        if looked_through >= LOOKED_THROUGH:
            return Page(found, str(ids[-1]))
    return Page(found)


def all_messages(
    organization: Organization, wanted: ProgramMessageFilter
) -> Iterator[tuple[Any, ...]]:
    """Yield EXPORTED of every message that matches, the newest first, in constant memory."""
    for _ids, rows in _pieces(organization, wanted, None):
        yield from rows.values_list(*EXPORTED)


def _pieces(
    organization: Organization, wanted: ProgramMessageFilter, before: int | None
) -> Iterator[tuple[list[int], QuerySet[Message]]]:
    """Yield the ids of one stretch after another, and the query of what matches in it."""
    sources = _sources(organization, wanted)
    versions = _versions(organization, wanted.template)
    size = PIECE if wanted.must_look else MESSAGES_A_PAGE + 1
    messages = Message.objects.for_organization(organization).filter(task_id=None)
    while ids := _newest(sources, before, size):
        before, size = ids[-1], PIECE
        own = ids
        if wanted.rare_states:
            # Confirmations of replies have no task either.
            asked = ApiMessage.objects.for_organization(organization).of_programs()
            own = list(asked.filter(message_id__among=ids).values_list("message_id", flat=True))
        rows = messages.filter(pk__among=own).order_by("-pk")
        yield ids, _matching(rows, wanted, versions)


def _sources(organization: Organization, wanted: ProgramMessageFilter) -> list[QuerySet[Any]]:
    """Return the shortest lists, each with an index, whose messages may match."""
    rows = ApiMessage.objects.for_organization(organization).of_programs()
    sources: list[QuerySet[Any]]
    if wanted.request_id:
        sources = [rows.filter(request_id=wanted.request_id)]
    elif wanted.number and (few := _few_by_number(organization, wanted.number)) is not None:
        sources = [rows.filter(message_id__among=few)]
    elif wanted.rare_states:
        attention = Attention.objects.for_organization(organization).filter(task_id=None)
        sources = [attention.filter(state=state) for state in wanted.rare_states]
    elif wanted.application:
        sources = [rows.filter(application_id=wanted.application)]
    else:
        sources = [rows]
    if wanted.day:
        first, last = (
            first_id_at(datetime.combine(day, time(), organization.zone))
            for day in (wanted.day, wanted.day + timedelta(1))
        )
        sources = [each.filter(message_id__gte=first, message_id__lt=last) for each in sources]
    return [each.order_by("-message_id").values_list("message_id", flat=True) for each in sources]


def _newest(sources: Sequence[QuerySet[Any]], before: int | None, size: int) -> list[int]:
    """Return so many ids below the cursor, from all lists together."""
    heads = (each.filter(message_id__lt=before) if before else each for each in sources)
    return list(islice(heapq.merge(*(head[:size] for head in heads), reverse=True), size))


def _few_by_number(organization: Organization, number: str) -> list[int] | None:
    """Return the messages to such numbers, or None when the organization has too many."""
    own = MessageNumber.objects.for_organization(organization).filter(msisdn__begins=number)
    ids = own.order_by("msisdn", "message_id").values_list("message_id", flat=True)
    few = list(ids[: FEW_BY_NUMBER + 1])
    return None if len(few) > FEW_BY_NUMBER else few


def _versions(organization: Organization, template: int | None) -> list[int]:
    """Return the versions of a template of the organization."""
    if not template:
        return []
    own = TextTemplateVersion.objects.for_organization(organization)
    return list(own.filter(text_template_id=template).values_list("pk", flat=True))


def _matching(
    rows: QuerySet[Message], wanted: ProgramMessageFilter, versions: list[int]
) -> QuerySet[Message]:
    conditions: dict[str, Any] = {}
    if wanted.rare_states:
        # The state may have changed since the list was read.
        conditions["state__in"] = wanted.rare_states
    elif wanted.state:
        conditions["state"] = wanted.state
    if wanted.application:
        conditions["application_id"] = wanted.application
    if wanted.template:
        conditions["text_template_version_id__in"] = versions
    if wanted.country:
        conditions["country"] = wanted.country
    if wanted.number:
        conditions["msisdn__begins"] = wanted.number
    return rows.filter(**conditions)


# --- What the pages offer and show ----------------------------------------------------------------


def applications_of(organization: Organization) -> dict[int, SmsApplication]:
    """Return the applications of an organization by id, in the order of their names."""
    own = SmsApplication.objects.for_organization(organization).order_by("name", "pk")
    return {application.pk: application for application in own}


def templates_of(organization: Organization) -> list[TextTemplate]:
    """Return the text templates that messages may have, by name; deleted ones stay."""
    own = TextTemplate.objects.for_organization(organization).exclude(approved=None)
    return list(own.order_by("name", "pk"))


def template_names(versions: set[int], organization: Organization) -> dict[int, str]:
    """Return the name of the template of each of these versions."""
    own = TextTemplateVersion.objects.for_organization(organization).filter(pk__in=versions)
    return dict(own.values_list("pk", "text_template__name"))


def message_of(organization: Organization, pk: int) -> ProgramMessage | None:
    """Return a message of a program, or None where the organization has none with that id."""
    asked = ApiMessage.objects.for_organization(organization).filter(pk=pk).first()
    message = Message.objects.for_organization(organization).filter(pk=pk).first()
    if asked is None or message is None:
        return None
    own_versions = TextTemplateVersion.objects.for_organization(organization)
    own_signatures = SignatureVersion.objects.for_organization(organization)
    # Any organization: the general lists are nobody's, and the message names its own.
    prices = PriceVersion.objects.filter(pk=message.price_version_id)
    events = CallbackEvent.objects.for_organization(organization)
    told = events.filter(subject_id=pk).exclude(kind=CallbackKind.REPLY.value)
    applications = SmsApplication.objects.for_organization(organization)
    keys = ApiKey.objects.for_organization(organization)
    return ProgramMessage(
        message=message,
        asked=asked,
        application=applications.filter(pk=message.application_id).first(),
        key=keys.filter(pk=asked.api_key_id).first(),
        version=own_versions.select_related("text_template").get(
            pk=message.text_template_version_id
        ),
        signature=own_signatures.filter(pk=message.signature_version_id).first(),
        currency=prices.values_list("currency", flat=True).first() or "",
        callbacks=list(told.order_by("pk")),
    )
