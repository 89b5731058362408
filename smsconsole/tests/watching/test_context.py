"""Request ids: taken or made, given back, and given along to Celery tasks."""

from typing import Any

import pytest
from celery import shared_task
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from accounts.tests.factories import make_member
from smsconsole.watching import context

GIVEN = "7f9c24e8-3b12-4d6a-9f00-1a2b3c4d5e6f"
seen: list[dict[str, Any]] = []


@shared_task(name="smsconsole.tests.note_context")
def note_context(*, task_id: int = 0, words: str = "", **_later: object) -> None:
    """Remember what is bound while it runs."""
    seen.append(dict(get_contextvars()))


@pytest.fixture(autouse=True)
def _nothing_is_bound() -> Any:
    clear_contextvars()
    seen.clear()
    yield
    clear_contextvars()


@pytest.mark.parametrize("given", [GIVEN, GIVEN.replace("-", ""), "edge-01.abcdefgh"])
def test_the_id_of_a_proxy_is_taken_and_given_back(given: str, client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "+85251234567", "85251234567", "a" * 65, "a b c d e f", "abc\x1b[2Jdef"]
)
def test_what_is_no_id_is_not_taken(given: str, client: Client) -> None:
    answers = [client.get("/healthz", headers={"X-Request-ID": given}) for _ in range(2)]
    first, second = (answer.headers["X-Request-ID"] for answer in answers)
    assert given != first != second
    assert len(first) == 32


def test_an_answer_of_the_api_names_one_id(db: None, client: Client) -> None:
    answer = client.post("/", {}, "application/json", headers={"X-TC-Action": "SendSms"})
    assert answer.headers["X-Request-ID"] == answer.json()["Response"]["RequestId"]


def test_one_request_leaves_nothing_to_the_next(db: None) -> None:
    found: list[dict[str, Any]] = []

    def page(_request: HttpRequest) -> HttpResponse:
        found.append(dict(get_contextvars()))
        bind_contextvars(organization_id=1)
        return HttpResponse()

    answer = context.RequestIdMiddleware(page)
    for _ in range(2):
        answer(RequestFactory().get("/"))
    assert [sorted(one) for one in found] == [["request_id"], ["request_id"]]
    assert get_contextvars() == {}


def test_the_organization_of_the_reader_is_bound(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = make_member()
    client.force_login(member.user)
    found: list[dict[str, Any]] = []

    def note(*_args: Any, **_options: Any) -> None:
        found.append(dict(get_contextvars()))

    monkeypatch.setattr(context, "_view_of", note)
    client.get("/")
    assert found[0]["organization_id"] == member.organization_id


def test_a_task_knows_its_ids_and_the_requests(send_mail_at_once: None) -> None:
    bind_contextvars(request_id=GIVEN)
    note_context.delay(task_id=7, words="Your code is 4821")
    (found,) = seen
    assert found.pop("celery_task_id")
    assert found == {
        "request_id": GIVEN,
        "celery_task": "smsconsole.tests.note_context",
        "task_id": 7,
    }
    assert get_contextvars() == {"request_id": GIVEN}


def test_the_request_id_travels_with_the_message() -> None:
    headers: dict[str, Any] = {}
    bind_contextvars(request_id=GIVEN)
    context.give_along(headers=headers)
    assert headers == {"request_id": GIVEN}
    clear_contextvars()

    class Request:
        """What a worker makes of the headers."""

        request_id = headers["request_id"]

    class Task:
        """As Celery hands it to the signal."""

        name, request = "sending.sweep", Request()

    context.bind(task_id="a-b", task=Task, kwargs={})
    assert get_contextvars()["request_id"] == GIVEN
    context.unbind(task=Task, state="SUCCESS")
    assert get_contextvars() == {}
