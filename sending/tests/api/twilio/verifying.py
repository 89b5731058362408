"""A program that asks Verify, and the codes that went out."""

from typing import Any

from accounts.models import SmsApplication
from sending.tests.factories import CODE_BODY, a_number
from sending.tests.verify.asking import sent_codes, wrong
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

NUMBER = a_number(0)
__all__ = ["NUMBER", "Verifier", "sent_codes", "wrong"]


class Verifier:
    """A program with a Verify service and a text for its codes."""

    def __init__(self, program: Any, **fields: Any) -> None:
        self.program = program
        application = program.application
        SmsApplication.objects.filter(pk=application.pk).update(repeat_seconds=0)
        self.text = approved_template(application.organization, CODE_BODY, SmsType.OTP)
        given = {"FriendlyName": "Harbourline", **fields}
        self.service = program.ask("POST", "/v2/Services", given)
        self.path = f"/v2/Services/{self.service['sid']}"

    def begin(self, to: str = NUMBER, **fields: Any) -> Any:
        given = {"To": to, "Channel": "sms"} | fields
        return self.program.ask("POST", f"{self.path}/Verifications", given)

    def refused(self, **fields: Any) -> tuple[int, int]:
        given = {"To": NUMBER, "Channel": "sms"} | fields
        given = {name: value for name, value in given.items() if value is not None}
        return self.program.refused("POST", f"{self.path}/Verifications", given)

    def check(self, code: str, **fields: Any) -> Any:
        given = {"Code": code, "To": NUMBER} | fields
        given = {name: value for name, value in given.items() if value is not None}
        return self.program.ask("POST", f"{self.path}/VerificationCheck", given)
