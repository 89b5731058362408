"""Programs that send, in several languages, with the reader's own ids filled in."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from sending.developers.endpoint import Endpoint

# (name of the file, what people call the language)
LANGUAGES = (
    ("send.py", "Python"),
    ("send.mjs", "Node.js"),
    ("send.go", "Go"),
    ("Send.java", "Java"),
    ("send.php", "PHP"),
    ("send.sh", "curl"),
)


@dataclass(frozen=True, slots=True)
class ExampleValues:
    """What the examples send, and where."""

    endpoint: Endpoint
    sdk_app_id: str
    template_id: str
    number: str
    values: Sequence[str] = ()
    signature: str = ""

    @property
    def body(self) -> str:
        """Return the JSON of the request."""
        asked: dict[str, Any] = {
            "SmsSdkAppId": self.sdk_app_id,
            "TemplateId": self.template_id,
            "PhoneNumberSet": [self.number],
            "TemplateParamSet": list(self.values),
        }
        if self.signature:
            asked["SignName"] = self.signature
        return json.dumps(asked, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Example:
    """One program."""

    file: str
    language: str
    source: str

    @property
    def slug(self) -> str:
        """Return the part of an address that leads to it."""
        return self.language.lower().partition(".")[0].replace("#", "sharp")


def environment_of(secret_id: str) -> str:
    """Return what a shell sets for all of them; the secret of a key is known to its owner only."""
    return f"export SMS_SECRET_ID={secret_id or 'AKID…'}\nexport SMS_SECRET_KEY=…\n"


def examples_of(given: ExampleValues) -> list[Example]:
    """Return the program in every language."""
    context = {
        "scheme": given.endpoint.scheme,
        "host": given.endpoint.host,
        "sdk_app_id": given.sdk_app_id,
        "template_id": given.template_id,
        "number": given.number,
        "values": list(given.values),
        "signature": given.signature,
        "body": given.body,
    }
    return programs("", LANGUAGES, context)


def programs(
    folder: str, languages: Iterable[tuple[str, str]], context: Mapping[str, Any]
) -> list[Example]:
    """Return the programs of a folder of examples (`twilio/`), each a file and its language."""
    return [
        Example(file, language, _source(f"{folder}{file}", context)) for file, language in languages
    ]


def _source(path: str, context: Mapping[str, Any]) -> str:
    text = render_to_string(f"sending/developers/examples/{path}.txt", dict(context))
    return text.strip() + "\n"
