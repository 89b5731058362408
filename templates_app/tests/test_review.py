"""The review of a version: legal steps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models.stepping import sources_of
from templates_app.lint import RULES
from templates_app.reason_catalogue import REASON_ROWS
from templates_app.review import STEPS, ReviewState

S = ReviewState


def test_every_state_has_its_steps():
    assert set(STEPS) == set(ReviewState)


@pytest.mark.parametrize(
    ("to", "sources"),
    [
        (S.DRAFT, set()),
        (S.PENDING, {S.DRAFT, S.REJECTED}),
        (S.APPROVED, {S.PENDING}),
        (S.REJECTED, {S.PENDING}),
        (S.WITHDRAWN, {S.DRAFT, S.PENDING, S.APPROVED}),
        (S.REPLACED, {S.APPROVED}),
    ],
)
def test_steps_that_are_legal(to, sources):
    assert sources_of(STEPS, to) == sources


@given(st.lists(st.sampled_from(ReviewState)))
def test_nothing_is_approved_that_was_not_submitted(wanted):
    state, path = S.DRAFT, [S.DRAFT]
    for to in wanted:
        if state in sources_of(STEPS, to):
            state = to
            path.append(to)
    if S.APPROVED in path:
        assert path[:2] == [S.DRAFT, S.PENDING]
        assert path[path.index(S.APPROVED) - 1] is S.PENDING
    if S.REJECTED in path:
        assert path[path.index(S.REJECTED) :][1:2] in ([], [S.PENDING])


def test_a_reason_that_lint_can_find_has_the_code_of_the_rule():
    shared = {code for code, *_words in REASON_ROWS["template"]} & set(RULES)
    assert {"VARIABLE_FORMAT", "OTP_CODE_WORD", "OPTOUT_MISSING", "OPTOUT_NO_REPLY"} <= shared
