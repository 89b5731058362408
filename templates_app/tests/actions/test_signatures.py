"""Writing signatures, and the evidence with them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.errors import Conflict
from accounts.tests.factories import make_organization, make_user
from templates_app.actions import create_signature, new_version, save_signature, signatures, submit
from templates_app.actions.signatures import EvidenceRefused
from templates_app.models import Signature
from templates_app.tests.factories import PNG

pytestmark = pytest.mark.django_db

FIELDS = {"content": "Harbourline", "kind": "COMPANY"}


def png(name: str = "../licence.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, "image/png")


def test_evidence_is_stored_under_a_name_of_our_own() -> None:
    version = create_signature(
        organization=make_organization(), author=make_user(), evidence=png(), **FIELDS
    )
    version.refresh_from_db()
    with version.evidence.open() as file:
        assert file.read() == PNG
    assert "licence" not in version.evidence.name
    assert version.evidence.name.startswith("evidence/")
    assert version.evidence_name == "licence.png"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.png", b"<html><script>alert(1)</script>"),
        ("cut.png", PNG[:-20]),
        ("empty.png", b""),
        ("picture.gif", b"GIF89a" + bytes(40)),
        ("vector.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_what_is_no_image_is_refused_whatever_its_name(name: str, content: bytes) -> None:
    with pytest.raises(EvidenceRefused):
        create_signature(
            organization=make_organization(),
            author=make_user(),
            evidence=SimpleUploadedFile(name, content, "image/png"),
            **FIELDS,
        )
    assert Signature.objects.count() == 0


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "EVIDENCE_MAX_BYTES", len(PNG) - 1)
    with pytest.raises(EvidenceRefused, match="5 MB"):
        create_signature(
            organization=make_organization(), author=make_user(), evidence=png(), **FIELDS
        )


def test_a_replaced_file_is_removed_unless_a_submitted_version_has_it(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    author = make_user()
    version = create_signature(
        organization=make_organization(), author=author, evidence=png(), **FIELDS
    )
    storage, first = version.evidence.storage, version.evidence.name
    with django_capture_on_commit_callbacks(execute=True):
        version = save_signature(version=version, author=author, evidence=png(), **FIELDS)
    second = version.evidence.name
    assert not storage.exists(first)
    submit(version=version, submitter=author)
    draft = new_version(version=version, author=author)
    assert draft.evidence.name == second
    with django_capture_on_commit_callbacks(execute=True):
        save_signature(version=draft, author=author, evidence=png(), **FIELDS)
    assert storage.exists(second), "the reviewer still looks at it"


def test_saving_without_a_file_keeps_the_evidence() -> None:
    author = make_user()
    version = create_signature(
        organization=make_organization(), author=author, evidence=png(), **FIELDS
    )
    saved = save_signature(version=version, author=author, content="Harbour", kind="APP")
    assert saved.evidence.name == version.evidence.name


def test_there_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "SIGNATURE_LIMIT", 1)
    organization, author = make_organization(), make_user()
    create_signature(organization=organization, author=author, **FIELDS)
    with pytest.raises(Conflict, match="1 signatures"):
        create_signature(organization=organization, author=author, **FIELDS)
