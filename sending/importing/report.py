"""What was made, what was there already and what stays behind, as lines for a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from accounts.masking import mask_numbers
from sending.importing.foreign import Complaint, Place

MOST_LINES = 500
"""Of each kind: whoever has more errors looks at the first ones."""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A key or an account of an application, whose secret is told once."""

    kind: str
    application: str
    name: str
    secret: str = field(repr=False)


@dataclass(slots=True)
class Report:
    """Grows while something is brought in."""

    made: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    secrets: list[NewSecret] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    left_behind: int = 0

    def complain(self, place: Place, what: str) -> None:
        """Note what stays behind, and where it stands; numbers are masked."""
        self.left_behind += 1
        if len(self.complaints) < MOST_LINES:
            self.complaints.append(mask_numbers(str(Complaint(place, what))))

    def lines(self, *, applied: bool) -> Iterator[str]:
        """Yield the plan, or what was done; secrets are not among it."""
        yield from _part("Made" if applied else "Would make", self.made)
        yield from _part("There already", self.there)
        yield from _part("For you to do", self.remarks)
        yield from _part(f"Stays behind ({self.left_behind})", self.complaints)
        hidden = self.left_behind - len(self.complaints)
        if hidden > 0:
            yield f"  … and {hidden} more"


def _part(title: str, lines: list[str]) -> Iterator[str]:
    if not lines:
        return
    yield f"{title}:"
    yield from (f"  {line}" for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"  … and {len(lines) - MOST_LINES} more"
