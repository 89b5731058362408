"""The other doors of `chaos`: clients over SMPP and on Twilio's API, beside tasks and SendSms."""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import _sending
from benchmarks._door_log import events
from benchmarks._faults import Fault
from benchmarks._patient_smpp import LONG_EVERY, SEGMENTS
from benchmarks._programs import StartedProgram
from benchmarks._services import free_port

if TYPE_CHECKING:
    from accounts.models import Member, SmsApplication

# Of all messages, one in so many goes over SMPP, and one in so many by Twilio's API.
_SMPP_SHARE, _TWILIO_SHARE = 4, 8
CODES = 8
# Faults that may take an answer from a client of the SMPP server.
_BUSY = {"kill smpp", "postgresql restarted", "pgbouncer restarted"}
# Numbers of codes are far from each other, as those of strangers are.
_STRIDE = 7_919
PLAIN = "Harbourline stores close early on Saturday and open again on Monday at 09:00."
LONG = "Harbourline stores close early on Saturday and open again on Monday at 09:00. " * 5
CODE_TEXT = "Your Harbourline code is {1} (valid for {2} minutes)."


class DoorNumbers(NamedTuple):
    """Who is sent what through which door."""

    smpp: list[str]
    twilio: list[str]
    codes: list[str]

    @classmethod
    def beside(cls, messages: int) -> "DoorNumbers":
        """Return numbers that so many messages of tasks and SendSms do not use; none for 0."""
        over_smpp, by_twilio = messages // _SMPP_SHARE, messages // _TWILIO_SHARE
        at = messages + over_smpp
        return cls(
            [_sending.number(index) for index in range(messages, at)],
            [_sending.number(index) for index in range(at, at + by_twilio)],
            [
                _sending.number(at + by_twilio + (nth + 1) * _STRIDE)
                for nth in range(CODES if messages else 0)
            ],
        )

    @property
    def every(self) -> frozenset[str]:
        """Return all of them."""
        return frozenset([*self.smpp, *self.twilio, *self.codes])

    @property
    def segments(self) -> int:
        """Return how many segments they are sent."""
        more = (SEGMENTS - 1) * -(-len(self.smpp) // LONG_EVERY)
        return len(self.every) + more


class Doors:
    """An application with an SMPP account, an auth token and a Verify service; and its clients.

    Without numbers there is nothing of all this.
    """

    def __init__(self, member: "Member", folder: Path, numbers: DoorNumbers) -> None:
        self.numbers = numbers
        self.smpp_log, self.twilio_log = folder / "smpp.jsonl", folder / "twilio.jsonl"
        self._folder = folder
        self._application = _application(member) if numbers.every else None
        self._smpp_port = free_port()
        # The server is started as the supervisor would, which tells it by its environment.
        os.environ["SMPP_SERVER_PORT"] = str(self._smpp_port)
        self._clients: list[StartedProgram] = []

    def start(self, port: int, seconds: float, faults: Sequence[Fault]) -> None:
        """Let both clients begin, for so long; the web process listens at `port`."""
        application = self._application
        if application is None:
            return
        self._start(
            "_patient_smpp",
            _smpp_wish(application)
            | {
                "port": self._smpp_port,
                "numbers": self.numbers.smpp,
                "seconds": seconds,
                "began": time.time(),
                "busy": [fault.at for fault in faults if fault.kind in _BUSY],
                "log": str(self.smpp_log),
            },
        )
        self._start(
            "_patient_twilio",
            _twilio_wish(application)
            | {
                "port": port,
                "numbers": self.numbers.twilio,
                "codes": self.numbers.codes,
                "seconds": seconds,
                "log": str(self.twilio_log),
            },
        )

    def kill(self) -> None:
        """End both."""
        for client in self._clients:
            client.kill()

    def what_moves(self) -> list[str]:
        """Return which programs are not done, and whether segments or receipts wait."""
        from sending.models import SmppPart, SmppReceipt

        if self._application is None:
            return []
        logs = {"SMPP client": self.smpp_log, "program of Twilio's SDK": self.twilio_log}
        moving = {
            **{name: all(one.what != "done" for one in events(log)) for name, log in logs.items()},
            "segments without their text": SmppPart.objects.waiting().exists(),
            "receipts of the SMPP client": SmppReceipt.objects.waiting().exists(),
        }
        return [name for name, moves in moving.items() if moves]

    def _start(self, name: str, wish: dict[str, Any]) -> None:
        line = [sys.executable, "-m", f"benchmarks.{name}", json.dumps(wish)]
        self._clients.append(StartedProgram(name, line, os.environ, self._folder))


def _application(member: "Member") -> "SmsApplication":
    """Return an application that may send the texts, even again to the same number."""
    from accounts.models import ApplicationCountry
    from accounts.tests.factories import make_application
    from templates_app.models import SmsType
    from templates_app.tests.factories import approved_template

    organization = member.organization
    application = make_application(
        organization,
        daily_segment_limit=40_000_000,
        number_hourly_limit=50,
        number_daily_limit=100,
        # What is sent twice by us must be seen, and not be refused.
        repeat_seconds=0,
    )
    ApplicationCountry.objects.create(
        application=application, country="GB", daily_segment_limit=30_000_000
    )
    for body in (PLAIN, LONG.strip()):
        approved_template(organization, body=body, sms_type=SmsType.NOTIFICATION)
    approved_template(organization, body=CODE_TEXT, sms_type=SmsType.OTP)
    return application


def _smpp_wish(application: "SmsApplication") -> dict[str, Any]:
    from sending.tests.smpp_factories import SMPP_PASSWORD, make_smpp_account

    # Binds of a server that was killed count until they were not shown for a while.
    account = make_smpp_account(
        application, rate=1_000, window=20, most_binds=40, most_transmitters=40
    )
    return {
        "system_id": account.system_id,
        "password": SMPP_PASSWORD,
        "text": PLAIN,
        "long_text": LONG.strip(),
    }


def _twilio_wish(application: "SmsApplication") -> dict[str, Any]:
    from accounts.sids import sid_of
    from sending.tests.api.twilio.program import make_auth_token
    from sending.verify import service_settings

    key = make_auth_token(application)
    service = service_settings.create(
        application=application, friendly_name="Harbourline", custom_code_enabled=True
    )
    return {
        "account": application.account_sid,
        "token": key.secret_key,
        "sender": application.service_sid,
        "service": sid_of("VA", service.pk),
        "text": PLAIN,
    }
