"""What a door asks of acceptance, and what it is answered, number by number."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sending.lifecycle import DoorName
from templates_app.lint.values import OTP_CODE_DIGITS


@dataclass(frozen=True, slots=True)
class Door:
    """Who asks: ids of rows that the door has already proved, and the RequestId of its answer.

    `api_key_id` is that of the credential: an API key, or at the door for SMPP its account.
    """

    organization_id: int
    application_id: int
    api_key_id: int
    request_id: str
    name: DoorName = DoorName.CONSOLE


@dataclass(frozen=True, slots=True)
class WantedMessage:
    """One text to one number, in the words of the program.

    `number` is as it was written; `signature` is the content of an approved signature, or empty;
    `values` are those of the variables; `originator` and `session_context` may be empty. It is sent
    from `due_at` (now) until `valid_until` (as its lane and its text say). `client_ip` is that of
    the person who asked the program for it, where the program tells. `code_digits` is how long the
    code of a one-time password may be.

    `text` is the whole text, with or without its signature, of programs that give no values. It
    was made of the text template they name; where `text_template_id` is 0, it is looked for.
    """

    number: str
    text_template_id: int
    values: tuple[str, ...] = ()
    signature: str = ""
    originator: str = ""
    session_context: str = ""
    due_at: datetime | None = None
    valid_until: datetime | None = None
    client_ip: str = ""
    code_digits: int = OTP_CODE_DIGITS
    text: str = ""
    # The program asked the person to prove to be one, after GUARD_CHALLENGE.
    has_proved: bool = False


@dataclass(frozen=True, slots=True)
class AcceptedMessage:
    """It will be sent; of a dry run, it would be. `message_id` is 0 in a dry run."""

    message_id: int
    msisdn: str
    country: str
    segments: int
    cost_micro: int
    currency: str
    # An SMPP data_coding: 0 for GSM 7-bit, 8 for UCS-2.
    data_coding: int
    lane: str


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """It will not be sent. `code` is stable at every door; `sentence` says what to do.

    `msisdn` and `country` are empty where the number cannot be read. Of the guard, `rule` is which
    one (F1 to F11), and `retry_after` the seconds after which it may pass; 0 where no time helps.
    """

    code: str
    sentence: str
    msisdn: str = ""
    country: str = ""
    rule: str = ""
    retry_after: int = 0


class RefusalCode(StrEnum):
    """Refusals that only acceptance knows.

    Others keep the codes of the rules that find them: MSISDN_… (sms.msisdn), VALUE_… (lint_values),
    VARIABLE_MISSING, MESSAGE_TOO_LONG, NO_PRICE, NO_ROUTE, SUPPRESSED, COUNTRY_NOT_ALLOWED and
    COUNTRY_CODE_UNCLEAR (spreadsheets.problems), ORIGINATOR_… (sms.originator). Whether the
    organization and application may send at all is a MayNotSend; so is LIMITS_CONTENDED, after
    which a program tries again.
    """

    TEMPLATE_UNKNOWN = "TEMPLATE_UNKNOWN"
    TEMPLATE_NOT_APPROVED = "TEMPLATE_NOT_APPROVED"
    # No approved text template makes this whole text.
    TEXT_UNMATCHED = "TEXT_UNMATCHED"
    # Of free text, which no reviewer has seen.
    TEXT_CHARACTER = "TEXT_CHARACTER"
    TEXT_LINK = "TEXT_LINK"
    SIGNATURE_UNKNOWN = "SIGNATURE_UNKNOWN"
    SIGNATURE_NOT_APPROVED = "SIGNATURE_NOT_APPROVED"
    ORIGINATOR_NOT_APPROVED = "ORIGINATOR_NOT_APPROVED"
    VALUE_COUNT = "VALUE_COUNT"
    NUMBER_ERASED = "NUMBER_ERASED"
    # The same text to the same number, twice in one request.
    REPEATED_IN_REQUEST = "REPEATED_IN_REQUEST"
    DAILY_LIMIT = "DAILY_LIMIT"
    APPLICATION_DAILY_LIMIT = "APPLICATION_DAILY_LIMIT"
    APPLICATION_COUNTRY = "APPLICATION_COUNTRY"
    APPLICATION_COUNTRY_DAILY_LIMIT = "APPLICATION_COUNTRY_DAILY_LIMIT"
    REPEATED_TEXT = "REPEATED_TEXT"
    NUMBER_HOURLY_LIMIT = "NUMBER_HOURLY_LIMIT"
    NUMBER_DAILY_LIMIT = "NUMBER_DAILY_LIMIT"
    # Of one-time passwords: refused, or only after the person proved to be one.
    GUARD_BLOCKED = "GUARD_BLOCKED"
    GUARD_CHALLENGE = "GUARD_CHALLENGE"
