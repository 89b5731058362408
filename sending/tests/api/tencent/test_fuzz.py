"""Whatever comes, the answer is an envelope: never a failure of ours, HTML or a trace."""

import json
import os
import string
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sending.dialects.tencent import openapi
from sending.dialects.tencent.actions import ACTIONS, VERSION
from sending.dialects.tencent.error_codes import ERROR_CODES
from sending.tests.factories import PLAIN_BODY
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# The database is emptied after all examples of a test, which do not depend on one another.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
    phases=[Phase.explicit, Phase.generate],
)
BY_DOCUMENT = settings(FUZZ, max_examples=EXAMPLES // 4)
FAILURES = {"InternalError", "ServiceUnavailable"}
HEADER_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=200)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=20), inner),
    max_leaves=20,
)


def check(said: dict[str, Any]) -> str:
    """Return the code of an answer that is as it must be."""
    code = said.get("Error", {}).get("Code", "")
    assert code not in FAILURES
    assert code == "" or code in ERROR_CODES
    assert "Traceback" not in json.dumps(said)
    return code


@FUZZ
@given(header=HEADER_TEXT)
def test_any_authorization(program, header: str) -> None:
    code = check(program.ask("SendSms", {}, headers={"Authorization": header}))
    assert code.startswith("AuthFailure.")


@FUZZ
@given(
    credential=st.text(string.printable, max_size=60),
    signed=st.text(string.printable, max_size=60),
    signature=st.text("0123456789abcdefg", min_size=60, max_size=70),
    timestamp=st.text(string.printable, max_size=20),
)
def test_authorizations_that_nearly_are(program, credential, signed, signature, timestamp) -> None:
    header = (
        f"TC3-HMAC-SHA256 Credential={credential}/2026-11-22/sms/tc3_request, "
        f"SignedHeaders=content-type;host;{signed}, Signature={signature}"
    )
    headers = {"Authorization": header, "X-TC-Timestamp": timestamp}
    assert check(program.ask("SendSms", {}, headers=headers)).startswith("AuthFailure.")


@FUZZ
@given(body=st.binary(max_size=500), action=st.sampled_from([*ACTIONS]))
def test_any_octets(program, body: bytes, action: str) -> None:
    check(program.send(action, body))


@FUZZ
@given(wish=JSON, action=st.sampled_from([*ACTIONS]))
def test_any_json(program, wish: Any, action: str) -> None:
    check(program.send(action, json.dumps(wish).encode()))


@FUZZ
@given(data=st.data(), action=st.sampled_from([*ACTIONS]))
def test_any_values_of_known_parameters(program, data, action: str) -> None:
    names = [field.name for field in ACTIONS[action].parameters]
    wish = {name: data.draw(JSON) for name in data.draw(st.sets(st.sampled_from(names)))}
    given_by_example = openapi.example(ACTIONS[action])
    check(program.send(action, json.dumps(given_by_example | wish).encode()))


@FUZZ
@given(query=st.text(string.ascii_letters + string.digits + ".=&%+", max_size=200))
def test_any_address(program, query: str) -> None:
    kind = "application/x-www-form-urlencoded"
    check(program.send("SendSms", query=query, method="GET", content_type=kind))


@FUZZ
@given(
    action=HEADER_TEXT,
    version=st.sampled_from([VERSION, ""]) | HEADER_TEXT,
    kind=st.sampled_from(["application/json"]) | HEADER_TEXT,
    other=HEADER_TEXT,
)
def test_any_headers(program, action, version, kind, other) -> None:
    headers = {
        "X-TC-Action": action,
        "X-TC-Version": version,
        "Content-Type": kind,
        "Idempotency-Key": other,
        "X-Dry-Run": other,
        "X-TC-RequestClient": other,
    }
    check(program.send("", b"{}", headers=headers))


SCHEMA = schemathesis.openapi.from_dict(openapi.document())


@pytest.fixture
def template(member):
    return approved_template(member.organization, PLAIN_BODY, SmsType.NOTIFICATION)


@pytest.mark.parametrize("action", [*ACTIONS])
def test_requests_made_from_the_document_are_answered_as_it_says(
    program, template, action: str
) -> None:
    operation = SCHEMA[f"/#{action}"]["POST"]
    answers = openapi.document()["paths"][f"/#{action}"]["post"]["responses"]
    schema = answers["200"]["content"]["application/json"]["schema"]
    validator = jsonschema_rs.validator_for(
        {**schema, "components": openapi.document()["components"]}
    )

    @BY_DOCUMENT
    @given(case=operation.as_strategy())
    def answered(case) -> None:
        body = case.body if isinstance(case.body, dict) else {}
        if "SmsSdkAppId" in body:
            body["SmsSdkAppId"] = program.application.sdk_app_id
        if "TemplateId" in body and action == "SendSms":
            body["TemplateId"] = str(template.pk)
        said = program.ask(action, body)
        check(said)
        validator.validate({"Response": said})

    answered()
