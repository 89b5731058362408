"""A code goes to a number: a new verification, or the same code again within its life."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import shared_time
from sending.acceptance.messages import Answers, accept_messages
from sending.acceptance.refusals import Refused
from sending.acceptance.request import AcceptedMessage, Door, RefusedMessage, WantedMessage
from sending.models import Verification, VerificationAttempt, VerificationState, VerifyService
from sending.models.number_digest import number_digest
from sending.models.verification import prefix_of
from sending.sms import msisdn
from sending.verify import codes, rate_limits
from sending.verify.codes import Code
from sending.verify.refusals import VerifyCode, VerifyRefused, refused_message
from sending.verify.secret_keys import secret_keys
from sending.verify.texts import Texts

LIFE = timedelta(minutes=10)
MOST_SENDS = 5
# Others who begin for the same number at the same moment are few.
_TRIES = 5


class _Overtaken(Exception):
    """Somebody else changed the verification meanwhile: what was decided holds no more."""


KeepId = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a program asks for; all but the number may be empty.

    `rate_limits` are values by the names of rate limits of the service.
    """

    number: str
    locale: str = ""
    custom_code: str = ""
    text_template_id: int = 0
    client_ip: str = ""
    # The program had its user prove to be a person, after a challenge of the guard.
    has_proved: bool = False
    rate_limits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Started:
    """A verification that waits for its code, and every code that was sent for it."""

    verification: Verification
    attempts: Sequence[VerificationAttempt]

    @property
    def message_id(self) -> int:
        """Return the message that was just accepted."""
        return self.attempts[-1].message_id


def start(service: VerifyService, wish: Wish, door: Door, keep: KeepId | None = None) -> Started:
    """Send a code; enqueue `tasks.submit` afterwards. Raise VerifyRefused or MayNotSend.

    Message, verification and attempt are on disk together, or not at all. While a verification of
    the number waits, its code is sent again, at most MOST_SENDS times in all. `keep` is given the
    id of the message in the transaction that accepts it.
    """
    _refuse_custom_code(service, wish)
    to = _number(wish.number)
    for _try in range(_TRIES):
        try:
            return _Start(service, wish, door, to, keep).go()
        except _Overtaken:
            continue
    raise VerifyRefused(VerifyCode.AT_THE_SAME_MOMENT, retry_after=1)


def _refuse_custom_code(service: VerifyService, wish: Wish) -> None:
    if service.deleted_at:
        raise VerifyRefused(VerifyCode.SERVICE_DELETED)
    if not wish.custom_code:
        return
    if not service.custom_code_enabled:
        raise VerifyRefused(VerifyCode.CUSTOM_CODE_NOT_ALLOWED)
    if not codes.CUSTOM_CODE.fullmatch(wish.custom_code):
        raise VerifyRefused(VerifyCode.CUSTOM_CODE_INVALID)


def _number(written: str) -> msisdn.Msisdn:
    """Read a number in E.164, with its plus: no other can be meant by two programs alike."""
    if not written.startswith("+"):
        raise refused_message(Refused(msisdn.MSISDN_INVALID).message())
    try:
        return msisdn.parse(written)
    except msisdn.MsisdnError as error:
        raise refused_message(Refused(error.code).message()) from None


def _seconds_until(moment: datetime, now: datetime) -> int:
    return max(1, math.ceil((moment - now).total_seconds()))


class _Start:
    """One try."""

    def __init__(
        self,
        service: VerifyService,
        wish: Wish,
        door: Door,
        to: msisdn.Msisdn,
        keep: KeepId | None,
    ) -> None:
        self._service = service
        self._wish = wish
        self._door = door
        self._keep = keep
        self._to = to
        self._now = shared_time.now()
        self._found = self._waiting()
        self._code = self._code_to_send()
        self._expires_at = self._found.expires_at if self._found else self._now + LIFE
        # Read before the commit: nothing may fail after it.
        self._earlier = list(self._found.attempts.order_by("pk")) if self._found else []
        self._started: Started | None = None

    def go(self) -> Started:
        text = Texts(self._service).chosen(self._wish.locale, self._wish.text_template_id)
        left = _seconds_until(self._expires_at, self._now)
        signature = self._service.signature
        approved = signature.approved if signature else None
        wanted = WantedMessage(
            number=self._to.e164,
            text_template_id=text.text_template_id,
            values=text.values(self._code.digits, max(1, left // 60)),
            signature=approved.content if approved else "",
            valid_until=self._expires_at,
            client_ip=self._wish.client_ip,
            has_proved=self._wish.has_proved,
            code_digits=codes.MOST_DIGITS,
        )
        (answer,) = accept_messages(self._door, [wanted], before_commit=self._write)
        if isinstance(answer, RefusedMessage):
            raise refused_message(answer)
        assert self._started is not None
        return self._started

    def _waiting(self) -> Verification | None:
        """Return the verification that waits for its code; raise VerifyRefused if it is used up."""
        of_number = Verification.objects.of_number(self._to.e164, self._service.organization_id)
        own = of_number.filter(service=self._service, expires_at__gt=self._now).order_by("-pk")
        blocked = own.filter(state=VerificationState.MAX_ATTEMPTS_REACHED.value).first()
        if blocked:
            left = _seconds_until(blocked.expires_at, self._now)
            raise VerifyRefused(VerifyCode.MAX_CHECKS, retry_after=left)
        found: Verification | None = own.filter(state=VerificationState.PENDING.value).first()
        if found and found.sends >= MOST_SENDS:
            left = _seconds_until(found.expires_at, self._now)
            raise VerifyRefused(VerifyCode.MAX_SENDS, retry_after=left)
        return found

    def _code_to_send(self) -> Code:
        keys, length = secret_keys(), self._service.code_length
        if self._wish.custom_code:
            return codes.custom_code(keys, self._wish.custom_code)
        found = self._found
        same = codes.same_code(keys, length, found.salt, found.code_hash) if found else None
        return same or codes.new_code(keys, length)

    def _write(self, answers: Answers) -> None:
        """Write down what holds exactly if the message is accepted."""
        (answer,) = answers
        if not isinstance(answer, AcceptedMessage):
            return
        rate_limits.take(self._service, self._wish.rate_limits, self._now)
        verification = self._sent_again() if self._found else self._begun(answer)
        attempt = VerificationAttempt.objects.create(
            organization_id=self._service.organization_id,
            application_id=self._service.application_id,
            service=self._service,
            verification=verification,
            message_id=answer.message_id,
            country=answer.country,
            prefix=prefix_of(answer.msisdn),
            cost_micro=answer.cost_micro,
            currency=answer.currency,
            at=self._now,
        )
        if self._keep is not None:
            self._keep(answer.message_id)
        self._started = Started(verification, [*self._earlier, attempt])

    def _sent_again(self) -> Verification:
        assert self._found is not None
        own = Verification.objects.open_at(self._now).filter(pk=self._found.pk)
        unchanged = own.filter(code_hash=self._found.code_hash, sends__lt=MOST_SENDS)
        if not unchanged.update(
            sends=F("sends") + 1,
            salt=self._code.salt,
            code_hash=self._code.code_hash,
            has_custom_code=self._code.is_custom,
            updated_at=self._now,
        ):
            raise _Overtaken
        found: Verification = own.get()
        return found

    def _begun(self, answer: AcceptedMessage) -> Verification:
        organization_id = self._service.organization_id
        of_number = Verification.objects.of_number(self._to.e164, organization_id)
        old = of_number.filter(service=self._service, expires_at__lte=self._now)
        old.step(VerificationState.EXPIRED, updated_at=self._now)
        try:
            with transaction.atomic():
                made: Verification = Verification.objects.create(
                    organization_id=organization_id,
                    application_id=self._service.application_id,
                    service=self._service,
                    msisdn=self._to.e164,
                    number_digest=number_digest(self._to.e164, organization_id),
                    country=answer.country,
                    prefix=prefix_of(self._to.e164),
                    salt=self._code.salt,
                    code_hash=self._code.code_hash,
                    has_custom_code=self._code.is_custom,
                    sends=1,
                    created_at=self._now,
                    updated_at=self._now,
                    expires_at=self._expires_at,
                )
        except IntegrityError:
            raise _Overtaken from None
        return made
