"""What a request may bring: nothing fills the disk, and every refusal says what to do."""

import errno
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.tests.factories import log_in, make_active_organization, make_member
from sending.api import receipts
from sending.dialects.tencent.routing import LARGEST_BODY
from sending.models import Upload
from smsconsole.tests.addresses import walk
from smsconsole.uploads import BoundedFileUploadHandler, largest_body

TAKE_FILES = {
    "send_tasks:compose",
    "customers:import_file",
    "groups:import_file",
    "groups:suppress_file",
    "operations:costs_import",
    "operations:prices_import",
    "templates_app:signature_create",
    "templates_app:signature_edit",
}


@pytest.mark.parametrize(("size", "is_whole"), [(150_000, True), (400_000, False)])
def test_what_is_too_large_is_counted_and_not_stored(
    settings: LazySettings, size: int, is_whole: bool
) -> None:
    settings.UPLOAD_MAX_BYTES = 200_000
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.csv", bytes(size))})
    request.upload_handlers = [BoundedFileUploadHandler(request)]

    file = request.FILES["file"]

    assert file.size == size
    stored = Path(file.temporary_file_path()).stat().st_size
    assert stored <= settings.UPLOAD_MAX_BYTES
    assert (stored == size) == is_whole
    file.close()


def test_all_files_of_a_request_are_counted_together(settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 200_000
    files = {name: SimpleUploadedFile(name, bytes(150_000)) for name in ("a", "b")}
    request = RequestFactory().post("/", files)
    request.upload_handlers = [BoundedFileUploadHandler(request)]

    found = [request.FILES[name] for name in files]

    assert [file.size for file in found] == [150_000, 150_000]
    stored = sum(Path(file.temporary_file_path()).stat().st_size for file in found)
    assert stored <= settings.UPLOAD_MAX_BYTES
    for file in found:
        file.close()


def test_an_upload_is_for_the_consoles_own_user_alone(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    name = default_storage.save("recipients/2026/11/a.csv", ContentFile(b"+447400123456"))
    stored = Path(default_storage.path(name))
    others = {
        path.name: path.stat().st_mode & 0o077
        for path in (stored, *stored.parents[:4])
        if path.is_relative_to(tmp_path / "uploads")
    }
    assert others == {"a.csv": 0, "11": 0, "2026": 0, "recipients": 0, "uploads": 0}


@pytest.fixture
def owner(db: None) -> Client:
    return log_in(Client(), make_member(organization=make_active_organization()))


def a_file(size: int = 10) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.csv", b"8" * size)


def test_only_pages_with_such_a_form_take_files(settings: LazySettings) -> None:
    pages = {name: f"/{route}" for name, route in walk()}
    assert pages.keys() >= TAKE_FILES
    most = {name: largest_body(route.replace("<int:pk>", "1")) for name, route in pages.items()}
    fields = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    takes_files = {name for name, octets in most.items() if octets > 4 * fields}
    assert takes_files == TAKE_FILES
    assert {most[name] for name in TAKE_FILES} == {30 * 1024 * 1024 + 2_000_000}
    assert largest_body("/api/receipts/secret/") > receipts.MAX_BYTES
    assert largest_body("/nothing/here/") == fields
    assert largest_body("/", "", [("x-tc-action", "AddSmsSign")]) == LARGEST_BODY
    assert largest_body("/") == fields


@pytest.mark.parametrize(
    "name", ["account_login", "theme", "templates_app:template_preview", "groups:create"]
)
def test_a_file_for_a_page_that_takes_none_is_refused_unread(
    owner: Client, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    monkeypatch.setattr(BoundedFileUploadHandler, "new_file", lambda *_args: begun.append(1))
    response = owner.post(reverse(name), {"next": "/", "file": a_file()})
    assert response.status_code == 400
    assert "brought a file to a page that takes none" in response.content.decode()
    assert not begun


def test_a_stranger_brings_no_file(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("send_tasks:compose"), {"file": a_file()})
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_too_much_for_a_page_is_answered_before_it_is_read(
    owner: Client, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 50_000
    response = owner.post(reverse("send_tasks:compose"), {"file": a_file(2_200_000)})
    assert response.status_code == 413
    assert "This page takes at most 97.7" in " ".join(response.content.decode().split())
    assert not Upload.objects.exists()
    response = owner.post(reverse("groups:create"), {"name": "x" * 50_001})
    assert response.status_code == 413
    assert "This page takes at most 48.8" in " ".join(response.content.decode().split())


def test_more_fields_than_any_form_has_are_refused(owner: Client) -> None:
    for address in (reverse("groups:create"), reverse("send_tasks:compose")):
        response = owner.post(address, {f"field{number}": "x" for number in range(3_500)})
        assert response.status_code == 400
        assert "This request could not be read" in response.content.decode()


def test_more_files_than_any_form_has_are_refused(owner: Client) -> None:
    files = {f"file{number}": a_file() for number in range(20)}
    response = owner.post(reverse("send_tasks:compose"), files)
    assert response.status_code == 400
    assert "This request could not be read" in response.content.decode()


def test_an_address_with_a_nul_is_refused(owner: Client) -> None:
    """PostgreSQL takes none in a text."""
    for address in ("/customers/suppressed/?q=%00", "/content/templates/?type=a%00b", "/a%00b/"):
        assert owner.get(address).status_code in {400, 404}, address


# --- A disk that is full --------------------------------------------------------------------------


def full(*_args: object, **_kwargs: object) -> None:
    """Fail as the operating system does when the disk has no room."""
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    "place",
    [
        "django.core.files.storage.filesystem.FileSystemStorage._save",
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_told_with_a_sentence_and_nothing_is_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: LazySettings, place: str
) -> None:
    settings.FILE_UPLOAD_HANDLERS = ["smsconsole.uploads.BoundedFileUploadHandler"]
    log_in(client, make_member(organization=make_active_organization()).user)
    file = SimpleUploadedFile("numbers.csv", b"Number\n+85251230000\n")
    monkeypatch.setattr(place, full)

    response = client.post(reverse("groups:suppress_file"), {"file": file})

    assert response.status_code == 507
    assert "There is no space for files" in response.content.decode()
    assert not Upload.objects.exists()
