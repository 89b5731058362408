"""Submissions of one account that came at the same moment, accepted with one commit.

What is answered with a message_id is on disk: the message itself, or the segment that waits for
others. The parts of messages are written in the transaction that accepts them.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import connection

from accounts import shared_time
from accounts.errors import MayNotSend
from accounts.statements import Statement
from sending.acceptance.messages import MOST_MESSAGES, Answers, accept_messages
from sending.acceptance.request import AcceptedMessage, Door, RefusedMessage, WantedMessage
from sending.delivery.database import durably
from sending.lifecycle import DoorName, Lane
from sending.models import PartState, SmppAccount, SmppPart
from sending.models.bulk import insertion
from sending.models.message import take_ids
from sending.models.smpp_part import TEXT_REFUSED
from sending.smpp_server import cancelling, parts
from sending.smpp_server.attempt import SubmitAttempt
from sending.smpp_server.reading import SubmittedPdu, split_template, text_of
from sending.smpp_server.receipt_text import shown_of
from sending.smpp_server.statuses import PduRefusal, status_of

_COLUMNS = (
    *("id", "message_id", "source_addr", "source_ton", "source_npi", "destination_addr"),
    *("dest_ton", "dest_npi", "service_type", "registered_delivery"),
    *("user_message_reference", "data_coding", "shown", "multi_id"),
)


class _AnotherServer(Exception):
    """Another server has accepted the same segments at the same moment."""


@dataclass(slots=True)
class _Text:
    """A whole text; `rows` are its segments, none where it came in one PDU."""

    wanted: WantedMessage
    submission: SubmittedPdu
    # Which of the submissions are answered when it is accepted.
    places: list[int]
    rows: list[SmppPart]


def accept(
    account: SmppAccount, submissions: Sequence[SubmittedPdu], attempt: SubmitAttempt
) -> None:
    """Accept submissions, and write into `attempt` what each comes to, by its place.

    Whatever this raises, the attempt says what is certain and what is to be asked. Call it for one
    account from one thread at a time; wake the senders afterwards.
    """
    _name_multis(submissions)
    segments = [(nth, one) for nth, one in enumerate(submissions) if one.part is not None]
    texts = [
        _Text(wanted_of(account, one, text_of([(one.coding, one.octets)])), one, [nth], [])
        for nth, one in enumerate(submissions)
        if one.part is None
    ]
    while texts or segments:
        if segments:
            kept = _keep(account, segments, attempt)
            texts += [_text(account, submissions, whole, kept) for whole in kept.whole]
            segments = kept.later
        for together in _rounds(texts):
            for text, answer in zip(together, _accepted(account, together, attempt), strict=True):
                _note(text, answer, attempt)
        texts = []


def _name_multis(submissions: Iterable[SubmittedPdu]) -> None:
    """Take an id for each submit_multi; its destinations may be in several transactions."""
    named = {id(one.multi): one.multi for one in submissions if one.multi and not one.multi.id}
    if named:
        for multi, pk in zip(named.values(), take_ids(len(named)), strict=True):
            multi.id = pk


def wanted_of(account: SmppAccount, submission: SubmittedPdu, text: str) -> WantedMessage:
    """Return what acceptance is asked for."""
    text_template_id = submission.text_template_id
    if account.names_templates and not text_template_id:
        text_template_id, text = split_template(text)
    named = submission.originator
    if account.replaces_originators or not named:
        named = account.originator
    return WantedMessage(
        number=submission.number,
        text_template_id=text_template_id,
        text=text,
        originator=named,
        due_at=submission.due_at,
        valid_until=submission.valid_until,
    )


def _keep(
    account: SmppAccount, segments: Sequence[parts.Segment], attempt: SubmitAttempt
) -> parts.KeptParts:
    """Store segments; those of texts that are complete are answered when these are accepted."""

    def note(kept: parts.KeptParts) -> None:
        attempt.completing |= {nth for whole in kept.whole for nth in _places(whole, kept)}
        attempt.reserve({nth: row.pk for nth, row in kept.rows.items()})

    kept = parts.store(account, segments, note)
    attempt.settle({nth: row.pk for nth, row in kept.rows.items() if nth not in attempt.completing})
    return kept


def _places(whole: parts.WholeText, kept: parts.KeptParts) -> list[int]:
    """Return which submissions are segments of a text."""
    ids = {row.pk for row in whole.rows}
    return [nth for nth, row in kept.rows.items() if row.pk in ids]


def _text(
    account: SmppAccount,
    submissions: Sequence[SubmittedPdu],
    whole: parts.WholeText,
    kept: parts.KeptParts,
) -> _Text:
    """Return a text that is complete, as its segments ask for it."""
    places = _places(whole, kept)
    like, first = submissions[places[-1]], whole.rows[0]
    wanted = replace(
        wanted_of(account, like, whole.text), due_at=first.due_at, valid_until=first.valid_until
    )
    return _Text(wanted, like, places, whole.rows)


def _rounds(texts: Sequence[_Text]) -> Iterator[list[_Text]]:
    """Yield texts that can be accepted together: none twice to a number, and not too many."""
    left = list(texts)
    while left:
        seen: set[tuple[str, str]] = set()
        together: list[_Text] = []
        later: list[_Text] = []
        for text in left:
            once = (text.wanted.number, text.wanted.text)
            if once in seen or len(together) == MOST_MESSAGES:
                later.append(text)
            else:
                seen.add(once)
                together.append(text)
        yield together
        left = later


def door_of(account: SmppAccount) -> Door:
    """Return the door of an account, with an id for what is accepted together."""
    return Door(
        organization_id=account.organization_id,
        application_id=account.application_id,
        api_key_id=account.pk,
        request_id=str(uuid.uuid4()),
        name=DoorName.SMPP,
    )


def _accepted(
    account: SmppAccount, texts: Sequence[_Text], attempt: SubmitAttempt
) -> Answers | list[PduRefusal]:
    def write(answers: Answers) -> Iterable[Statement]:
        _reserve(texts, answers, attempt)
        return list(_parts_of(account, texts, answers))

    try:
        return accept_messages(
            door_of(account), [text.wanted for text in texts], before_commit=write
        )
    except MayNotSend as error:
        return [PduRefusal(status_of(error.code), error.code, str(error))] * len(texts)


def _reserve(texts: Sequence[_Text], answers: Answers, attempt: SubmitAttempt) -> None:
    """Note the ids that texts get by the commit to come; those of segments are known."""
    accepted = [
        (text, answer.message_id)
        for text, answer in zip(texts, answers, strict=True)
        if isinstance(answer, AcceptedMessage)
    ]
    attempt.hold(pk for _text_, pk in accepted)
    attempt.reserve({text.places[0]: pk for text, pk in accepted if not text.rows})


def _parts_of(
    account: SmppAccount, texts: Sequence[_Text], answers: Answers
) -> Iterator[Statement]:
    """Yield what stores the parts of accepted texts; those of several segments are there."""
    rows = []
    for text, answer in zip(texts, answers, strict=True):
        if not isinstance(answer, AcceptedMessage):
            continue
        shown = "" if answer.lane == Lane.OTP.value else shown_of(text.wanted.text)
        if text.rows:
            _join(text.rows, answer.message_id, shown)
        else:
            rows.append(_row(text.submission, answer.message_id, shown))
        if text.submission.replaces:
            cancelling.cancel_replaced(account, text.submission, answer.message_id)
    if rows:
        shared = {
            "organization_id": account.organization_id,
            "account_id": account.pk,
            "state": PartState.ACCEPTED.value,
            "code": "",
            "reference": 0,
            "total": 1,
            "place": 1,
            "octets": b"",
            "at": connection.ops.adapt_datetimefield_value(shared_time.now()),
        }
        yield insertion(SmppPart, shared, _COLUMNS, rows)


def _row(submission: SubmittedPdu, message_id: int, shown: str) -> tuple[object, ...]:
    return (
        *(message_id, message_id, submission.source_addr, submission.source_ton),
        *(submission.source_npi, submission.destination_addr, submission.dest_ton),
        *(submission.dest_npi, submission.service_type, submission.registered_delivery),
        *(submission.user_message_reference, submission.coding, shown),
        submission.multi.id if submission.multi else None,
    )


def _join(rows: Sequence[SmppPart], message_id: int, shown: str) -> None:
    """Let segments belong to their message, once."""
    waiting = SmppPart.objects.waiting().filter(pk__among=[row.pk for row in rows])
    joined = waiting.update(
        state=PartState.ACCEPTED.value, message_id=message_id, octets=b"", shown=shown
    )
    if joined != len(rows):
        raise _AnotherServer


def _note(
    text: _Text, answer: AcceptedMessage | RefusedMessage | PduRefusal, attempt: SubmitAttempt
) -> None:
    """Write down what a text comes to for the PDUs that wait for it."""
    if isinstance(answer, AcceptedMessage):
        attempt.settle(
            {nth: attempt.reserved[nth] for nth in text.places}
            if text.rows
            else {text.places[0]: answer.message_id}
        )
        return
    refusal = (
        PduRefusal(status_of(answer.code), answer.code, answer.sentence)
        if isinstance(answer, RefusedMessage)
        else answer
    )
    unanswered = {attempt.reserved[nth] for nth in text.places} if text.rows else set()
    attempt.settle(dict.fromkeys(text.places, refusal))
    if text.rows:
        _give_up(text.rows, unanswered)


def _give_up(rows: Sequence[SmppPart], unanswered: set[int]) -> None:
    """Fail the segments that were answered before; those that are refused now were never there."""
    with durably():
        refused = [row.pk for row in rows if row.pk in unanswered]
        SmppPart.objects.waiting().filter(pk__among=refused).delete()
        parts.fail([row for row in rows if row.pk not in unanswered], TEXT_REFUSED)
