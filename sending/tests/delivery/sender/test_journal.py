"""The journal: what it says after its sender died, and that nobody reads it before."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.delivery.sender import journal as journals
from sending.delivery.sender.journal import (
    Answer,
    AttemptKey,
    DeadJournal,
    Journal,
    JournalBroken,
    JournalUnreadable,
    SegmentAnswer,
)
from sending.delivery.sender.kept_journals import forget_kept

KEY = AttemptKey(7_000_000_000_001, 1)


@pytest.fixture
def journal(tmp_path):
    journal = Journal.create(tmp_path, gateway_id=3, slot=1)
    yield journal
    journal.close()


def traces_of(journal):
    journal.close()
    dead = DeadJournal.take(journal.path.parent, journal.name)
    try:
        return dead.traces()
    finally:
        dead.close()


def test_it_tells_what_was_written_and_what_was_answered(journal):
    other = AttemptKey(8, 2)
    journal.sent(KEY, 1, 2)
    journal.answered(KEY, SegmentAnswer(1, Answer.ACCEPTED, "ab12"))
    journal.sent(KEY, 2, 2)
    journal.sent(other, 1, 1)
    journal.answered(other, SegmentAnswer(1, Answer.REFUSED_TEMPORARILY, "ESME_RTHROTTLED"))
    traces = traces_of(journal)
    assert traces[KEY].segments == 2
    assert traces[KEY].answers == {1: SegmentAnswer(1, Answer.ACCEPTED, "ab12")}
    assert traces[KEY].unanswered
    assert not traces[other].unanswered
    assert AttemptKey(9, 1) not in traces


def test_what_was_noted_together_is_written_together_in_its_order(journal):
    before = journal.path.read_bytes()
    journal.note_answered(AttemptKey(8, 1), SegmentAnswer(1, Answer.ACCEPTED, "run-7"))
    journal.note_sent(KEY, 1, 1)
    assert journal.path.read_bytes() == before
    journal.write_out()
    journal.write_out()
    assert (
        journal.path.read_bytes()
        == before + f"R 8 1 1 A run-7\nS {KEY.message_id} 1 1 1\n".encode()
    )


def test_what_could_not_be_written_out_is_refused_and_never_written_later(journal, monkeypatch):
    journal.note_sent(KEY, 1, 1)
    monkeypatch.setattr(os, "write", lambda _descriptor, _octets: 0)
    with pytest.raises(JournalBroken):
        journal.write_out()
    monkeypatch.undo()
    journal.close()
    assert b"S " not in journal.path.read_bytes()


def test_an_answer_without_a_write_is_possible(journal):
    journal.answered(KEY, SegmentAnswer(1, Answer.REFUSED, "PDU_INVALID"))
    trace = traces_of(journal)[KEY]
    assert not trace.unanswered
    assert trace.answers[1].said == "PDU_INVALID"


@given(said=st.text(max_size=70))
def test_any_message_id_keeps_the_lines_apart(tmp_path_factory, said):
    journal = Journal.create(tmp_path_factory.mktemp("journal"), gateway_id=3, slot=1)
    journal.sent(KEY, 1, 1)
    journal.answered(KEY, SegmentAnswer(1, Answer.ACCEPTED, said))
    journal.sent(AttemptKey(8, 1), 1, 1)
    traces = traces_of(journal)
    assert traces.keys() == {KEY, AttemptKey(8, 1)}
    if said.isascii() and said.isalnum():
        assert traces[KEY].answers[1].said == said


def test_a_journal_cut_at_any_byte_never_proves_too_much(journal):
    """A cut hides records from the end, as when the process dies inside a write."""
    journal.sent(KEY, 1, 1)
    journal.answered(KEY, SegmentAnswer(1, Answer.ACCEPTED, "ab12"))
    journal.sent(AttemptKey(8, 1), 1, 1)
    whole = journal.path.read_bytes()
    header = whole.index(b"\n") + 1
    ends = [at + 1 for at, octet in enumerate(whole) if octet == 10]
    for cut in range(header, len(whole) + 1):
        journal.path.write_bytes(whole[:cut])
        records = sum(end <= cut for end in ends) - 1
        traces = traces_of(journal)
        assert (KEY in traces) == (records >= 1)
        assert (KEY in traces and not traces[KEY].unanswered) == (records >= 2)
        assert (AttemptKey(8, 1) in traces) == (records >= 3)


@pytest.mark.parametrize(
    "line", ["", "X 1 1 1 1", "S 1 1 1", "S one 1 1 1", "R 1 1 1 A", "R 1 1 1 Z id", "S 1 1 1 x"]
)
def test_a_damaged_line_makes_the_whole_journal_worthless(journal, line):
    journal.sent(KEY, 1, 1)
    with journal.path.open("a") as file:
        file.write(line + "\n")
    with pytest.raises(JournalUnreadable):
        traces_of(journal)


def test_nobody_takes_it_while_its_sender_lives(journal):
    assert DeadJournal.take(journal.path.parent, journal.name) is None
    journal.close()
    dead = DeadJournal.take(journal.path.parent, journal.name)
    assert dead.of_this_boot
    assert DeadJournal.take(journal.path.parent, journal.name) is None, "one settler at a time"
    dead.remove()
    with pytest.raises(FileNotFoundError):
        DeadJournal.take(journal.path.parent, journal.name)


def test_it_knows_that_the_machine_was_started_again(journal, monkeypatch):
    journal.close()
    monkeypatch.setattr(journals, "boot_id", lambda: "another")
    dead = DeadJournal.take(journal.path.parent, journal.name)
    assert not dead.of_this_boot
    dead.close()


def test_an_unknown_boot_never_equals_another(monkeypatch, tmp_path):
    monkeypatch.setattr(journals, "_BOOT_ID", tmp_path / "missing")
    assert journals.boot_id() != journals.boot_id()


@pytest.mark.parametrize("written", [0, 3, OSError(28, "No space left on device")])
def test_what_could_not_be_recorded_may_not_be_sent_ever_after(journal, monkeypatch, written):
    def write(_descriptor, _octets):
        if isinstance(written, OSError):
            raise written
        return written

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(JournalBroken):
        journal.sent(KEY, 1, 1)
    monkeypatch.undo()
    assert not journal.usable
    with pytest.raises(JournalBroken):
        journal.sent(KEY, 1, 1)
    journal.answered(KEY, SegmentAnswer(1, Answer.ACCEPTED, "counts all the same"))


def test_only_whole_journals_are_found(tmp_path):
    journal = Journal.create(tmp_path, gateway_id=3, slot=1)
    (tmp_path / "3-1-half.new").touch()
    assert journals.names(tmp_path) == [journal.name]
    journal.remove()
    assert journals.names(tmp_path) == []


def test_a_resolved_journal_is_kept_with_the_claims_that_it_covers(tmp_path):
    journal = Journal.create(tmp_path, gateway_id=3, slot=2)
    journal.note_lease("history", 40, 7)
    journal.note_claim(41)
    journal.note_claim(42)
    journal.keep()
    dead = DeadJournal.take(tmp_path / journals.KEPT, journal.name)
    assert dead.is_kept
    assert not dead.is_empty
    assert dead.covered == journals.Covered("history", 3, 2, above=40, until=42)
    assert dead.covered.slot_name == "3-2"
    assert dead.traces() == {}
    dead.close()


def test_kept_journals_are_forgotten_in_time(tmp_path):
    journal = Journal.create(tmp_path, gateway_id=1, slot=1)
    journal.keep()
    path = tmp_path / journals.KEPT / journal.path.name
    assert forget_kept(tmp_path, days=1) == 0
    os.utime(path, (0, 0))
    assert forget_kept(tmp_path, days=1) == 1
    assert not path.exists()
