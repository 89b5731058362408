"""What a file of other software says, before anything is made of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, and the line or the entry in it."""

    file: str
    at: str = ""

    def __str__(self) -> str:
        return f"{self.file}, {self.at}" if self.at else self.file


@dataclass(frozen=True, slots=True)
class Complaint:
    """What could not be brought over, where it stands and what to do about it."""

    place: Place
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass(frozen=True, slots=True)
class ForeignUser:
    """A program's login there; None where nothing is said. `rate` is messages a second."""

    name: str
    place: Place
    group: str = ""
    is_enabled: bool = True
    uses_http: bool = True
    uses_smpp: bool | None = None
    most_binds: int | None = None
    rate: float | None = None
    sender: str = ""


@dataclass(frozen=True, slots=True)
class ForeignConnector:
    """A login at a carrier. `settings` are fields of the form of SMPP gateways."""

    name: str
    place: Place
    password: str = field(repr=False, default="")
    settings: dict[str, object] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignRoute:
    """A way to connectors, the first to be tried first; of two that fit, the higher order wins.

    `patterns` are expressions that the number must match; `others` what else is asked.
    """

    order: int
    place: Place
    connectors: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    shares: bool = False
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class ForeignContact:
    """Somebody in a phonebook; `owner` is the login whose phonebook it is."""

    number: str
    place: Place
    owner: str = ""
    name: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignStop:
    """A number that must get nothing."""

    number: str
    place: Place
    owner: str = ""


@dataclass(slots=True)
class Findings:
    """All that was read."""

    users: list[ForeignUser] = field(default_factory=list)
    connectors: list[ForeignConnector] = field(default_factory=list)
    routes: list[ForeignRoute] = field(default_factory=list)
    contacts: Iterable[ForeignContact] = ()
    stops: list[ForeignStop] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)

    def complain(self, place: Place, what: str) -> None:
        """Note what stays behind."""
        self.complaints.append(Complaint(place, what))
