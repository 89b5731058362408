"""The guard in the transaction that accepts: asks, judges, and says what is to be stored."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from accounts.statements import Rows, Statement
from sending.guard import storing
from sending.guard.counts import Counts, StoppedFor
from sending.guard.judged import Candidate, Judged
from sending.guard.questions import found, moment, questions
from sending.guard.rules.facts import NOBODY, Subject
from sending.guard.rules.judging import judge, stops
from sending.guard.rules.ranges import ranges_of
from sending.guard.rules.verdict import verdict
from sending.guard.terms import GuardTerms
from sending.models.guard_digest import guard_digest, guard_digests


class Guarding:
    """Judges the one-time passwords of requests that are accepted together.

    Ask `questions` in the transaction, give their rows to `judge` for those that nothing else
    speaks against, and run `statements` with the others that store; `is_within` reads the rows of
    the last of them.
    """

    def __init__(
        self,
        terms: GuardTerms,
        organization_id: int,
        application_id: int,
        at: datetime,
        candidates: Sequence[Candidate],
    ) -> None:
        self._terms = terms
        self._owner = (organization_id, application_id)
        self._at, self._written_at = at, moment(at)
        self._candidates = [] if terms.policy.is_off else candidates
        # Under each key that still counts, the one of today first.
        self._known_as = [guard_digests(one.msisdn, organization_id) for one in self._candidates]
        now = at.timestamp()
        self._subjects = [
            Subject(
                *(now, known_as[0], ranges_of(one.msisdn), one.country, one.api_key_id),
                one.cost_micro,
                guard_digest(one.client_ip, organization_id) if one.client_ip else NOBODY,
                one.has_proved,
            )
            for one, known_as in zip(self._candidates, self._known_as, strict=True)
        ]
        known_as_all = list(chain.from_iterable(self._known_as))
        # What is to be asked in the transaction: nothing where there is nobody to judge.
        self.questions: list[Statement] = (
            questions(organization_id, self._written_at, self._subjects, known_as_all)
            if self._subjects
            else []
        )
        self._judged: list[Judged] = []
        self._stopped: list[StoppedFor] = []

    def judge(self, rows: Sequence[Rows], wanted: Sequence[int]) -> dict[int, Judged]:
        """Return {place: what was said} of the candidates at these places, in their order."""
        self._judged, self._stopped = [], []
        if not wanted or not self._subjects:
            return {}
        said = found(rows[-1])
        trusted = self._trusted(said.trusted) if said.trusted else ()
        counts = Counts(said, self._terms.usual, trusted)
        last = wanted[-1]
        for place in wanted:
            self._judged.append(one := self._judge(place, counts))
            if one.decided is None and place != last:
                counts.note(self._subjects[place])
        return dict(zip(wanted, self._judged, strict=True))

    def _judge(self, place: int, counts: Counts) -> Judged:
        candidate, subject = self._candidates[place], self._subjects[place]
        policy, facts = self._terms.policy, counts.facts(subject)
        facts.is_trusted = facts.is_trusted or self._terms.allowed.passes(
            subject.number, subject.ranges, subject.country, subject.key, candidate.client_ip
        )
        findings = judge(subject, facts, policy)
        if not findings:
            return Judged(candidate, subject, None, findings)
        for finding in findings:
            if finding.makes_block and stops(finding, policy):
                self._stopped.append(counts.stop(finding, subject))
        return Judged(candidate, subject, verdict(findings, policy), findings)

    def _trusted(self, digests: Sequence[int]) -> set[int]:
        """Return the digests, under the key of today, of those that are trusted."""
        return {
            subject.number
            for known_as, subject in zip(self._known_as, self._subjects, strict=True)
            if not set(known_as).isdisjoint(digests)
        }

    def statements(self, ids: Sequence[int | None]) -> list[Statement]:
        """Return what stores what was judged last; `ids` are of its messages, None if refused."""
        pairs = list(zip(ids, self._judged, strict=True))
        return storing.statements(
            *(self._owner, self._at, pairs, self._stopped, self._terms.policy),
            written_at=self._written_at,
        )

    def is_within(self, rows: Rows) -> bool:
        """Tell whether no cap is passed, by the rows of the last statement; else undo all."""
        return not storing.pass_a_cap(rows, self._terms.policy)
