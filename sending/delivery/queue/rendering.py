"""From a stored message to the octets of its segments, by the versions that are pinned."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from accounts.models import SmsApplication
from sending.lifecycle import Lane
from sending.sms import data_coding, originator, udh
from sending.sms.named_validity import UNNAMED_MINUTES, named_minutes
from sending.sms.segments import Segmentation, segment
from templates_app import wording
from templates_app.models import SignatureVersion, TextTemplateVersion

# For messages without a task of their own: nobody waits longer for a one-time password, unless its
# text names a time.
VALIDITY: Mapping[str, timedelta] = {
    Lane.OTP.value: timedelta(minutes=UNNAMED_MINUTES),
    Lane.API.value: timedelta(hours=24),
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


@lru_cache(maxsize=4096)
def _wording(version_id: int) -> wording.Wording:
    """Versions never change, so what was read once stays true."""
    return wording.parse(TextTemplateVersion.objects.only("body").get(pk=version_id).body)


@lru_cache(maxsize=4096)
def _signature(version_id: int | None) -> str | None:
    if version_id is None:
        return None
    content: str = SignatureVersion.objects.only("content").get(pk=version_id).content
    return content


def text_of(message: Stored) -> str:
    """Return the text exactly as the handset shows it; raise ValueError for wrong variables."""
    template = _wording(message.text_template_version_id)
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


def source_address_of(given: str, application_id: int, default: str) -> SourceAddress:
    """Return who a message comes from: as its task or its program says, else its application.

    If neither says anything, the gateway's own. Raise originator.OriginatorError.
    """
    if not given:
        given = (
            SmsApplication.objects.filter(pk=application_id)
            .values_list("originator", flat=True)
            .first()
        ) or default
    return SourceAddress(*originator.parse(given).smpp)


def named_validity(message: Stored, lane: str) -> timedelta | None:
    """Return for how long the text of a one-time password says that it is valid, if it does."""
    if lane != Lane.OTP.value:
        return None
    try:
        minutes = named_minutes(text_of(message))
    except (ValueError, LookupError):
        # It cannot be rendered, which rejects it.
        return None
    return timedelta(minutes=minutes) if minutes else None


def useful_until(
    began: datetime, lane: str, valid_until: datetime | None, named: timedelta | None
) -> datetime:
    """Return when sending a message stops being useful: as its task and its text say.

    `began` is when the message was accepted. Without a task and a time in the text, its lane says.
    """
    if valid_until is None:
        return began + (named or VALIDITY.get(lane, VALIDITY[Lane.API.value]))
    return min(valid_until, began + named) if named else valid_until
