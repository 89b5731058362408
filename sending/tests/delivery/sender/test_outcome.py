"""What the answers to segments mean for the message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.delivery.attempt import Answer, Attempt, AttemptKey, SegmentAnswer
from sending.delivery.sender.outcome import outcome_of
from sending.error_codes.reasons import Reason
from sending.lifecycle import MESSAGE_STEPS, MessageState, SaidBy

YES, NO, LATER = Answer.ACCEPTED, Answer.REFUSED, Answer.REFUSED_TEMPORARILY


def attempt(answers="", segments=1, before=0, *, unanswered=False, code=""):
    letters = {"A": YES, "P": NO, "T": LATER}
    said = [SegmentAnswer(before + at, letters[a], f"code-{a}") for at, a in enumerate(answers, 1)]
    return Attempt(AttemptKey(1, 1), segments, before, tuple(said), unanswered, code)


@pytest.mark.parametrize(
    ("given", "state", "code", "said_by"),
    [
        (attempt("A"), "SUBMITTED", "", SaidBy.GATEWAY),
        (attempt("AAA", 3), "SUBMITTED", "", SaidBy.GATEWAY),
        (attempt("A", 3, before=2), "SUBMITTED", "", SaidBy.GATEWAY),
        (attempt("", 2, before=2), "SUBMITTED", "", SaidBy.GATEWAY),
        (attempt("P"), "REJECTED", "code-P", SaidBy.GATEWAY),
        (attempt("AP", 3), "REJECTED", "code-P", SaidBy.GATEWAY),
        (attempt("T"), "QUEUED", "code-T", SaidBy.GATEWAY),
        (attempt("AT", 3), "QUEUED", "code-T", SaidBy.GATEWAY),
        (attempt(), "QUEUED", Reason.NOT_SENT, SaidBy.US),
        (attempt("A", 2, code="NOT_BOUND"), "QUEUED", "NOT_BOUND", SaidBy.US),
        (attempt(unanswered=True), "IN_DOUBT", Reason.NO_ANSWER, SaidBy.US),
        (attempt("A", 3, unanswered=True, code="CUT"), "IN_DOUBT", "CUT", SaidBy.US),
    ],
)
def test_it_judges(given, state, code, said_by):
    outcome = outcome_of(given)
    assert (outcome.to, outcome.code, outcome.said_by) == (state, code, said_by)
    assert outcome.again == (state == "QUEUED")


@given(
    st.from_regex(r"A{0,3}[PT]?", fullmatch=True),
    st.integers(1, 4),
    st.integers(0, 4),
    st.booleans(),
)
def test_it_never_repeats_what_may_have_arrived(answers, segments, before, unanswered):
    outcome = outcome_of(attempt(answers, segments, min(before, segments), unanswered=unanswered))
    assert outcome.to in MESSAGE_STEPS[MessageState.SUBMITTING]
    if unanswered:
        assert outcome.to is MessageState.IN_DOUBT
    if outcome.backoff:
        assert answers.endswith("T")
    if outcome.to is MessageState.SUBMITTED:
        assert min(before, segments) + answers.count("A") >= segments
