"""The sender's journal: what went to the wire and what came back, kept through a kill -9.

A file per sender and rotation, appended by `write` without buffering: what `write` has returned
survives the death of the process, not of the machine. The boot id in the header tells the two
apart. The file is locked as long as its sender lives. One that is resolved is kept for some days in
a folder beside it: when a backup is restored, it proves what was sent after that.

    H <boot id> <pid> <gateway id> <slot>
    G <instance> <claims> <generation>                the history of the database, the claims of the
                                                      slot before this journal, and the generation
    C <claims> <seconds since 1970>                   the claims of the slot with this one
    S <message id> <attempt> <segment> <segments>     just before the PDU is written; those that
                                                      leave together are recorded together
    R <message id> <attempt> <segment> A <gateway's message id>
    R <message id> <attempt> <segment> P|T <code>     refused: permanently, temporarily
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from accounts import shared_time
from sending.delivery.attempt import Answer, AttemptKey, SegmentAnswer

SUFFIX = ".journal"
KEPT = "kept"
"""The folder of journals that are resolved."""
FROM_BACKUP = "from-backup"
"""The folder of journals that were restored: they prove what they say, and not that it is all."""
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class JournalBroken(OSError):
    """A record could not be written whole; nothing may go to the wire any more."""


class JournalUnreadable(ValueError):
    """The file is not what a sender writes: it proves nothing."""


@dataclass(slots=True)
class Trace:
    """What a journal knows of one attempt: segments written, and the answers to them."""

    segments: int = 0
    written: set[int] = field(default_factory=set)
    answers: dict[int, SegmentAnswer] = field(default_factory=dict)
    # Seconds since 1970; 0 when the journal does not say.
    claimed_at: int = 0

    @property
    def unanswered(self) -> bool:
        """Whether a segment went to the wire and no answer was recorded."""
        return bool(self.written - self.answers.keys())


def boot_id() -> str:
    """Return what identifies this run of the operating system; unknown never equals unknown."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return f"unknown-{secrets.token_hex(8)}"


class _Locked:
    """A file of this process alone, as long as it is open."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    def close(self) -> None:
        """Unlock, and leave the file: anybody may settle now what the journal says."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def remove(self) -> None:
        """Delete and unlock, when nothing was ever written to the wire under its name."""
        self.path.unlink(missing_ok=True)
        self.close()

    def keep(self) -> None:
        """Put away and unlock, when the database says all that the journal says.

        It is on disk then, so that it proves the same after the machine has booted again.
        """
        with suppress(FileNotFoundError):
            if self._descriptor >= 0:
                os.fsync(self._descriptor)
            folder = self.path.parent / KEPT
            folder.mkdir(exist_ok=True)
            self.path.rename(folder / self.path.name)
        self.close()


class Journal(_Locked):
    """An open journal. One sender writes it, from one thread."""

    def __init__(self, path: Path, descriptor: int) -> None:
        super().__init__(path, descriptor)
        self.size = 0
        # Whether anything was claimed under its name.
        self.claimed = False
        self._broken = False
        self._noted: list[str] = []

    @classmethod
    def create(cls, directory: Path, *, gateway_id: int, slot: int) -> Self:
        """Make and lock a new journal; raise OSError."""
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{gateway_id}-{slot}-{secrets.token_hex(8)}{SUFFIX}"
        # Nobody may find it before it is locked and has its header.
        hidden = path.with_suffix(".new")
        descriptor = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        journal = cls(path, descriptor)
        journal._append(f"H {boot_id()} {os.getpid()} {gateway_id} {slot}\n")
        hidden.rename(path)
        return journal

    @property
    def name(self) -> str:
        """Return the name that batches and bind slots carry as their owner."""
        return self.path.stem

    def sent(self, key: AttemptKey, segment: int, segments: int) -> None:
        """Record that a segment goes to the wire now; raise JournalBroken, then it must not."""
        self.note_sent(key, segment, segments)
        self.write_out()

    def answered(self, key: AttemptKey, answered: SegmentAnswer) -> None:
        """Record an answer. A failure is not raised: the answer counts all the same."""
        self.note_answered(key, answered)
        with suppress(JournalBroken):
            self.write_out()

    def note_lease(self, instance: str, claims: int, generation: int) -> None:
        """Note in which history of the database the slot was leased, and how far both had come."""
        self._noted.append(f"G {instance} {claims} {generation}\n")

    def note_claim(self, claims: int) -> None:
        """Note that a claim is committed: nothing of it may go to the wire before."""
        self.claimed = True
        self._noted.append(f"C {claims} {int(shared_time.now().timestamp())}\n")

    def note_sent(self, key: AttemptKey, segment: int, segments: int) -> None:
        """Note what goes to the wire, but not before `write_out` has returned."""
        self._noted.append(f"S {key.message_id} {key.attempt} {segment} {segments}\n")

    def note_answered(self, key: AttemptKey, answered: SegmentAnswer) -> None:
        """Note an answer, for the next `write_out`."""
        said = answered.said
        # The usual id needs no look at each of its characters.
        if not (said.isascii() and said.replace("-", "").isalnum()):
            said = said.translate(_ONE_WORD) or "-"
        head = f"R {key.message_id} {key.attempt} {answered.segment}"
        self._noted.append(f"{head} {answered.answer.value} {said}\n")

    def write_out(self) -> None:
        """Write what was noted, in its order and with one write; raise JournalBroken.

        Then nothing of it may go to the wire. What is on disk of it leads to doubt, never to a
        second message.
        """
        if self._noted:
            lines = "".join(self._noted)
            self._noted.clear()
            self._append(lines)

    def _append(self, lines: str) -> None:
        octets = lines.encode()
        if self._broken:
            raise JournalBroken(f"{self.path.name} broke before")
        try:
            whole = os.write(self._descriptor, octets) == len(octets)
        except OSError as error:
            self._broken = True
            raise JournalBroken(str(error)) from error
        if not whole:
            self._broken = True
            raise JournalBroken(f"{self.path.name}: no room")
        self.size += len(octets)

    @property
    def usable(self) -> bool:
        """Whether every record so far was written whole."""
        return not self._broken

    def close(self) -> None:
        """Write what was noted, and unlock."""
        if self._descriptor >= 0:
            with suppress(JournalBroken):
                self.write_out()
        super().close()


# A gateway's message id is a C-Octet String; what would break a line is written visibly.
_ONE_WORD = dict.fromkeys((*range(33), 127, 133, 160, 8232, 8233), "?")


@dataclass(frozen=True, slots=True)
class Covered:
    """The claims of a bind slot that one journal tells of: above `above`, and up to `until`."""

    instance: str
    gateway_id: int
    slot: int
    above: int
    until: int

    @property
    def slot_name(self) -> str:
        """Return the bind slot as marks and reports name it."""
        return f"{self.gateway_id}-{self.slot}"


class DeadJournal(_Locked):
    """The journal of a sender that is no more, locked while someone settles it."""

    def __init__(self, path: Path, descriptor: int, lines: list[str]) -> None:
        super().__init__(path, descriptor)
        self._lines = lines

    @classmethod
    def take(cls, directory: Path, name: str) -> Self | None:
        """Lock the journal; None while its sender, or another settler, holds it.

        Raise FileNotFoundError when it is not here.
        """
        return cls.open(directory / f"{name}{SUFFIX}")

    @classmethod
    def open(cls, path: Path) -> Self | None:
        """Lock a journal; None while its sender, or another settler, holds it."""
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        # A last line without its end was never returned to the sender as written: if it is an S,
        # nothing went to the wire; if it is an R, its S stands alone.
        lines = path.read_text("utf-8", errors="replace").split("\n")[:-1]
        return cls(path, descriptor, lines)

    @property
    def of_this_boot(self) -> bool:
        """Whether the operating system has run since, so that all that was written is here."""
        header = self._lines[0].split(" ") if self._lines else []
        return len(header) == 5 and header[0] == "H" and header[1] == boot_id()

    @property
    def is_kept(self) -> bool:
        """Whether it was put away whole, when the database knew all that it says."""
        return self.path.parent.name == KEPT

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever claimed or written under its name."""
        return not any(line[:2] in {"C ", "S ", "R "} for line in self._lines)

    @property
    def gateway_id(self) -> int | None:
        """Return the gateway it went to; None when the file does not say."""
        header = self._lines[0].split(" ") if self._lines else []
        return int(header[3]) if len(header) == 5 and header[3].isdecimal() else None

    @property
    def covered(self) -> Covered | None:
        """Return which claims it tells of; None for one of a release that counted none."""
        header = self._lines[0].split(" ") if self._lines else []
        leased = next((line.split(" ") for line in self._lines if line[:2] == "G "), None)
        if leased is None or self.gateway_id is None:
            return None
        try:
            claims = [int(line.split(" ")[1]) for line in self._lines if line[:2] == "C "]
            above = int(leased[2])
            return Covered(
                leased[1], int(header[3]), int(header[4]), above, max(claims, default=above)
            )
        except (ValueError, IndexError):
            return None

    def traces(self) -> dict[AttemptKey, Trace]:
        """Return what went to the wire; raise JournalUnreadable."""
        traces: dict[AttemptKey, Trace] = {}
        claimed_at = 0
        for record in self._records():
            if record[0] == "C":
                claimed_at = _moment(record)
            elif record[0] != "G":
                _add(traces, record, claimed_at)
        return traces

    def _records(self) -> Iterator[list[str]]:
        for line in self._lines[1:]:
            yield line.split(" ")


def _moment(record: list[str]) -> int:
    try:
        return int(record[2])
    except (ValueError, IndexError) as error:
        raise JournalUnreadable(" ".join(record)[:80]) from error


def _add(traces: dict[AttemptKey, Trace], record: list[str], claimed_at: int) -> None:
    try:
        kind, message_id, attempt, segment = record[0], *map(int, record[1:4])
        key = AttemptKey(message_id, attempt)
        if kind == "S":
            (segments,) = record[4:]
            trace = traces.setdefault(key, Trace(claimed_at=claimed_at))
            trace.segments = int(segments)
            trace.written.add(segment)
        else:
            if kind != "R":
                raise JournalUnreadable(kind)
            answer, said = record[4:]
            # What was refused before it could be written has an R alone.
            trace = traces.setdefault(key, Trace(claimed_at=claimed_at))
            trace.answers[segment] = SegmentAnswer(segment, Answer(answer), said)
    except (ValueError, IndexError) as error:
        raise JournalUnreadable(" ".join(record)[:80]) from error


def names(directory: Path) -> list[str]:
    """Return the names of the journals that lie in `directory`."""
    return sorted(path.stem for path in directory.glob(f"*{SUFFIX}"))
