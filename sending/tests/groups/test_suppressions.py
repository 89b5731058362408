"""The suppression list: seen, searched, filled by hand and by file, emptied, exported."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.masking import masked
from accounts.models import AuditEntry, Member
from sending.groups import queries
from sending.intake.customer_import import import_customers
from sending.models import Customer, GroupImport, Suppression
from sending.tests.factories import a_number, make_sender
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "groups:suppressions"


@pytest.fixture(autouse=True)
def _worker(monkeypatch):
    monkeypatch.setattr("sending.tasks.read_file.delay", lambda: None)


def suppressed(member: Member, count: int = 1) -> None:
    Suppression.objects.bulk_create(
        Suppression(organization=member.organization, msisdn=a_number(n), reason="Asked to stop")
        for n in range(count)
    )


def finished(reader: Reader) -> str:
    started = GroupImport.objects.get()
    import_customers(started.pk)
    return words(reader.get(reverse("groups:import_result", args=[started.pk])))


def test_an_empty_list_explains_itself():
    assert "No number is suppressed" in words(Reader(make_sender()).get(reverse(LIST)))


def test_pages_show_each_number_once_and_a_search_finds_one(monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    member = make_sender()
    suppressed(member, 5)
    suppressed(make_sender())
    reader, seen, href = Reader(member), [], reverse(LIST)
    while href:
        page = reader.get(href)
        seen += [cell.text for cell in page.select("th.msisdn")]
        following = [a["href"] for a in page.select(".table-foot a") if "Next" in a.text]
        href = reverse(LIST) + following[0] if following else ""
    assert len(seen) == len(set(seen)) == 5
    found = reader.search(reverse(LIST), q="852 5123 0003")
    assert [cell.text for cell in found.select("th.msisdn")] == ["+852 5123 0003"]
    assert not reader.search(reverse(LIST), q="letters").select("th.msisdn")


def test_entered_numbers_are_suppressed_once_and_bad_lines_are_named():
    member = make_sender()
    suppressed(member)
    reader = Reader(member)
    lines = [a_number(0)[1:], a_number(1)[1:], "12"]
    assert reader.post(reverse("groups:suppress"), numbers="\n".join(lines)).status_code == 302
    page = finished(reader)
    assert "Added to the suppression list" in page
    assert "Added 1" in page
    assert "Already on the list 1" in page
    assert "MSISDN_INVALID" in page
    own = Suppression.objects.for_organization(member.organization)
    assert set(own.values_list("msisdn", flat=True)) == {a_number(0), a_number(1)}
    assert not Customer.objects.exists()


def test_a_file_is_read_like_any_other():
    member = make_sender()
    content = f"Name,Mobile\nStop on 3 May,{a_number(1)}\n".encode()
    file = SimpleUploadedFile("stop.csv", content)
    reader = Reader(member)
    assert reader.post(reverse("groups:suppress_file"), file=file).status_code == 302
    assert "Added 1" in finished(reader)
    row = Suppression.objects.get()
    assert (row.msisdn, row.reason) == (a_number(1), "Stop on 3 May")


def test_a_number_taken_off_is_gone_and_leaves_a_trail():
    member = make_sender()
    suppressed(member)
    row = Suppression.objects.get()
    url = reverse("groups:unsuppress", args=[row.pk])
    assert Reader(make_sender()).post(url).status_code == 404
    assert Reader(member).post(url).status_code == 302
    assert not Suppression.objects.exists()
    assert AuditEntry.objects.get(action="suppression.removed").subject == masked(a_number(0))


def test_the_list_can_be_downloaded():
    member = make_sender()
    suppressed(member, 2)
    response = Reader(member).client.get(reverse("groups:suppressions_export"))
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0] == ["Mobile", "Reason", "Since"]
    assert [row[:2] for row in rows[1:]] == [
        [a_number(0)[1:], "Asked to stop"],
        [a_number(1)[1:], "Asked to stop"],
    ]
