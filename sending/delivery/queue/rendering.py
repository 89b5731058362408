"""From a stored message to the octets of its segments, by the versions that are pinned."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from sending.lifecycle import Lane
from sending.sms import data_coding, originator, udh
from sending.sms.segments import Segmentation, segment
from templates_app import wording
from templates_app.models import SignatureVersion, TextTemplateVersion

# For messages without a task of their own: nobody waits longer for a one-time password.
VALIDITY: Mapping[str, timedelta] = {
    Lane.OTP.value: timedelta(minutes=15),
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


def source_address_of(address: str) -> SourceAddress:
    """Return an originator as SMPP writes it; raise originator.OriginatorError."""
    return SourceAddress(*originator.parse(address).smpp)


def useful_until(created_at: datetime | None, lane: str, valid_until: datetime | None) -> datetime:
    """Return when sending a message stops being useful: with its task, without one by its age."""
    if valid_until is not None:
        return valid_until
    assert created_at is not None
    return created_at + VALIDITY.get(lane, VALIDITY[Lane.API.value])
