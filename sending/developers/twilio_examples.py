"""Programs on the SDKs of Twilio that send, with the reader's own SIDs filled in."""

import json
from collections.abc import Sequence

from sending.developers.endpoint import Endpoint
from sending.developers.examples import Example, programs

# (name of the file, what people call the language)
_LANGUAGES = (
    ("send.py", "Python"),
    ("send.mjs", "Node.js"),
    ("Send.java", "Java"),
    ("Send.cs", "C#"),
    ("send.php", "PHP"),
    ("send.go", "Go"),
    ("send.rb", "Ruby"),
)


def twilio_environment(account_sid: str) -> str:
    """Return what a shell sets for all of them; only its owner knows the token."""
    return (
        f"export TWILIO_ACCOUNT_SID={account_sid}\n"
        "export TWILIO_AUTH_TOKEN=…\n"
        "unset TWILIO_REGION TWILIO_EDGE\n"
    )


def twilio_examples(
    endpoint: Endpoint, *, service_sid: str, content_sid: str, number: str, values: Sequence[str]
) -> list[Example]:
    """Return the program in every language; `values` are those of the variables."""
    numbered = {str(place): value for place, value in enumerate(values, 1)}
    context = {
        "base": f"{endpoint.scheme}://{endpoint.host}",
        "scheme": endpoint.scheme,
        "host": endpoint.host,
        "service_sid": service_sid,
        "content_sid": content_sid,
        "number": number,
        "variables": json.dumps(numbered, ensure_ascii=False),
    }
    return programs("twilio/", _LANGUAGES, context)
