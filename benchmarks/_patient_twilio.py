"""A program on Twilio's API that never gives up: messages, and codes of Verify.

    python -m benchmarks._patient_twilio JSON

Each request has a key of its own and is repeated with it after 5xx, 409, 429 or no answer. Every
second message is asked for again when it is answered: the answer must name the same message.
"""

import base64
import http.client
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

from benchmarks._door_log import PATIENT_PAUSE, DoorLog

ANSWER_SECONDS = 10.0
_THREADS = 8
_AGAIN = {409, 429, 500, 502, 503, 504}
_LOST = (OSError, http.client.HTTPException, ValueError)
CODE, WRONG_CODE = "482913", "482914"


@dataclass
class TwilioWish:
    """What to send, spread over `seconds`: a text to each number, a code to each of `codes`."""

    port: int
    account: str
    token: str
    sender: str
    service: str
    text: str
    numbers: list[str]
    codes: list[str]
    seconds: float
    log: str


class HeardByTwilio(NamedTuple):
    """What was answered; `unsure` when an answer before it was lost."""

    status: int
    body: dict[str, Any]
    unsure: bool


class PatientTwilio:
    """Sends all that it is told to."""

    def __init__(self, wish: TwilioWish) -> None:
        self._wish = wish
        self._log = DoorLog(wish.log)
        named = f"{wish.account}:{wish.token}".encode()
        self._basic = f"Basic {base64.b64encode(named).decode()}"
        self._began = time.monotonic()

    def run(self) -> None:
        """Send, and return when everything is answered."""
        wish = self._wish
        with ThreadPoolExecutor(_THREADS) as threads, ThreadPoolExecutor(2) as verifying:
            asked = [
                *(threads.submit(self._message, nth, to) for nth, to in enumerate(wish.numbers)),
                *(verifying.submit(self._verify, nth, to) for nth, to in enumerate(wish.codes)),
            ]
        for each in asked:
            each.result()
        self._log.note("done")

    def _wait(self, nth: int, count: int) -> None:
        left = self._began + self._wish.seconds * nth / count - time.monotonic()
        time.sleep(max(0.0, left))

    def _message(self, nth: int, number: str) -> None:
        self._wait(nth, len(self._wish.numbers))
        path = f"/2010-04-01/Accounts/{self._wish.account}/Messages.json"
        wish = self._wish
        fields = {"To": number, "MessagingServiceSid": wish.sender, "Body": wish.text}
        # Both names of the header, in turn.
        header = "I-Twilio-Idempotency-Token" if nth % 3 else "Idempotency-Key"
        for _time in range(1 + nth % 2):
            answer = self._insist(path, fields, {header: f"message {number}"}, number)
            said = answer.body.get("sid", answer.status)
            self._log.note("ok" if answer.status == 201 else "refused", number, "message", said)

    def _verify(self, nth: int, number: str) -> None:
        """Start, check a wrong code, check the right one."""
        self._wait(nth, len(self._wish.codes))
        path = f"/v2/Services/{self._wish.service}"
        fields = {"To": number, "Channel": "sms", "CustomCode": CODE}
        key = {"Idempotency-Key": f"code {number}"}
        started = self._insist(f"{path}/Verifications", fields, key, number)
        if started.status != 201:
            self._log.note("refused", number, "start", json.dumps(started.body))
            return
        self._log.note("ok", number, "start", started.body["sid"])
        for code, wanted in ((WRONG_CODE, "pending"), (CODE, "approved")):
            asked = {"To": number, "Code": code}
            key = {"Idempotency-Key": f"check {code} {number}"}
            answer = self._insist(f"{path}/VerificationCheck", asked, key, number)
            status = answer.body.get("status", answer.status)
            # It is gone when it is approved, as a check whose answer was lost has done.
            is_over = answer.status == 404 and answer.unsure and wanted == "approved"
            what = "ok" if status == wanted or is_over else "refused"
            self._log.note(what, number, wanted, status)

    def _insist(
        self, path: str, fields: dict[str, str], headers: dict[str, str], number: str
    ) -> HeardByTwilio:
        """Ask until there is an answer that is not to be repeated."""
        unsure = False
        while True:
            try:
                status, body = self._ask(path, fields, headers)
            except _LOST as error:
                unsure = True
                self._log.note("none", number, path.rpartition("/")[2], type(error).__name__)
            else:
                if status not in _AGAIN:
                    return HeardByTwilio(status, body, unsure)
                unsure = unsure or status >= 500
                self._log.note("failed", number, path.rpartition("/")[2], status)
            time.sleep(PATIENT_PAUSE)

    def _ask(
        self, path: str, fields: dict[str, str], headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._wish.port}{path}",
            urllib.parse.urlencode(fields).encode(),
            {"Authorization": self._basic, **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"{}")


if __name__ == "__main__":
    PatientTwilio(TwilioWish(**json.loads(sys.argv[1]))).run()
