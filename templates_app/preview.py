"""What a handset would show of a wording that nobody has sent yet."""

from collections.abc import Sequence

from sending.sms import preview as handset
from templates_app import wording
from templates_app.lint import BODY_LIMIT, SIGNATURE_MAX

# Counted for a variable without a sample; the checks count the same.
SAMPLE = "123456"


def preview(
    body: str, samples: Sequence[str] = (), signature: str | None = None
) -> handset.Preview:
    """Return the message that a body makes with sample values, and a signature's text if any.

    What is longer than it may be is shown up to there; lint says so.
    """
    signature = signature and signature[:SIGNATURE_MAX]
    parsed = wording.parse(body[:BODY_LIMIT])
    given = [*samples[: parsed.variables], *[""] * (parsed.variables - len(samples))]
    return handset.preview(parsed.spans([value or SAMPLE for value in given], signature))
