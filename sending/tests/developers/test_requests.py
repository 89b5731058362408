"""The request log: filtered, paged, and one request with all that is known of it."""

import pytest
from django.urls import reverse

from accounts.models import Member
from accounts.roles import Role
from accounts.tests.factories import make_application, make_member
from sending.developers.queries import requests as queries
from sending.tests.factories import a_number, default_application, make_sender
from sending.tests.program_factories import make_program_messages, make_request
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db
URL = reverse("developers:requests")
REFUSED = "InvalidParameterValue.IncorrectPhoneNumber"


def ids_of(page) -> list[str]:
    return [cell.text for cell in page.select("tbody th .sub.mono")]


def asked(member: Member) -> list[str]:
    """Three requests, the oldest first: all well, a refusal, and another application's."""
    organization = member.organization
    shop = make_application(organization, name="Shop")
    rows = [
        make_request(organization),
        make_request(organization, code=REFUSED, items=5, refused=2),
        make_request(organization, action="AddSmsSign", application_id=shop.pk, is_dry_run=True),
    ]
    return [row.request_id for row in rows]


def test_the_newest_come_first_and_the_page_says_how_long_they_are_kept(settings):
    settings.KEEP_API_REQUESTS_DAYS = 17
    member = make_sender()
    ids = asked(member)
    page = Reader(member).get(URL)
    assert ids_of(page) == ids[::-1]
    assert "kept for 17 days" in words(page)
    assert "2 of 5" in words(page)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"code": "OK"}, [2, 0]),
        ({"code": "REFUSED"}, [1]),
        ({"code": REFUSED}, [1]),
        ({"action": "SendSms"}, [1, 0]),
        ({"action": "AddSmsSign", "code": "REFUSED"}, []),
        ({"code": "no such", "action": "no such", "application": "x"}, [2, 1, 0]),
        ({"request_id": "no such"}, []),
    ],
)
def test_filters_find_requests(filters: dict[str, str], found: list[int]):
    member = make_sender()
    ids = asked(member)
    assert ids_of(Reader(member).get(URL, **filters)) == [ids[place] for place in found]


def test_a_request_is_found_by_its_id_and_one_of_others_is_not():
    member = make_sender()
    ids, others = asked(member), asked(make_sender())
    reader = Reader(member)
    assert ids_of(reader.get(URL, request_id=ids[0])) == ids[:1]
    assert ids_of(reader.get(URL, request_id=others[0])) == []


def test_pages_follow_each_other_whatever_the_filter(monkeypatch):
    monkeypatch.setattr(queries, "REQUESTS_A_PAGE", 2)
    monkeypatch.setattr(queries, "LOOKED_THROUGH", 4)
    organization = make_sender().organization
    rows = [make_request(organization, code=REFUSED if n % 3 else "") for n in range(20)]
    for code, wanted in (("", rows), ("OK", rows[::3])):
        found, before = [], None
        while True:
            page = queries.request_page(organization, queries.RequestFilter(code=code), before)
            found += [row.pk for row in page.rows]
            if not page.next:
                break
            before = int(page.next)
        assert found == sorted((row.pk for row in wanted), reverse=True)


def test_one_request_says_what_was_asked_and_what_its_code_means():
    member = make_sender()
    logged = make_request(
        member.organization,
        code=REFUSED,
        summary={"PhoneNumberSet": ["+852******01"], "TemplateId": "7"},
        client="SDK_PYTHON_3.1.153",
        address="192.0.2.7",
    )
    (message,) = make_program_messages(
        member.organization, [a_number(1)], request_id=logged.request_id
    )
    page = Reader(member).get(reverse("developers:request", args=[logged.pk]))
    text = words(page)
    assert '["+852******01"]' in text
    assert "SDK_PYTHON_3.1.153" in text
    assert page.find("a", href=reverse("developers:message", args=[message.pk]))
    link = next(link for link in page.select("dd a") if link.text == REFUSED)["href"]
    codes = Reader(member).get(reverse("developers:codes"))
    assert codes.find(id=link.partition("#")[2])


def test_a_code_that_is_answered_no_longer_is_shown_as_it_is():
    member = make_sender()
    logged = make_request(member.organization, code="Gone.Code", action="GoneAction")
    page = Reader(member).get(reverse("developers:request", args=[logged.pk]))
    assert page.find("dd").get_text(strip=True) == "Gone.Code"


def test_a_viewer_sees_no_whole_number_but_whose_application_it_was():
    member = make_sender()
    own = default_application(member.organization).sdk_app_id
    asked = {"PhoneNumberSet": [a_number(1)], "SmsSdkAppId": own, "TemplateId": a_number(2)[1:]}
    logged = make_request(member.organization, summary=asked)
    viewer = Reader(make_member(Role.VIEWER, member.organization))
    page = viewer.get(reverse("developers:request", args=[logged.pk]))
    assert a_number(1) not in words(page)
    assert a_number(2)[1:] not in words(page)
    assert page.find("dt", string="SmsSdkAppId").find_next("dd").text.strip() == own
