"""The guard in the transaction that accepts: asks, judges, and says what is to be stored."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from accounts.statements import Rows, Statement
from sending.guard import storing
from sending.guard.counts import Counts, StoppedFor
from sending.guard.judged import Candidate, Judged
from sending.guard.questions import Window, found, questions, windows_of
from sending.guard.rules.facts import NOBODY, Facts, Subject
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
        self._at = at
        self._candidates = [] if terms.policy.is_off else list(candidates)
        self._subjects = [self._subject(one) for one in self._candidates]
        # Under each key that still counts, the one of today first.
        self._known_as = [guard_digests(one.msisdn, organization_id) for one in self._candidates]
        self._windows = [windows_of(one) for one in self._subjects]
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

    @cached_property
    def _all_windows(self) -> list[Window]:
        return list(dict.fromkeys(one for each in self._windows for one in each.values()))

    @cached_property
    def questions(self) -> list[Statement]:
        """Return what is to be asked in the transaction: nothing where there is nobody to judge."""
        if not self._subjects:
            return []
        known_as = dict.fromkeys(digest for each in self._known_as for digest in each)
        return questions(self._owner[0], self._subjects, known_as, self._all_windows)

    def judge(self, rows: Sequence[Rows], wanted: Sequence[int]) -> dict[int, Judged]:
        """Return {place: what was said} of the candidates at these places, in their order."""
        self._judged, self._stopped = [], []
        if not wanted or not self._subjects:
            return {}
        said = found(rows[-1])
        counts = Counts(said, self._all_windows, self._terms.usual, self._trusted(said.trusted))
        for place in wanted:
            self._judged.append(one := self._judge(place, counts))
            if one.decided is None and place != wanted[-1]:
                counts.note(self._subjects[place], self._windows[place])
        return dict(zip(wanted, self._judged, strict=True))

    def _judge(self, place: int, counts: Counts) -> Judged:
        candidate, subject = self._candidates[place], self._subjects[place]
        policy = self._terms.policy
        findings = judge(subject, self._facts(place, counts), policy)
        for finding in findings:
            if finding.makes_block and stops(finding, policy):
                self._stopped.append(counts.stop(finding, subject))
        decided = verdict(findings, policy)
        return Judged(candidate, subject, decided, findings)

    def _facts(self, place: int, counts: Counts) -> Facts:
        subject = self._subjects[place]
        facts = counts.facts(subject, self._windows[place])
        facts.is_trusted = facts.is_trusted or self._terms.allowed.passes(
            *(subject.number, subject.ranges, subject.country, subject.key),
            self._candidates[place].client_ip,
        )
        return facts

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
        return storing.statements(self._owner, self._at, pairs, self._stopped, self._terms.policy)

    def is_within(self, rows: Rows) -> bool:
        """Tell whether no cap is passed, by the rows of the last statement; else undo all."""
        return not storing.pass_a_cap(rows, self._terms.policy)
