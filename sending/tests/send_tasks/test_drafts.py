"""Drafts: whatever was entered comes back, for everybody who may send, until its time is over."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.models import Draft, SendTask, Upload
from sending.retention import leftovers, sources
from sending.retention.number_export import export
from sending.retention.number_rows import QUOTING
from sending.send_tasks.queries.drafts import DRAFTS_A_PAGE
from sending.sms.number_pattern import NumberPattern
from sending.tests.factories import PLAIN_BODY, a_number, make_group, make_sender, make_task
from sending.tests.send_tasks.reader import Reader, words
from templates_app.models import SmsType
from templates_app.tests.factories import approved_signature, approved_template

pytestmark = pytest.mark.django_db
COMPOSE = reverse("send_tasks:compose")
DRAFTS = reverse("send_tasks:drafts")


def plain(member: Member) -> int:
    return approved_template(member.organization, PLAIN_BODY, SmsType.NOTIFICATION).pk


def saved(reader: Reader, **data: object) -> Draft:
    response = reader.post(COMPOSE, save="draft", **data)
    assert response.status_code == 302
    draft = Draft.objects.latest("saved_at")
    assert response["Location"] == f"{COMPOSE}?draft={draft.pk}"
    return draft


@pytest.mark.parametrize(
    "entered",
    [
        {},
        # What the page begins with, and no file yet.
        {"name": "Monday", "source": "UPLOAD"},
        {"source": "NUMBERS", "numbers": "no number\n+852 5123"},
        {"template": "0", "signature": "nothing", "group": "99", "source": "GROUP"},
    ],
)
def test_any_incomplete_state_is_kept_and_comes_back(entered: dict[str, str]):
    member = make_sender()
    plain(member)
    reader = Reader(member)
    draft = saved(reader, **entered)
    page = reader.get(COMPOSE, draft=draft.pk)
    assert "The draft is saved. Nothing was checked or sent." in words(page)
    assert page.select_one("#id_name").get("value", "") == entered.get("name", "")
    assert page.select_one("#id_numbers").text.strip() == entered.get("numbers", "")
    assert not page.select(".invalid-feedback")
    assert not SendTask.objects.exists()


def test_a_draft_keeps_its_file_and_becomes_a_task_once():
    member = make_sender()
    template, signature = plain(member), approved_signature(member.organization)
    reader = Reader(member)
    file = SimpleUploadedFile("people.csv", b"mobile\n85251230001\n")
    draft = saved(reader, name="Monday", source="UPLOAD", file=file)
    page = reader.get(COMPOSE, draft=draft.pk)
    assert "people.csv" in words(page)
    assert "It is kept until" in words(page)
    # Saved once more, it stays one draft.
    fields = {"name": "Tuesday", "source": "UPLOAD", "draft": draft.pk, "upload": draft.upload_id}
    assert saved(reader, **fields).pk == draft.pk
    rest = {"template": template, "signature": signature.pk}
    assert reader.post(COMPOSE, **fields, **rest).status_code == 302
    task = SendTask.objects.get()
    assert (task.name, task.upload_id) == ("Tuesday", draft.upload_id)
    assert not Draft.objects.exists()


def test_what_a_draft_names_may_be_gone():
    member = make_sender()
    plain(member)
    gone = plain(member)
    group = make_group(member.organization, [a_number(1)])
    reader = Reader(member)
    draft = saved(reader, name="Old", template=gone, group=group.pk, source="GROUP")
    group.delete()
    SendTask.objects.all().delete()
    from templates_app.models import TextTemplate

    TextTemplate.objects.filter(pk=gone).update(deleted_at=timezone.now())
    page = reader.get(COMPOSE, draft=draft.pk)
    assert page.select_one("#id_name")["value"] == "Old"
    assert not page.select("#id_template option[selected]")


def test_a_file_that_is_no_spreadsheet_is_not_kept():
    member = make_sender()
    plain(member)
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7 and so on")
    response = Reader(member).post(COMPOSE, save="draft", name="x", source="UPLOAD", file=file)
    assert response.status_code == 200
    assert "not a spreadsheet" in response.content.decode()
    assert not Draft.objects.exists()
    assert not Upload.objects.exists()


def test_too_much_is_refused_and_stays_on_the_page():
    member = make_sender()
    plain(member)
    response = Reader(member).post(COMPOSE, save="draft", numbers="1" * 100_001)
    assert "too much for a draft" in response.content.decode()
    assert not Draft.objects.exists()


def test_all_who_may_send_see_whose_they_are_and_others_do_not():
    member = make_sender()
    plain(member)
    draft = saved(Reader(member), name="Monday")
    colleague = Reader(make_member(Role.ADMIN, member.organization))
    page = colleague.get(DRAFTS)
    row = page.select_one("tbody tr")
    assert "Monday" in row.text
    assert str(member.user) in row.text
    assert row.find("a", href=f"{COMPOSE}?draft={draft.pk}")
    Reader(make_member(Role.VIEWER, member.organization)).get(DRAFTS, status=403)
    stranger = Reader(make_sender())
    assert "Monday" not in words(stranger.get(DRAFTS))
    plain(stranger.member)
    assert "Monday" not in str(stranger.get(COMPOSE, draft=draft.pk))
    delete = reverse("send_tasks:draft_delete", args=[draft.pk])
    assert stranger.post(delete).status_code == 404
    taken = stranger.post(COMPOSE, save="draft", name="Mine now", draft=draft.pk)
    assert taken.status_code == 302
    draft.refresh_from_db()
    assert draft.name == "Monday"
    assert colleague.post(delete).status_code == 302
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_the_list_is_paged_without_counting():
    member = make_sender()
    now = timezone.now()
    names = [f"Draft {n}" for n in range(DRAFTS_A_PAGE + 2)]
    for name in names:
        Draft.objects.create(
            organization=member.organization, name=name, created_by=member.user, saved_at=now
        )
    reader = Reader(member)
    first = reader.get(DRAFTS)
    second = reader.get(DRAFTS + first.select_one(".table-foot a")["href"])
    shown = [a.text for page in (first, second) for a in page.select("tbody th a")]
    assert shown == names[::-1]


def test_time_deletes_drafts_and_their_files(settings):
    settings.KEEP_DRAFTS_DAYS, settings.KEEP_UPLOADS_DAYS = 10, 5
    member = make_sender()
    plain(member)
    reader = Reader(member)
    file = SimpleUploadedFile("people.csv", b"mobile\n85251230001\n")
    draft = saved(reader, name="Monday", source="UPLOAD", file=file)
    Upload.objects.update(created_at=timezone.now() - timedelta(days=2))
    sources.erase_due()
    assert Upload.objects.get().erased_at is None
    Upload.objects.update(created_at=timezone.now() - timedelta(days=6))
    sources.erase_due()
    assert Upload.objects.get().erased_at
    assert "people.csv" not in words(reader.get(COMPOSE, draft=draft.pk))
    leftovers.delete_due()
    assert Draft.objects.exists()
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=11))
    leftovers.delete_due()
    assert not Draft.objects.exists()
    sources.erase_due()
    assert not Upload.objects.exists()


def test_a_number_in_a_draft_is_exported_and_hidden():
    member = make_sender()
    plain(member)
    saved(Reader(member), name="Monday", source="NUMBERS", numbers="85251230007")
    number = "+85251230007"
    found = export(number, member.organization)["quoted_in"]["drafts"]
    assert [row["fields"]["numbers"] for row in found] == ["85251230007"]
    quoting, pattern = QUOTING["drafts"], NumberPattern(number)
    for row in quoting.rows(pattern, member.organization):
        quoting.hide(pattern, row)
    assert "51230007" not in str(Draft.objects.get().fields)


def test_a_duplicate_begins_with_everything_and_the_file():
    member = make_sender()
    plain(member)
    reader = Reader(member)
    numbers = make_task(member, numbers=[a_number(1)])
    page = reader.get(COMPOSE, copy=numbers.pk)
    assert page.select_one("#id_name")["value"] == numbers.name
    assert page.select_one("#id_numbers").text.strip() == a_number(1)
    version = numbers.text_template_version
    chosen = page.select_one("#id_template option[selected]")
    assert chosen["value"] == str(version.text_template_id)
    assert not page.select_one("input[name=corrects]").get("value")
    file = Upload.keep(
        organization=member.organization,
        user=member.user,
        file=SimpleUploadedFile("people.csv", b"mobile\n85251230001\n"),
    )
    uploaded = make_task(member, numbers=[a_number(2)], source="UPLOAD", upload=file)
    assert "people.csv" in words(reader.get(COMPOSE, copy=uploaded.pk))
    file.erase()
    assert "people.csv" not in words(reader.get(COMPOSE, copy=uploaded.pk))
    for name in ("list", "detail", "check"):
        args = [] if name == "list" else [uploaded.pk]
        page = reader.client.get(reverse(f"send_tasks:{name}", args=args), follow=True)
        assert f"?copy={uploaded.pk}" in page.content.decode(), name
