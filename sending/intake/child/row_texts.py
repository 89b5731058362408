"""The text of a row: of one body, or of the language that its recipient reads."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sending.intake.child.job import LANGUAGE, Job
from sending.sms import segments
from sending.sms.data_coding import DataCoding
from sending.spreadsheets.cells import Cell, text_of
from sending.spreadsheets.columns import Columns
from templates_app import wording
from templates_app.languages import negotiated, tag_of

DEFAULT = "-"
"""In a column of languages: the task's own text, whatever is known of the customer."""
UNKNOWN, OTHER = "unknown", "other"
_BITS = 8
_LANGUAGES = "Q"


def write_languages(path: Path, known: Iterable[tuple[int, int]]) -> int:
    """Write (number, index of its language in the job) pairs; return how many."""
    packed = array(_LANGUAGES, sorted(number << _BITS | index for number, index in known))
    path.write_bytes(packed.tobytes())
    return len(packed)


class RowText:
    """A body with what counting its segments needs."""

    def __init__(self, signature: str, body: str, version_id: int) -> None:
        self.body = body
        self.version_id = version_id
        self._wording = wording.parse(body)
        self._prefix = wording.complete(signature, "")
        fixed = self._prefix + "".join(str(p) for p in self._wording.pieces if isinstance(p, str))
        self.fixed_is_gsm = segments.count(fixed)[0] is DataCoding.GSM7
        self._counter = segments.SegmentCounter(fixed) if self._wording.uses_each_once else None

    def count(self, values: list[str], rest: str) -> tuple[DataCoding, int]:
        """Return alphabet and segments with these values; `rest` is them as one text."""
        return (self._counter and self._counter.count(rest)) or self.segments(values)

    def segments(self, values: list[str]) -> tuple[DataCoding, int]:
        """Return alphabet and segments of the whole text."""
        return segments.count(self._prefix + self._wording.render(values))


# The text of a row, its language, and why it is the task's own if that is a substitute.
Picked = tuple[RowText, str, str]
Pick = Callable[[Sequence[Cell], int], Picked]


def _nothing(_tag: str, _reason: str) -> None:
    """Count nothing."""


class RowTexts:
    """Picks the text of a row by its column of languages, else by what is known of the customer.

    Whose language is not known, or has no approved text, gets the task's own text.
    """

    def __init__(self, job: Job, columns: Columns) -> None:
        self._column = columns.further.get(LANGUAGE)
        self._aliases = job.aliases
        self._tags = [job.language, *job.languages]
        self._texts = {
            tag: RowText(job.signature, body, version_id)
            for tag, (version_id, body) in job.languages.items()
        }
        self.own = RowText(job.signature, job.body, job.version_id)
        self._alone: Picked = (self.own, "", "")
        self._known = array(_LANGUAGES)
        if job.customer_languages:
            self._known.frombytes(Path(job.customer_languages).read_bytes())
        self._available = frozenset(tag for tag in self._tags if tag)
        # What cells hold, read once each.
        self._read: dict[str, str] = {}
        # Called for every row: of one body there is nothing to look for.
        self.pick: Pick = self._pick if self._texts else self._only
        self.note: Callable[[str, str], None] = self._note if self._texts else _nothing
        self.taken: Counter[str] = Counter()
        self.fell_back: Counter[str] = Counter()

    def _only(self, _row: Sequence[Cell], _to: int) -> Picked:
        return self._alone

    def _pick(self, row: Sequence[Cell], to: int) -> Picked:
        """Return the text, its language, and why it is the task's own if that is a substitute."""
        written = ""
        if self._column is not None and self._column < len(row):
            written = text_of(row[self._column]).strip()
        if written == DEFAULT:
            return self.own, self._tags[0], ""
        if written:
            tag = self._read.get(written)
            if tag is None:
                tag = negotiated(tag_of(written, self._aliases), self._available)
                self._remember(written, tag)
            reason = "" if tag else OTHER
        else:
            tag, reason = self._of_customer(to)
        return self._texts.get(tag, self.own), tag or self._tags[0], reason

    def _note(self, tag: str, reason: str) -> None:
        """Count a row that is sent."""
        self.taken[tag] += 1
        if reason:
            self.fell_back[reason] += 1

    def totals(self) -> dict[str, object]:
        """Return how many rows got which language, and how many a substitute."""
        return {"taken": dict(self.taken), "fell_back": dict(self.fell_back)} if self._texts else {}

    def _remember(self, written: str, tag: str) -> None:
        # A column of anything else must not fill the memory.
        if len(self._read) < 1_000:
            self._read[written] = tag

    def _of_customer(self, to: int) -> tuple[str, str]:
        at = bisect_left(self._known, to << _BITS)
        if at == len(self._known) or self._known[at] >> _BITS != to:
            return "", UNKNOWN
        index = self._known[at] & ((1 << _BITS) - 1)
        return (self._tags[index], "") if index < len(self._tags) else ("", OTHER)
