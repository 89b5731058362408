"""What the child is told to do: everything it needs, so that it never asks a database."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from sending.intake.child.duplicates import Duplicates
from sending.sms.segments import MOST_SEGMENTS
from sending.spreadsheets.columns import ColumnChoice
from sending.spreadsheets.reader import Reading

# Name columns among further ones; own columns have other keys.
LANGUAGE, CONSENT = "language", "consent"


class Form(StrEnum):
    """How rows come back: COPY is PostgreSQL's text format, TUPLES are Python values."""

    COPY = "copy"
    TUPLES = "tuples"


class Purpose(StrEnum):
    """What rows become."""

    MESSAGES = "messages"
    CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Confines:
    """What the child may use: bytes of address space, CPU seconds to open and in all."""

    memory_bytes: int = 512 * 1024 * 1024
    open_cpu_seconds: int = 15
    cpu_seconds: int = 180


@dataclass(frozen=True, slots=True)
class Job:
    """One file of recipients and what to make of it.

    `lines` says that the file holds one number a line instead of being a spreadsheet; for a body
    with variables each line is a JSON array of a number and its values. `prices` are
    by country with "" for all others. `routes` are (prefix, country, gateway), see RouteKeys.
    `suppressed` is a file of `blocklist.write`, `countries` those that may be sent to (none: all).
    Rows up to `after_row` were sent before.
    `further` are the columns of customers that are kept besides name and number, each with headings
    it may have; what is for LANGUAGE is read as a language, by its code or one of `aliases`.
    `known` is a file of `known_numbers.write`: what the task leaves to the one it corrects.
    `tail` is the rest of a COPY line: the constant columns of a message and the line end.
    """

    path: str
    parent: int
    purpose: Purpose = Purpose.MESSAGES
    form: Form = Form.TUPLES
    lines: bool = False
    reading: dict[str, Any] = field(default_factory=dict)
    body: str = ""
    version_id: int = 0
    # Of a text in several languages: that of `body`, and (version, body) of the others; names of
    # languages in small letters; a file of `row_texts.write_languages`.
    language: str = ""
    languages: dict[str, tuple[int, str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    customer_languages: str = ""
    signature: str = ""
    further: dict[str, list[str]] = field(default_factory=dict)
    sms_type: str = ""
    replace: bool = False
    duplicates: Duplicates = Duplicates.FIRST
    after_row: int = 0
    currency: str = ""
    prices: dict[str, int] = field(default_factory=dict)
    routes: list[tuple[str, str, int]] = field(default_factory=list)
    suppressed: str = ""
    known: str = ""
    countries: list[str] = field(default_factory=list)
    max_segments: int = MOST_SEGMENTS
    block: int = 2_000
    tail: str = ""
    confines: Confines = field(default_factory=Confines)

    def to_json(self) -> str:
        """Return the job as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> "Job":
        """Return the job of a line."""
        values = json.loads(line)
        values["confines"] = Confines(**values["confines"])
        kinds = {"purpose": Purpose, "form": Form, "duplicates": Duplicates}
        values |= {name: kind(values[name]) for name, kind in kinds.items()}
        return cls(**values)

    @property
    def file(self) -> Path:
        """Where the recipients are."""
        return Path(self.path)


def reading_of(stored: dict[str, Any]) -> Reading:
    """Return how people said to read a file, from the JSON that is kept with the upload.

    `columns` is {"number": 0, "variables": [1, 2], "has_headings": true}, columns from 0; an
    import may have a "name" there, and "further" columns by their keys.
    """
    columns = stored.get("columns")
    choice = None
    if columns:
        choice = ColumnChoice(
            number=int(columns["number"]),
            variables=tuple(int(column) for column in columns.get("variables", ())),
            has_headings=bool(columns.get("has_headings", True)),
            name=columns.get("name"),
            further=columns.get("further") or {},
        )
    return Reading(
        sheet=stored.get("sheet") or None,
        encoding=stored.get("encoding") or None,
        delimiter=stored.get("delimiter") or None,
        columns=choice,
    )
