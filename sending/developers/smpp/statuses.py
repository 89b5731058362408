"""Every command_status that clients are answered: what it means to them, and what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sending.smpp import command_status
from sending.smpp_server.statuses import Vendor, shown


@dataclass(frozen=True, slots=True)
class AnsweredStatus:
    """One command_status. `is_retryable` says whether the same PDU can be accepted later."""

    value: int
    meaning: Promise
    to_do: Promise
    is_retryable: bool = False

    @property
    def hex(self) -> str:
        """Return the value as logs of clients show it."""
        return f"0x{self.value:02X}"

    @property
    def name(self) -> str:
        """Return the name: of SMPP 3.4, or ours."""
        return name_of(self.value)

    @property
    def plain(self) -> str:
        """Return what clients get that know standard statuses only; empty where it is the same."""
        value = shown(self.value, plain=True)
        return "" if value == self.value else f"0x{value:02X}"


_FIX_THE_CLIENT = _("Correct the client: it would be refused again.")
STATUSES: tuple[AnsweredStatus, ...] = (
    AnsweredStatus(
        0x00,
        _("Accepted and stored. A receipt tells what becomes of it."),
        _("Keep the message_id: the receipt has the same."),
    ),
    AnsweredStatus(
        0x01,
        _("The text is too long, or a field reaches beyond the PDU."),
        _("Send a shorter text, or cut it into segments correctly."),
    ),
    AnsweredStatus(
        0x02,
        _("The PDU is longer than 64 KB, or shorter than its header."),
        _FIX_THE_CLIENT,
    ),
    AnsweredStatus(0x03, _("We do not know this command."), _FIX_THE_CLIENT),
    AnsweredStatus(
        0x04,
        _("This bind may not do that: it is not bound yet, or it only receives."),
        _("Bind first. To submit, bind as transmitter or transceiver."),
    ),
    AnsweredStatus(0x05, _("This connection is bound already."), _FIX_THE_CLIENT),
    AnsweredStatus(
        0x08,
        _("We could not do it just now. Nothing was stored."),
        _("Submit it again after some seconds. Tell us if it stays."),
        is_retryable=True,
    ),
    AnsweredStatus(
        0x0A,
        _("The source address is not an approved originator of your organization."),
        _("Request the originator, or set one for the account."),
    ),
    AnsweredStatus(
        0x0B,
        _("The destination is not a mobile number with its country code."),
        _("Send the number in international form, such as 85261234567."),
    ),
    AnsweredStatus(
        0x0C,
        _("We do not know this message_id."),
        _("Use the digits that submit_sm_resp said."),
    ),
    AnsweredStatus(
        0x0D,
        _("The account may not bind from there, without TLS, more often, or at all."),
        _("The page of the account says why."),
    ),
    AnsweredStatus(
        0x0E,
        _("system_id or password is wrong."),
        _("Copy both again. After some failures, wait: the page of the account says how long."),
    ),
    AnsweredStatus(
        0x11,
        _("There is nothing to cancel: it is unknown, or sent already."),
        _("Wait for the receipt."),
    ),
    AnsweredStatus(
        0x13,
        _("There is nothing to replace: it is unknown, or sent already."),
        _("Submit a new message."),
    ),
    AnsweredStatus(
        0x14,
        _("The window is exceeded by far, or the console takes nothing just now."),
        _("Wait for answers, then submit it again."),
        is_retryable=True,
    ),
    AnsweredStatus(0x33, _("submit_multi has no destinations, or more than 254."), _FIX_THE_CLIENT),
    AnsweredStatus(
        0x34,
        _("A destination of submit_multi is a distribution list. We have none."),
        _("Name its numbers."),
    ),
    AnsweredStatus(
        0x40,
        _("A destination of submit_multi is neither a number nor a distribution list."),
        _FIX_THE_CLIENT,
    ),
    AnsweredStatus(
        0x43,
        _("esm_class asks for something that clients may not submit."),
        _FIX_THE_CLIENT,
    ),
    AnsweredStatus(
        0x45,
        _("data_coding and octets do not fit, or a status of ours for clients that know none."),
        _("The page of the account says why."),
    ),
    AnsweredStatus(
        0x58,
        _("More submit_sm a second than the account may."),
        _("Wait a second, then submit it again. Administrators can raise the limit."),
        is_retryable=True,
    ),
    AnsweredStatus(
        0x61,
        _("schedule_delivery_time is no time of SMPP, or too far away."),
        _FIX_THE_CLIENT,
    ),
    AnsweredStatus(0x62, _("validity_period is no time of SMPP, or is over."), _FIX_THE_CLIENT),
    AnsweredStatus(
        0x67,
        _("query_sm names no message of this account."),
        _("Use the message_id and the source address of submit_sm."),
    ),
    AnsweredStatus(0xC0, _("The optional parameters cannot be read."), _FIX_THE_CLIENT),
    AnsweredStatus(
        0xC1,
        _("short_message and message_payload both hold a text."),
        _("Fill one of them."),
    ),
    AnsweredStatus(
        Vendor.LIMIT_REACHED,
        _("A daily limit is used up."),
        _("Submit it tomorrow, or raise the limit of the application."),
    ),
    AnsweredStatus(
        Vendor.TEXT_NOT_APPROVED,
        _("The text is not one of your approved text templates."),
        _("Submit it as a text template, or correct the text."),
    ),
    AnsweredStatus(
        Vendor.RECIPIENT_OPTED_OUT,
        _("The recipient does not want messages of your organization."),
        _("Remove the number from your list."),
    ),
    AnsweredStatus(
        Vendor.COUNTRY_CLOSED,
        _("Your organization or application may not send to this country."),
        _("Allow the country in the settings, or ask the operator."),
    ),
    AnsweredStatus(
        Vendor.HELD_BACK,
        _("Sending is suspended, not active, or stopped by a guard against abuse."),
        _("The page of the account says why."),
    ),
    AnsweredStatus(
        Vendor.NUMBER_LIMIT,
        _("The number has got as many messages, or the same text, as your limits allow."),
        _("Wait, or change the limits of the application."),
    ),
)


def name_of(value: int) -> str:
    """Return the name of any status: of SMPP 3.4, or ours."""
    if value in {vendor.value for vendor in Vendor}:
        return Vendor(value).name
    return command_status.describe(value).name


def meaning_of(value: int) -> str:
    """Return what a status means; empty for one that clients are not answered."""
    return next((str(status.meaning) for status in STATUSES if status.value == value), "")
