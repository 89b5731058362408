"""A program on the official Twilio SDK for Python: a call a line in, what it makes of it out.

Run on its own, so that either version can be the one on its path. Only `base_url` is changed.
"""

import json
import sys
from datetime import datetime
from typing import Any

from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client


def client_of(wish: dict[str, Any]) -> Client:
    """Return a client of the account whose API is ours."""
    client = Client(wish["user"], wish["password"], wish["account"])
    client.api.base_url = wish["base"]
    return client


def shown(value: Any) -> Any:
    """Return a value as JSON has it; moments in UTC."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, dict, type(None))) else str(value)


_FIELDS = (
    *("sid", "account_sid", "body", "to", "from_", "status", "direction", "num_segments"),
    *("num_media", "price", "price_unit", "error_code", "error_message", "uri"),
    *("date_created", "date_sent", "date_updated", "messaging_service_sid"),
)


def message(found: Any) -> dict[str, Any]:
    """Return what the SDK read of a message."""
    return {name: shown(getattr(found, name)) for name in _FIELDS}


def moments(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with moments instead of texts, as scripts have them."""
    return {
        name: datetime.fromisoformat(value)
        if name == "send_at" or name.startswith("date_sent")
        else value
        for name, value in arguments.items()
    }


def account(client: Client, wish: dict[str, Any], _arguments: dict[str, Any]) -> Any:
    """Fetch the account."""
    found = client.api.accounts(wish["account"]).fetch()
    return {"sid": found.sid, "status": found.status, "type": found.type}


def balance(client: Client, _wish: dict[str, Any], _arguments: dict[str, Any]) -> Any:
    """Fetch the balance."""
    found = client.balance.fetch()
    return {"balance": found.balance, "currency": found.currency}


CALLS = {
    "account": account,
    "balance": balance,
    "create": lambda client, _wish, given: message(client.messages.create(**given)),
    "list": lambda client, _wish, given: [one.sid for one in client.messages.list(**given)],
    "fetch": lambda client, wish, _given: message(client.messages(wish["sid"]).fetch()),
    "update": lambda client, wish, given: message(client.messages(wish["sid"]).update(**given)),
    "delete": lambda client, wish, _given: client.messages(wish["sid"]).delete(),
    "feedback": lambda client, wish, given: (
        client.messages(wish["sid"]).feedback.create(**given).outcome
    ),
    "media": lambda client, wish, _given: len(client.messages(wish["sid"]).media.list()),
}


def asked(wish: dict[str, Any]) -> Any:
    """Do what is wished, as a script would."""
    if wish["call"] == "valid":
        validator = RequestValidator(wish["token"])
        return validator.validate(wish["url"], wish["form"], wish["signature"])
    return CALLS[wish["call"]](client_of(wish), wish, moments(wish["arguments"]))


def answered(wish: dict[str, Any]) -> Any:
    """Return the result, or what was raised."""
    try:
        return {"result": asked(wish)}
    except TwilioRestException as error:
        return {
            "raised": type(error).__name__,
            "code": error.code,
            "status": error.status,
            "message": error.msg,
        }
    except Exception as error:  # noqa: BLE001 - the test says which one it expects.
        return {"raised": type(error).__name__, "code": None, "message": str(error)}


for line in sys.stdin:
    sys.stdout.write(json.dumps(answered(json.loads(line))) + "\n")
    sys.stdout.flush()
