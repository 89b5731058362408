"""The guard as acceptance asks it: which messages are judged, and what its words become."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from accounts.statements import Rows, Statement
from sending.acceptance.checks import Answer, Checked
from sending.acceptance.memory import Memory
from sending.acceptance.refusals import Refused
from sending.acceptance.request import Door, RefusalCode, RefusedMessage
from sending.guard.counters import NOTHING
from sending.guard.guarding import Guarding
from sending.guard.judged import Candidate, Judged
from sending.guard.rules.names import GuardAction
from sending.guard.storing import hold_until
from sending.guard.terms import read_terms
from sending.guard.words import RULES
from sending.lifecycle import Lane

guard_terms = Memory(read_terms)
"""Settings of organizations, as old as whatever else acceptance remembers."""
_CODES = {
    GuardAction.BLOCK: RefusalCode.GUARD_BLOCKED,
    GuardAction.CHALLENGE: RefusalCode.GUARD_CHALLENGE,
}


class Guarded:
    """The one-time passwords among messages that are accepted together.

    Others are none of its business: what goes to stored customers is never judged.
    """

    def __init__(
        self,
        organization_id: int,
        application_id: int,
        at: datetime,
        doors: Sequence[Door],
        answers: Sequence[Answer],
    ) -> None:
        self._at = at
        self._places: list[int] = []
        candidates: list[Candidate] = []
        for place, one in enumerate(answers):
            if isinstance(one, Checked) and one.content.lane is Lane.OTP:
                self._places.append(place)
                candidates.append(
                    Candidate(
                        *(one.msisdn, one.country, one.cost_micro, doors[place].api_key_id),
                        *(one.client_ip, one.has_proved),
                    )
                )
        self._guarding = (
            Guarding(guard_terms(organization_id), organization_id, application_id, at, candidates)
            if candidates
            else None
        )
        self.questions = self._guarding.questions if self._guarding else []
        # id of a Checked -> what was said of it, in the order of the candidates.
        self._said: dict[int, Judged] = {}

    def refuse(self, answers: list[Answer], rows: Sequence[Rows]) -> None:
        """Refuse what the guard stops, and have what it holds wait."""
        self._said = {}
        if not self.questions or self._guarding is None:
            return
        wanted = [nth for nth, at in enumerate(self._places) if isinstance(answers[at], Checked)]
        for nth, judged in self._guarding.judge(rows, wanted).items():
            place = self._places[nth]
            one = answers[place]
            assert isinstance(one, Checked)
            self._said[id(one)] = judged
            one.held_until = hold_until(judged, self._at) if judged.is_held else None
            if judged.is_refused:
                answers[place] = _refusal(one, judged, self._at)

    def statements(self, ids: Mapping[int, int]) -> list[Statement]:
        """Return what stores the decisions, by {id of a Checked: id of its message}."""
        if self._guarding is None or not self.questions:
            return [NOTHING]
        return self._guarding.statements([ids.get(one) for one in self._said])

    def is_within(self, rows: Rows) -> bool:
        """Tell whether no cap of money is passed, by the rows of the last statement."""
        return self._guarding is None or self._guarding.is_within(rows)


def _refusal(one: Checked, judged: Judged, at: datetime) -> RefusedMessage:
    """Return the answer: which rule, and when to come again; nothing of anybody else."""
    decided = judged.decided
    assert decided is not None
    words = RULES[decided.rule]
    why = Refused(
        _CODES[decided.action], rule=decided.rule.value, name=words.name, to_do=words.to_do
    )
    seconds = (judged.until - at).total_seconds() if judged.until else 0
    return replace(
        one.refused(why), rule=decided.rule.value, retry_after=max(0, int(seconds + 0.999))
    )
