"""What proves a callback: X-Twilio-Signature, by the auth token of the account. No framework."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

HEADER = "X-Twilio-Signature"


def signed_url(url: str) -> str:
    """Return a URL as it is called and signed: without a fragment, and never without a path.

    One SDK adds the missing slash before it checks, and another does not.
    """
    address = url.partition("#")[0]
    scheme, _colon, rest = address.partition("://")
    host, question, query = rest.partition("?")
    return f"{scheme}://{host if '/' in host else host + '/'}{question}{query}"


def signature(token: str, url: str, fields: Mapping[str, str]) -> str:
    """Return the signature of a form that is posted to a URL: HMAC-SHA1 in base64.

    What is signed is the URL and each field in the order of names, name and value, without anything
    between them.
    """
    said = url + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
