"""The guard in the transaction that accepts: asks, judges, and says what is to be stored."""

from collections.abc import Sequence
from datetime import datetime

from accounts.statements import Rows, Statement
from sending.guard import storing
from sending.guard.counts import Counts, StoppedFor
from sending.guard.judged import Candidate, Judged
from sending.guard.questions import Window, questions, windows_of
from sending.guard.rules.facts import NOBODY, Facts, Subject
from sending.guard.rules.judging import judge, stops
from sending.guard.rules.names import Rule
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
        self._at = at
        self._candidates = [] if terms.policy.is_off else list(candidates)
        self._subjects = [self._subject(one) for one in self._candidates]
        self._windows = self._windows_of_all()
        self._judged: list[Judged] = []
        self._stopped: list[StoppedFor] = []

    def _subject(self, candidate: Candidate) -> Subject:
        organization_id = self._owner[0]
        address = candidate.client_ip
        return Subject(
            now=self._at.timestamp(),
            number=guard_digest(candidate.msisdn, organization_id),
            ranges=ranges_of(candidate.msisdn),
            country=candidate.country,
            key=candidate.api_key_id,
            cost_micro=candidate.cost_micro,
            address=guard_digest(address, organization_id) if address else NOBODY,
            has_proved=candidate.has_proved,
        )

    def _windows_of_all(self) -> list[Window]:
        found = [window for one in self._subjects for window in windows_of(one).values()]
        return list(dict.fromkeys(found))

    @property
    def questions(self) -> list[Statement]:
        """Return what is to be asked in the transaction: nothing where there is nobody to judge."""
        if not self._subjects:
            return []
        known_as: dict[int, None] = {}
        for one in self._candidates:
            known_as |= dict.fromkeys(guard_digests(one.msisdn, self._owner[0]))
        return questions(self._owner[0], self._subjects, known_as, self._windows)

    def judge(self, rows: Sequence[Rows], wanted: Sequence[int]) -> dict[int, Judged]:
        """Return {place: what was said} of the candidates at these places, in their order."""
        self._judged, self._stopped = [], []
        if not wanted or not self._subjects:
            return {}
        counts = Counts(rows, self._windows, self._terms.usual, self._trusted(rows[1]))
        said = {}
        for place in wanted:
            said[place] = one = self._judge(place, counts)
            self._judged.append(one)
        return said

    def _judge(self, place: int, counts: Counts) -> Judged:
        candidate, subject = self._candidates[place], self._subjects[place]
        policy = self._terms.policy
        findings = judge(subject, self._facts(candidate, subject, counts), policy)
        for finding in findings:
            if finding.makes_block and stops(finding, policy):
                self._stopped.append(counts.stop(finding, subject))
        decided = verdict(findings, policy)
        if decided is None:
            counts.note(subject)
        return Judged(candidate, subject, decided, findings)

    def _facts(self, candidate: Candidate, subject: Subject, counts: Counts) -> Facts:
        facts = counts.facts(subject)
        facts.is_trusted = facts.is_trusted or self._terms.allowed.passes(
            subject.number, subject.ranges, subject.country, subject.key, candidate.client_ip
        )
        return facts

    def _trusted(self, rows: Rows) -> set[int]:
        """Return the digests, under the key of today, of those that are trusted."""
        found = {digest for (digest,) in rows}
        organization_id = self._owner[0]
        return {
            subject.number
            for one, subject in zip(self._candidates, self._subjects, strict=True)
            if found and not found.isdisjoint(guard_digests(one.msisdn, organization_id))
        }

    def statements(self, ids: Sequence[int | None]) -> list[Statement]:
        """Return what stores what was judged last; `ids` are of its messages, None if refused."""
        pairs = list(zip(ids, self._judged, strict=True))
        return storing.statements(self._owner, self._at, pairs, self._stopped, self._terms.policy)

    def is_within(self, rows: Rows) -> bool:
        """Tell whether no cap is passed, by the rows of the last statement; else undo all."""
        policy = self._terms.policy
        if not policy.stops(Rule.MONEY):
            return True
        return not any(storing.passes_cap(row, policy) for row in rows)
