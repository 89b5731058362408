"""The child's work: from an opened file to blocks of checked rows, in one pass."""

import contextlib
import json
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO

from sending.intake.child import frames
from sending.intake.child.duplicates import (
    AfterRow,
    Differing,
    Duplicates,
    First,
    Keep,
    Last,
    Unanimous,
)
from sending.intake.child.frames import FrameKind, Rows
from sending.intake.child.job import CONSENT, LANGUAGE, Form, Job, Purpose, reading_of
from sending.intake.child.kept_problems import KeptProblems
from sending.intake.child.rules import CustomerRules, MessageRules, Row, Rules
from sending.sms.msisdn import MsisdnError
from sending.spreadsheets import heading_words
from sending.spreadsheets.cells import text_of
from sending.spreadsheets.columns import Columns, bare_numbers
from sending.spreadsheets.filetypes import FileType
from sending.spreadsheets.heading_words import key_of
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import (
    DUPLICATES,
    FileCode,
    FileRefused,
    RowCode,
    RowProblem,
    RowRefused,
    cell_name,
)
from sending.spreadsheets.reader import Table, is_blank, open_table
from sending.spreadsheets.sample_rows import skipped_code
from templates_app import wording
from templates_app.lint import OTP

_WELL_KNOWN = {LANGUAGE: heading_words.LANGUAGE, CONSENT: heading_words.CONSENT}
_BATCH = 500
_PROBLEMS = 1_000
_VALUE_CHARS = 100
_CELL_CHARS = 500
_CELLS = 64
_fields_of = attrgetter(*(field.name for field in fields(RowProblem)))
_SKIPPED = frozenset({RowCode.SAMPLE_ROW, RowCode.INSTRUCTIONS_ROW, RowCode.SENT_BEFORE})


def read_rows(
    job: Job, out: BinaryIO, ids: Callable[[], range], opened: Callable[[], None]
) -> None:
    """Read the job's file and write HEAD, then ROWS and PROBLEMS as they come, then END.

    Raises FileRefused at any time; what was written until then must not be kept.
    """
    started = time.monotonic()
    table = _open(job)
    opened()
    frames.write_json(out, FrameKind.HEAD, _head(table, job.further))
    keep = _keep(job)
    differing = Differing(keep) if job.sms_type == OTP else None
    keep = differing or keep
    if job.after_row:
        keep = AfterRow(keep, job.after_row)
    worker = _Worker(job, table, _rules(job, table, keep), out, ids)
    worker.run()
    found = {"numbers": differing.numbers, "rows": differing.rows} if differing else {}
    totals = worker.totals() | {"differing": found}
    frames.write_json(out, FrameKind.END, totals | _cost(started))


def _rules(job: Job, table: Table, keep: Keep) -> Rules:
    kind = CustomerRules if job.purpose is Purpose.CUSTOMERS else MessageRules
    return kind(job, table.columns, table.cell_errors, keep)


def _keep(job: Job) -> Keep:
    """Return what decides about duplicates; it may read the file, for that alone."""
    if job.duplicates is Duplicates.FIRST:
        return First()
    keep = Last() if job.duplicates is Duplicates.LAST else Unanimous()
    table = _open(job)
    rules = _rules(job, table, keep.look)
    for number, row in table.rows:
        with contextlib.suppress(RowRefused, MsisdnError):
            rules.take(number, row)
        rules.gateways.clear()
    return keep


def _open(job: Job) -> Table:
    variables = wording.parse(job.body).variables
    if job.lines:
        rows = _valued_lines(job) if variables else _lines(job)
        return Table(file_type=FileType.TEXT, rows=rows, columns=bare_numbers(variables))
    named = job.purpose is Purpose.CUSTOMERS
    further = {key: frozenset(map(key_of, texts)) for key, texts in job.further.items()}
    # A column of the organization's own with such a name is meant first.
    own = frozenset().union(*further.values())
    for key, words in _WELL_KNOWN.items():
        if key in further:
            further[key] = words - own
    return open_table(job.file, variables, reading_of(job.reading), named=named, further=further)


def _lines(job: Job) -> Iterator[tuple[int, Row]]:
    """Yield (line number, [number]) of a list of numbers, one a line."""
    with job.file.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            yield number, [line.rstrip("\n")]


def _valued_lines(job: Job) -> Iterator[tuple[int, Row]]:
    """Yield (line number, [number, value, …]) of a list with one JSON array a line."""
    with job.file.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            yield number, json.loads(line)


def _head(table: Table, wanted: Iterable[str]) -> dict[str, Any]:
    return {
        "file_type": table.file_type.value,
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "headings": list(table.columns.headings[:_CELLS]),
        "columns": {"number": table.columns.number, "variables": list(table.columns.variables)}
        | _of_customers(table.columns, wanted),
        "ignored_columns": list(table.columns.ignored[:50]),
        "notes": _notes(table),
        "preview": table.preview,
        "expected_rows": max(0, table.seen.height - table.columns.heading_row),
    }


def _of_customers(columns: Columns, wanted: Iterable[str]) -> dict[str, Any]:
    """Return the columns that only imports of customers have, in the order of their texts."""
    found: dict[str, Any] = {} if columns.name is None else {"name": columns.name}
    further = {key: columns.further[key] for key in wanted if key in columns.further}
    return found | ({"further": further} if further else {})


def _notes(table: Table) -> list[list[Any]]:
    return [[note.code, dict(note.params)] for note in table.notes]


def _cost(started: float) -> dict[str, Any]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "child_seconds": round(time.monotonic() - started, 3),
        "child_cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
        "child_rss_kb": peak_rss_kb(),
    }


def peak_rss_kb() -> int:
    """Return the most memory this process had; ru_maxrss would count that of the parent too."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


class _Worker:
    """Takes rows one by one and hands them on in blocks."""

    def __init__(
        self, job: Job, table: Table, rules: Rules, out: BinaryIO, ids: Callable[[], range]
    ) -> None:
        self._job = job
        self._table = table
        self._rules = rules
        self._out = out
        self._ids = ids
        self._items: list[Any] = []
        self._problems: list[tuple[Any, ...]] = []
        self._waiting: dict[int, list[int]] = {}
        self._kept = KeptProblems()
        self._kinds: Counter[str] = Counter()
        self._accepted = 0
        self._blank = 0
        self._first_row = 0
        self._seen = 0
        self._refused_since = 0

    def run(self) -> None:
        """Take every row; raises FileRefused NO_ROWS, TOO_MANY_ROWS or COUNTRY_CODE_UNCLEAR."""
        take, items, block = self._rules.take, self._items, self._job.block
        for number, row in self._table.rows:
            self._seen += 1
            try:
                items.append(take(number, row))
            except (RowRefused, MsisdnError) as error:
                self._refuse(number, row, error)
                # People who wait see that refused rows are read, too.
                self._refused_since += 1
                if self._refused_since == block:
                    self._hand_on()
                continue
            if len(items) == block:
                self._hand_on()
        self._hand_on(last=True)
        self._hand_on_problems()
        if not self._read:
            raise FileRefused(FileCode.NO_ROWS, sheet=self._table.sheet)

    @property
    def _read(self) -> int:
        return self._seen - self._blank

    def totals(self) -> dict[str, Any]:
        """Return what the END frame says of rows."""
        totals: dict[str, Any] = {
            "rows_read": self._read,
            "first_row": self._first_row,
            "accepted": self._accepted,
            "refused": self._kinds["REFUSED"],
            "duplicates": self._kinds["DUPLICATE"],
            "skipped": self._kinds["SKIPPED"],
            "problem_codes": dict(self._kept.codes),
            "problems_left_out": self._kept.left_out,
            # Only now is it known how many rows are hidden.
            "notes": _notes(self._table),
        }
        if isinstance(self._rules, MessageRules):
            totals |= {
                "tally": [[*key, count] for key, count in sorted(self._rules.tally.items())],
                "ucs2_rows": self._rules.ucs2_rows,
                "costly": self._rules.costly,
                "in_parts": self._rules.in_parts,
                "fingerprint": self._rules.fingerprint,
                "languages": self._rules.languages(),
            }
        return totals

    def _hand_on(self, *, last: bool = False) -> None:
        """Write the rows taken so far, with their ids, and the batches that are full."""
        self._check_limit()
        self._rules.plus_one.check(at_end=last)
        count = len(self._items)
        self._accepted += count
        if count and not self._first_row:
            self._first_row = _row_of(self._items[0])
        payload: Any = b"" if self._job.form is Form.COPY and not count else list(self._items)
        batches: list[tuple[int, list[int]]] = []
        if count and self._job.purpose is Purpose.MESSAGES:
            ids = self._ids()[:count]
            payload = self._with_ids(ids)
            batches = self._cut(ids)
        if last:
            batches += [(gateway, ids) for gateway, ids in self._waiting.items() if ids]
        self._items.clear()
        self._refused_since = 0
        frames.write_marshalled(
            self._out, FrameKind.ROWS, tuple(Rows(count, self._read, payload, batches))
        )

    def _check_limit(self) -> None:
        if self._read > Limits().rows:
            raise FileRefused(FileCode.TOO_MANY_ROWS, limit=Limits().rows)

    def _with_ids(self, ids: range) -> Any:
        if self._job.form is Form.COPY:
            lines = [f"{pk}\t{line}" for pk, line in zip(ids, self._items, strict=True)]
            lines.append("")
            return self._job.tail.join(lines).encode("utf-8", "replace")
        return [(pk, *item) for pk, item in zip(ids, self._items, strict=True)]

    def _cut(self, ids: range) -> list[tuple[int, list[int]]]:
        """Give every id to its gateway; return the ids that fill whole batches."""
        gateways = self._rules.gateways
        if len(set(gateways)) == 1:
            self._waiting.setdefault(gateways[0], []).extend(ids)
        else:
            for gateway, pk in zip(gateways, ids, strict=True):
                self._waiting.setdefault(gateway, []).append(pk)
        gateways.clear()
        full = []
        for gateway, waiting in self._waiting.items():
            if whole := len(waiting) - len(waiting) % _BATCH:
                full.append((gateway, waiting[:whole]))
                del waiting[:whole]
        return full

    def _refuse(self, number: int, row: Row, error: RowRefused | MsisdnError) -> None:
        if is_blank(row):
            self._blank += 1
            return
        problem = _problem(number, row, error, self._table.columns, lines=self._job.lines)
        self._kinds[problem.kind] += 1
        if not self._kept.keeps(problem):
            return
        self._problems.append(_fields_of(problem))
        if len(self._problems) == _PROBLEMS:
            self._hand_on_problems()

    def _hand_on_problems(self) -> None:
        self._check_limit()
        if self._problems:
            frames.write_marshalled(self._out, FrameKind.PROBLEMS, self._problems)
            self._problems.clear()


def _row_of(item: Any) -> int:
    """Return the row number of what is stored, a tuple or a line of COPY."""
    return int(item.split("\t", 1)[0] if isinstance(item, str) else item[0])


def _problem(
    number: int, row: Row, error: RowRefused | MsisdnError, columns: Columns, *, lines: bool
) -> RowProblem:
    """Return what people are told about a refused row."""
    code, column, params = error.code, columns.number, {}
    if isinstance(error, RowRefused):
        params = error.params
        column = columns.number if error.column is None else error.column
    elif skipped := skipped_code(columns, row):
        code = skipped
    value = text_of(row[column]) if column < len(row) else ""
    kind = "SKIPPED" if code in _SKIPPED else "REFUSED"
    return RowProblem(
        kind="DUPLICATE" if code in DUPLICATES else kind,
        row=number,
        cell="" if lines else cell_name(number, column),
        code=code,
        value=_storable(value, _VALUE_CHARS),
        params=params,
        suggestion=_storable(error.suggestion or "", _VALUE_CHARS),
        cells=[_storable(text_of(cell), _CELL_CHARS) for cell in row[:_CELLS]],
    )


def _storable(text: str, length: int) -> str:
    """Return text that any database takes: short, without NUL and lone surrogates."""
    short = text[:length].replace("\0", "")
    return short if short.isascii() else short.encode("utf-8", "replace").decode()
