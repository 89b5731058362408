"""Messages of programs, whatever door they come through: accepted or refused, one by one.

Everything about a message itself is looked at first (`checks`). One transaction then asks what
must not be remembered (`fresh`), counts the numbers (`number_limits`), stores (`storing`), and at
last takes from the limits of the day (`day_limits`), so that a busy organization is locked for
one commit. Where a limit is passed, nothing stays; the limits are read, and what still fits is
tried again. Small requests of one application that come at the same moment share a transaction
(`together`): commits of one organization cannot overlap, because each locks its limits.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import MayNotSend
from accounts.queries import check_may_send_answered, may_send_together
from accounts.statements import Rows, Statement, run_together
from sending.acceptance import fresh, guarded, memory, unmatched_texts
from sending.acceptance.checks import Answer, Checked, Checks
from sending.acceptance.day_limits import DayLimits, Part
from sending.acceptance.number_limits import NumberLimits
from sending.acceptance.refusals import Refused
from sending.acceptance.request import (
    AcceptedMessage,
    Door,
    RefusalCode,
    RefusedMessage,
    WantedMessage,
)
from sending.acceptance.storing import Acceptance, storage
from sending.acceptance.together import Together
from sending.acceptance.unmatched_texts import Unmatched
from sending.delivery.database import durably
from sending.models import daily_use
from sending.models.message import take_ids
from sending.spreadsheets.problems import RowCode

MOST_MESSAGES = 200
# What has more messages keeps the database busy by itself.
_FEW = 20
# Each one that fails means that others took what was left in between.
_TRIES = 20

Answers = list[AcceptedMessage | RefusedMessage]
BeforeCommit = Callable[[Answers], Iterable[Statement] | None]


class _LimitPassed(Exception):
    """Something would be passed; nothing of the transaction may stay."""


def accept_messages(
    door: Door,
    wanted: Sequence[WantedMessage],
    *,
    dry_run: bool = False,
    at: datetime | None = None,
    before_commit: BeforeCommit | None = None,
) -> Answers:
    """Accept what can be sent, and answer for each message in the order asked.

    At most MOST_MESSAGES. What is accepted is on disk when this returns, unless the caller has
    opened a transaction (it should not: ids are reserved, and limits locked, until that ends).
    Enqueue `tasks.submit` on commit. Raise MayNotSend when nothing of the organization or the
    application may be sent. A dry run answers the same and changes nothing.

    `before_commit` is given the answers in the transaction that accepts, to write what must hold
    exactly if that does, or to return statements for the same round trip; what it raises undoes
    all. It may be called again after another try, and is not called when nothing could be tried.
    """
    if len(wanted) > MOST_MESSAGES:
        raise ValueError(f"at most {MOST_MESSAGES} messages a request, not {len(wanted)}")
    request = _Request.checked(door, wanted, at)
    if not dry_run:
        unmatched_texts.note(door, request.unmatched)
    if dry_run or not any(isinstance(one, Checked) for one in request.answers):
        return _Attempt([request]).look()
    if before_commit is not None or len(wanted) > _FEW or connection.in_atomic_block:
        (answers,) = _Attempt([request], before_commit).accept()
        return answers
    return _together.do(request.key, request)


@dataclass(slots=True)
class _Request:
    """A request after its checks."""

    door: Door
    terms: memory.ApplicationTerms
    price_version_id: int | None
    currency: str
    answers: Sequence[Answer]
    at: datetime | None
    unmatched: Unmatched

    @classmethod
    def checked(
        cls, door: Door, wanted: Sequence[WantedMessage], at: datetime | None
    ) -> "_Request":
        """Look at everything about the messages themselves."""
        terms = memory.terms((door.organization_id, door.application_id))
        checks = Checks(terms)
        answers = [checks.check(one) for one in wanted]
        prices = checks.price_version_id, checks.currency
        return cls(door, terms, *prices, answers, at, checks.unmatched)

    @property
    def key(self) -> Hashable:
        """Return what requests have in common that one transaction can accept."""
        door = self.door
        return door.organization_id, door.application_id, self.price_version_id, self.at


class _Attempt:
    """Requests of one application that are accepted together, which may be tried several times."""

    def __init__(
        self, requests: Sequence[_Request], before_commit: BeforeCommit | None = None
    ) -> None:
        newest = requests[-1]
        terms, at = newest.terms, newest.at or shared_time.now()
        hour = terms.organization.local_hour(at)
        self._requests = requests
        self._before_commit = before_commit
        self._owner = owner = (newest.door.organization_id, newest.door.application_id)
        self._checked = [one for request in requests for one in request.answers]
        self._doors = [request.door for request in requests for _one in request.answers]
        self._acceptance = Acceptance(*owner, newest.price_version_id, at, hour)
        self._numbers = {one.msisdn for one in self._checked if isinstance(one, Checked)}
        self._guarded = guarded.Guarded(*owner, at, self._doors, self._checked)
        self._questions = [
            *may_send_together(*owner),
            fresh.question(*owner, hour // 100, self._numbers),
            *self._guarded.questions,
        ]
        self._number_limits = NumberLimits(terms.application, hour, at)
        self._day_limits = DayLimits(terms, hour)

    def look(self) -> Answers:
        """Answer as if it was accepted, and change nothing."""
        with transaction.atomic():
            rows = run_together(self._questions)
            (answers,) = self._answers(self._still_accepted(rows, looks_closely=True))
        return answers

    def accept(self) -> list[Answers]:
        """Accept what fits; return the answers of each request."""
        looks_closely = False
        for _try in range(_TRIES):
            try:
                return self._accept(looks_closely=looks_closely)
            except _LimitPassed:
                looks_closely = True
        raise MayNotSend(
            "LIMITS_CONTENDED",
            _("Many messages are sent at this moment, and a limit is nearly used up. Try again."),
        )

    def _accept(self, *, looks_closely: bool) -> list[Answers]:
        """Accept what fits; raise _LimitPassed if others were quicker."""
        ids = take_ids(len(self._checked))
        with durably(*self._questions) as rows:
            answers = self._still_accepted(rows, looks_closely=looks_closely)
            said = self._answers(answers, ids)
            also = (self._before_commit and self._before_commit(said[0])) or ()
            accepted = [
                (door, one)
                for door, one in zip(self._doors, answers, strict=True)
                if isinstance(one, Checked)
            ]
            if accepted:
                self._store(ids[: len(accepted)], accepted, also)
            else:
                run_together([*also, *self._guarded.statements({})])
        return said

    def _store(
        self,
        ids: Sequence[int],
        accepted: Sequence[tuple[Door, Checked]],
        also: Iterable[Statement],
    ) -> None:
        """Write everything with one round trip; raise _LimitPassed if it may not stay."""
        messages = [message for _door, message in accepted]
        of_numbers = self._number_limits.addition(messages)
        of_day = self._day_limits.addition(map(_part, messages))
        by_guard = self._guarded.statements(
            {id(m): pk for pk, m in zip(ids, messages, strict=True)}
        )
        rows = run_together(
            [
                *of_numbers.statements,
                *storage(self._acceptance, ids, accepted),
                *also,
                *by_guard,
                # Last, because it locks the limits of the organization until the commit.
                daily_use.addition(of_day),
            ]
        )
        if not of_numbers.is_within(rows[0]) or not self._guarded.is_within(rows[-2]):
            raise _LimitPassed
        if self._day_limits.passed(of_day, daily_use.totals(rows[-1])):
            raise _LimitPassed

    def _still_accepted(self, rows: Sequence[Rows], *, looks_closely: bool) -> list[Answer]:
        """Return the answers by what the database says now; limits only where it must be."""
        at = len(rows) - len(self._guarded.questions)
        *may_send, about_numbers = rows[:at]
        check_may_send_answered(may_send[-1], *self._owner)
        answers = list(self._checked)
        now = fresh.answer(about_numbers, *self._owner, self._numbers)
        _refuse_numbers(answers, now.suppressed, Refused(RowCode.SUPPRESSED))
        _refuse_numbers(answers, now.erased, Refused(RefusalCode.NUMBER_ERASED))
        segments = sum(one.content.segments for one in answers if isinstance(one, Checked))
        if looks_closely or self._day_limits.may_be_short(segments, now.taken):
            _refuse(answers, self._number_limits.refuse)
            _refuse(answers, lambda left: self._day_limits.refuse([*map(_part, left)]))
        self._guarded.refuse(answers, rows[at:])
        return answers

    def _answers(self, answers: Sequence[Answer], ids: Sequence[int] = ()) -> list[Answers]:
        """Return what each request is answered."""
        numbers, left = iter(ids), iter(answers)
        return [
            [
                one.accepted(next(numbers, 0), request.currency)
                if isinstance(one, Checked)
                else one
                for one in islice(left, len(request.answers))
            ]
            for request in self._requests
        ]


def _accept_all(requests: Sequence[_Request]) -> list[Answers]:
    return _Attempt(requests).accept()


_together: Together[_Request, Answers] = Together(_accept_all)


def _part(message: Checked) -> Part:
    return Part(message.country, message.content.segments)


def _refuse_numbers(answers: list[Answer], numbers: Collection[str], why: Refused) -> None:
    """Refuse messages to some numbers."""
    if not numbers:
        return
    for place, one in enumerate(answers):
        if isinstance(one, Checked) and one.msisdn in numbers:
            answers[place] = one.refused(why)


def _refuse(
    answers: list[Answer], look: Callable[[Sequence[Checked]], Mapping[int, Refused]]
) -> None:
    """Refuse what a look at all that are left finds, by their places among these."""
    left = [(place, one) for place, one in enumerate(answers) if isinstance(one, Checked)]
    for nth, why in look([one for _place, one in left]).items():
        place, one = left[nth]
        answers[place] = one.refused(why)
