"""How a handset would show a text that has not been sent yet."""

from collections.abc import Sequence

from sending.sms import preview as handset
from templates_app import wording
from templates_app.lint import BODY_LIMIT, SIGNATURE_MAX


def preview(
    body: str, samples: Sequence[str] = (), signature: str | None = None
) -> handset.Preview:
    """Return the message that a body makes with sample values, and a signature's text if any.

    A variable without a sample stays as it is written.

    What is longer than it may be is shown up to there; lint says so.
    """
    signature = signature and signature[:SIGNATURE_MAX]
    parsed = wording.parse(body[:BODY_LIMIT])
    values = wording.with_placeholders(samples, parsed.variables)
    return handset.preview(parsed.spans(values, signature))
