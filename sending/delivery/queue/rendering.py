"""From a stored message to the octets of its segments, by the versions that are pinned."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol

from sending.delivery.queue.program_terms import NOTHING, ProgramTerms
from sending.lifecycle import Lane
from sending.models import SendTask
from sending.sms import data_coding, originator, udh
from sending.sms.named_validity import UNNAMED_MINUTES, named_minutes
from sending.sms.segments import Segmentation, segment
from templates_app import wording
from templates_app.models import SignatureVersion, TextTemplateVersion

# For messages without a task of their own: nobody waits longer for a one-time password, unless its
# text names a time.
_API = timedelta(hours=24)
VALIDITY: Mapping[str, timedelta] = {
    Lane.OTP.value: timedelta(minutes=UNNAMED_MINUTES),
    Lane.API.value: _API,
}
_NO_VARIABLES = "[]"


class Stored(Protocol):
    """What rendering reads of a message."""

    @property
    def pk(self) -> int:
        """The id, of which the reference of the segments is a part."""
        ...

    @property
    def text_template_version_id(self) -> int:
        """The reviewed wording."""
        ...

    @property
    def signature_version_id(self) -> int | None:
        """The signature, if any."""
        ...

    @property
    def variables(self) -> str:
        """A JSON list of strings."""
        ...


@dataclass(frozen=True, slots=True)
class SourceAddress:
    """Who a message comes from (SMPP 3.4, 5.2.5 to 5.2.8)."""

    source_addr: str
    source_ton: int
    source_npi: int


@dataclass(frozen=True, slots=True)
class Octets:
    """The segments of one text, each ready for short_message."""

    data_coding: int
    esm_class: int
    short_messages: tuple[bytes, ...]


class _Pinned(NamedTuple):
    """A version of a text template: its text, and the minutes it has besides."""

    template: wording.Wording
    validity_minutes: int | None


@lru_cache(maxsize=4096)
def _wording(version_id: int) -> _Pinned:
    """Versions never change, so what was read once stays true."""
    version = TextTemplateVersion.objects.only("body", "validity_minutes").get(pk=version_id)
    return _Pinned(wording.parse(version.body), version.validity_minutes)


@lru_cache(maxsize=4096)
def _signature(version_id: int | None) -> str | None:
    if version_id is None:
        return None
    content: str = SignatureVersion.objects.only("content").get(pk=version_id).content
    return content


def text_of(message: Stored) -> str:
    """Return the text exactly as the handset shows it; raise ValueError for wrong variables."""
    template = _wording(message.text_template_version_id).template
    variables = [] if message.variables == _NO_VARIABLES else json.loads(message.variables)
    return wording.complete(_signature(message.signature_version_id), template.render(variables))


def content_of(message: Stored) -> tuple[str, Octets]:
    """Return the text of a message and its octets; raise ValueError for wrong variables."""
    text = text_of(message)
    # What is said to one person only is not remembered.
    prepare = _shared_octets if message.variables == _NO_VARIABLES else octets_of
    return text, prepare(message.pk % _REFERENCES, text)


# References of concatenated segments have eight bits.
_REFERENCES = 256


def octets_of(message_id: int, text: str) -> Octets:
    """Cut and encode; the reference of the segments is the same at every attempt."""
    cut = segment(text)
    encoded = [data_coding.encode(piece, cut.data_coding) for piece in cut.segments]
    if cut.single:
        return Octets(int(cut.data_coding), 0, tuple(encoded))
    return Octets(int(cut.data_coding), udh.ESM_CLASS_UDHI, _with_headers(message_id, cut, encoded))


_shared_octets = lru_cache(maxsize=1024)(octets_of)


def _with_headers(
    message_id: int, cut: Segmentation, encoded: Iterable[bytes]
) -> tuple[bytes, ...]:
    total = len(cut.segments)
    return tuple(
        udh.encode(udh.Concatenation(message_id % _REFERENCES, total, number)) + octets
        for number, octets in enumerate(encoded, 1)
    )


def source_address_of(address: str) -> SourceAddress:
    """Return an originator as SMPP writes it; raise originator.OriginatorError."""
    return SourceAddress(*originator.parse(address).smpp)


class Dated(Stored, Protocol):
    """What says how long a message is useful."""

    @property
    def lane(self) -> str:
        """Only texts of one-time passwords are asked for a time."""
        ...

    @property
    def created_at(self) -> datetime | None:
        """When it was accepted; not needed of a message with a task."""
        ...


def useful_until(
    message: Dated, task: SendTask | None = None, asked: ProgramTerms = NOTHING
) -> datetime:
    """Return when sending a message stops being useful: its task, text template and text say it.

    Without a task the program may have said it, else its lane does, counted from when it is due. A
    one-time password never outlives what its text or its lane says.
    """
    valid_until = task.valid_until if task else None
    is_code = message.lane == Lane.OTP.value
    named = _named_validity(message) if is_code else None
    if valid_until is None:
        since = asked.due_at or message.created_at
        assert since is not None
        usual = since + (named or VALIDITY.get(message.lane, _API))
        if asked.valid_until is None:
            return usual
        return min(asked.valid_until, usual) if is_code else asked.valid_until
    assert task is not None
    assert task.sent_at is not None
    return min(valid_until, task.sent_at + named) if named else valid_until


def _named_validity(message: Dated) -> timedelta | None:
    try:
        # Nothing outlives what either says.
        own = _wording(message.text_template_version_id).validity_minutes
        said = (own, named_minutes(text_of(message)))
    except (ValueError, LookupError):
        # It cannot be rendered, which rejects it.
        return None
    return min((timedelta(minutes=minutes) for minutes in said if minutes), default=None)
