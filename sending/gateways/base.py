"""The contract between delivery and any gateway: what is submitted, what comes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Literal, Protocol, runtime_checkable

from sending.gateways.addresses import Network
from sending.lifecycle import SaidBy


# Not frozen, because that would make it cost thrice as much; nobody changes it.
@dataclass(slots=True)
class SubmitRequest:
    """One segment of one message, ready for the wire; or a whole message, when it has a ``text``.

    ``destination`` is E.164 with the plus sign; ``segment`` counts from 1;
    ``short_message`` carries the UDH when the message is concatenated. A whole message has no
    ``short_message``, and its ``segment`` is the last one: accepted, it covers all of them.
    """

    message_id: int
    segment: int
    segments: int
    attempt: int
    destination: str
    source_addr: str
    source_ton: int
    source_npi: int
    data_coding: int
    esm_class: int
    short_message: bytes = field(repr=False)
    validity_seconds: int | None = None
    text: str = field(default="", repr=False)


# Between the ids of a whole message that the gateway cut into parts: no id holds it.
PART_SEPARATOR = "\N{SYMBOL FOR UNIT SEPARATOR}"


# Not frozen, as SubmitRequest is not.
@dataclass(slots=True)
class SubmitResult:
    """The gateway's yes: the id that receipts will name.

    A gateway that cuts a whole message itself may give every part an id of its own: all of them
    then, in order, with PART_SEPARATOR between them.
    """

    gateway_message_id: str
    command_status: int = 0


# The code of a refusal that only asks us to be slower, where the gateway has no name for it.
THROTTLED = "THROTTLED"


class SubmitError(Exception):
    """A submit that brought no message id; ``code`` is stable and fit for storing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SubmitRefused(SubmitError):
    """The gateway answered no; ``temporary`` says whether the same segment may be tried again.

    ``PDU_INVALID`` is our own no: the request does not fit the protocol and never will.
    """

    def __init__(self, code: str, *, temporary: bool = False, throttled: bool = False) -> None:
        super().__init__(code)
        self.temporary = temporary
        self.throttled = throttled


class NotWritten(SubmitError):
    """Proven: no byte of this submit went to the wire."""


class Unanswered(SubmitError):
    """Written, but no answer came (timeout or cut): the segment is in doubt."""


class Unreachable(ConnectionError):
    """There is no connection; ``code`` is stable, ``detail`` what the other side or TLS said."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


class BindRefused(Unreachable):
    """The gateway was reached and refused the bind; ``code`` is its status name."""


# Not frozen, as SubmitRequest is not.
@dataclass(slots=True)
class ReceiptIn:
    """One delivery receipt as a gateway said it.

    ``message_state`` is a name of SMPP 3.4 clause 5.2.28; ``error`` is the
    network's own code as text; ``msisdn`` is E.164 with the plus sign.
    """

    gateway_message_id: str
    msisdn: str | None
    source: str | None
    message_state: str
    error: str
    said_by: SaidBy
    raw: str = field(repr=False)
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboundIn:
    """One segment of a message from a handset, as a gateway brought it.

    Addresses are as the gateway writes them; ``octets`` are with the user data header, ``text``
    is without. ``segment`` counts from 1 to ``segments``.
    """

    source: str
    destination: str
    data_coding: int
    esm_class: int
    octets: bytes = field(repr=False)
    text: str = field(repr=False)
    reference: int = 0
    segments: int = 1
    segment: int = 1


# Returns only after what came is committed; raising means "not stored", and the
# gateway then refuses them so that the other side sends them again.
ReceiptSink = Callable[[list[ReceiptIn | InboundIn]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Tls:
    """Whom we trust and who we are, as PEM texts; without a ``ca`` the machine's own are trusted.

    The gateway's certificate must name ``server_name``, or the host where that is empty.
    """

    ca: str = ""
    certificate: str = ""
    key: str = field(default="", repr=False)
    server_name: str = ""


@dataclass(frozen=True, slots=True)
class Addressing:
    """How a carrier wants addresses typed (SMPP 3.4 clauses 5.2.5 and 5.2.6).

    None for the source: by the kind of originator. The destination is international.
    """

    source_ton: int | None = None
    source_npi: int | None = None
    dest_ton: int = 1
    dest_npi: int = 1


@dataclass(frozen=True, slots=True)
class GatewayConfig:
    """How to reach one gateway; times are seconds, ``window`` counts unanswered submits.

    ``bind`` is "pair" for a transmitter and a receiver side by side. ``receipt_zone`` is the zone
    of the dates in receipts.
    ``temporary_statuses`` lists the command_status values that this carrier documents as
    worth trying again although the specification does not (its own 0x400-0x4FF, mostly).
    ``settings`` are what a kind needs beyond this, as it was stored; ``receipt_url`` is where a
    gateway that calls us brings its receipts. ``networks`` may be connected to although they are
    not public.
    """

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    system_type: str = ""
    bind: Literal["transceiver", "transmitter", "receiver", "pair"] = "transceiver"
    window: int = 10
    response_timeout: float = 30.0
    enquire_interval: float = 30.0
    tls: Tls | None = None
    service_type: str = ""
    addressing: Addressing = field(default_factory=Addressing)
    registered_delivery: bool = True
    receipt_zone: tzinfo = UTC
    temporary_statuses: frozenset[int] = frozenset()
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    receipt_url: str = field(default="", repr=False)
    networks: tuple[Network, ...] = ()


class GatewayClient(Protocol):
    """One connection to one gateway; it enforces its window itself, first come first served."""

    @property
    def bound(self) -> bool:
        """Whether submits can be written now."""
        ...

    @property
    def in_window(self) -> int:
        """Submits written and not yet answered."""
        ...

    async def open(self, receipts: ReceiptSink) -> None:
        """Connect and bind; raise Unreachable (BindRefused when the gateway said no)."""
        ...

    async def submit(
        self, request: SubmitRequest, before_write: Callable[[], None]
    ) -> SubmitResult:
        """Submit one segment; raise SubmitRefused, NotWritten or Unanswered.

        ``before_write`` is called synchronously directly before the bytes are handed to
        the transport; if it raises, nothing is written and NotWritten is raised.
        """
        ...

    async def close(self) -> None:
        """Take no more submits, wait for answers up to the response timeout, unbind."""
        ...

    async def closed(self) -> None:
        """Return when the connection is gone."""
        ...


@runtime_checkable
class WritesTogether(Protocol):
    """A gateway that writes what is submitted in one turn of the event loop with one write.

    `before_flush`, set before `open`, is called between the last `before_write` and that write; if
    it raises, nothing is written, and all of them are NotWritten.
    """

    before_flush: Callable[[], None] | None
