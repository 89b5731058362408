"""One request as a program would send it: signed with a key, answered by the door itself.

What the door answers here is what it answers to everybody: the request runs through its code in
this process, without a connection.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts import shared_time
from accounts.models import ApiKey
from sending.api.tencent.in_process import answered
from sending.developers.endpoint import Endpoint
from sending.dialects.tencent.actions import VERSION
from sending.dialects.tencent.signing import SignedRequest, sign

ACTION = "SendSms"
CLIENT = "Try it, SMS Console"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Trial:
    """A request, how it was signed, and the answer; `error` is empty, or the code of a refusal."""

    headers: Sequence[tuple[str, str]]
    body: str
    canonical: str
    to_sign: str
    answer: str
    request_id: str
    error: str
    statuses: Sequence[Mapping[str, Any]]


def send_trial(
    key: ApiKey,
    endpoint: Endpoint,
    parameters: Mapping[str, Any],
    *,
    address: str,
    once: str = "",
) -> Trial:
    """Ask the door from the reader's address, in a dry run or once under the name `once`.

    Whether it is a dry run is signed too: with the signature shown nobody can send in earnest.
    """
    body = json.dumps(parameters, ensure_ascii=False)
    timestamp = int(shared_time.now().timestamp())
    own = {"idempotency-key": once} if once else {"x-dry-run": "true"}
    headers = {
        "content-type": _JSON,
        "host": endpoint.host,
        "x-tc-action": ACTION,
        "x-tc-requestclient": CLIENT,
        "x-tc-timestamp": str(timestamp),
        "x-tc-version": VERSION,
        **own,
    }
    signed = sign(
        secret_id=key.secret_id,
        secret_key=key.secret_key,
        request=SignedRequest("POST", "", headers, body.encode(), timestamp),
        signed_headers=tuple(sorted({"content-type", "host", "x-tc-action", *own})),
    )
    headers["authorization"] = signed.authorization
    content = answered(endpoint.scheme, address, headers, body.encode())
    response = json.loads(content)["Response"]
    return Trial(
        headers=sorted(headers.items()),
        body=body,
        canonical=signed.canonical,
        to_sign=signed.to_sign,
        answer=json.dumps(response, ensure_ascii=False, indent=2),
        request_id=response["RequestId"],
        error=response.get("Error", {}).get("Code", ""),
        statuses=response.get("SendStatusSet") or [],
    )
