"""Actions, fields and codes on the pages are those that validate."""

import pytest
from django.urls import reverse

from sending.developers.reference import code_rows
from sending.dialects.tencent.actions import ACTIONS
from sending.dialects.tencent.error_codes import ERROR_CODES
from sending.dialects.tencent.legacy_numbers import LEGACY_NUMBERS
from sending.tests.factories import make_sender
from sending.tests.send_tasks.reader import Reader, words


@pytest.mark.django_db
def test_every_action_has_its_fields():
    page = Reader(make_sender()).get(reverse("developers:reference"))
    for name, action in ACTIONS.items():
        section = page.find(id=name).find_parent("section")
        shown = {cell.text for cell in section.select("th .mono")}
        assert {field.name for field in (*action.parameters, *action.answer)} <= shown
    assert "MultiSmsInfoSet[].PhoneNumber" in page.text


@pytest.mark.django_db
def test_every_link_to_a_code_or_an_action_leads_there():
    reader = Reader(make_sender())
    reference, codes = (
        reader.get(reverse(f"developers:{name}")) for name in ("reference", "codes")
    )
    for page, other in ((reference, codes), (codes, reference)):
        places = {
            link["href"].partition("#")[2]
            for link in page.main.select("a[href*='/developers/']")
            if "#" in link["href"]
        }
        assert places
        assert [place for place in places if not other.find(id=place)] == []


@pytest.mark.django_db
def test_codes_are_found_by_words_and_by_their_former_number():
    page = Reader(make_sender()).get(reverse("developers:codes"), q="1016")
    assert [row["id"] for row in page.select("tbody tr")] == [
        "invalidparametervalue-incorrectphonenumber"
    ]
    nothing = Reader(make_sender()).get(reverse("developers:codes"), q="no such words")
    assert "No code matches" in words(nothing)


def test_every_code_is_listed_with_cause_and_remedy():
    rows = code_rows()
    assert [row.code.code for row in rows] == list(ERROR_CODES)
    assert all(row.code.cause and row.code.fix for row in rows)


def test_former_numbers_are_of_codes_that_are_answered():
    assert set(LEGACY_NUMBERS) <= set(ERROR_CODES)


def test_a_search_needs_all_its_words():
    codes = [row.code.code for row in code_rows("daily LIMIT application")]
    assert "LimitExceeded.AppGlobalDailyLimit" in codes
    assert len(codes) < len(ERROR_CODES)


@pytest.mark.django_db
def test_the_document_names_the_endpoint(settings):
    settings.API_HOSTS = ["sms-api.example.com"]
    response = Reader(make_sender()).client.get(reverse("developers:openapi"))
    told = response.json()
    assert told["servers"] == [{"url": "http://sms-api.example.com"}]
    assert {path.removeprefix("/#") for path in told["paths"]} == set(ACTIONS)
