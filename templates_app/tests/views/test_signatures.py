"""Pages of signatures, and who may see evidence."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Member
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_organization, make_reviewer
from templates_app.models import Signature, SignatureVersion
from templates_app.review import ReviewState
from templates_app.tests.factories import (
    PNG,
    approved_signature,
    make_signature,
    pending_signature,
)

pytestmark = pytest.mark.django_db

FIELDS = {"content": "Harbourline", "kind": "COMPANY", "remarks": "harbourline.example"}


@pytest.fixture
def sender(client: Client) -> Member:
    member = make_member(Role.SENDER)
    log_in(client, member)
    return member


def page(response: HttpResponse) -> BeautifulSoup:
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def url(name: str, *args: object) -> str:
    return reverse(f"templates_app:{name}", args=args)


def png(name: str = "licence.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def test_create_with_a_certificate_and_submit(client: Client, sender: Member) -> None:
    response = client.post(
        url("signature_create"), {**FIELDS, "evidence": png(), "submit": "1"}, follow=True
    )
    version = SignatureVersion.objects.get()
    assert version.state == ReviewState.PENDING
    link = page(response).select_one(f'a[href="{url("signature_evidence", version.pk)}"]')
    assert link.text.strip() == "licence.png"
    assert "[Harbourline]" in page(response).select_one(".bubble").text


def test_a_file_that_is_no_image_is_an_error_at_the_field(client: Client, sender: Member) -> None:
    fields = {**FIELDS, "evidence": png(content=b"%PDF-1.7"), "save": "1"}
    shown = page(client.post(url("signature_create"), fields))
    assert Signature.objects.count() == 0
    assert "JPG or PNG" in shown.select_one("#div_id_evidence .invalid-feedback").text
    assert shown.select_one("#id_content")["value"] == "Harbourline"


@pytest.mark.parametrize("content", ["", "H", "A name that is far too long"])
def test_a_length_out_of_bounds_is_an_error_at_the_field(
    client: Client, sender: Member, content: str
) -> None:
    shown = page(client.post(url("signature_create"), {**FIELDS, "content": content}))
    assert shown.select_one("#div_id_content .invalid-feedback")
    assert Signature.objects.count() == 0


def test_a_name_that_identifies_nobody_stays_a_draft(client: Client, sender: Member) -> None:
    fields = {**FIELDS, "content": "test", "submit": "1"}
    response = client.post(url("signature_create"), fields, follow=True)
    assert SignatureVersion.objects.get().state == ReviewState.DRAFT
    assert "SIGNATURE_GENERIC" in response.text


def test_edit_saves_the_draft(client: Client, sender: Member) -> None:
    signature = make_signature(sender.organization)
    response = client.post(
        url("signature_edit", signature.pk), {**FIELDS, "content": "Harbour", "save": "1"}
    )
    assert response["Location"] == url("signature_edit", signature.pk)
    assert signature.versions.get().content == "Harbour"
    assert page(client.get(response["Location"])).select_one("#id_content")["value"] == "Harbour"


def test_a_new_version_follows_an_approved_one(client: Client, sender: Member) -> None:
    signature = approved_signature(sender.organization)
    response = client.post(url("signature_new_version", signature.approved.pk), follow=True)
    assert "Version 1 is approved and stays in use" in response.text
    assert signature.versions.count() == 2


def test_list_filters_by_state(client: Client, sender: Member) -> None:
    approved_signature(sender.organization, content="In use")
    pending_signature(sender.organization, content="Waits")
    make_signature(content="Of others")

    def names(state: str) -> set[str]:
        rows = page(client.get(url("signature_list"), {"state": state})).select("tbody th a")
        return {row.text for row in rows}

    assert names("") == {"In use", "Waits"}
    assert names("PENDING") == {"Waits"}
    assert names("APPROVED") == {"In use"}


def test_preview_follows_what_is_typed(client: Client, sender: Member) -> None:
    shown = page(client.post(url("signature_preview"), {"content": "otp"}))
    assert "[otp]" in shown.select_one("#preview .bubble").text
    assert "SIGNATURE_GENERIC" in shown.text
    assert client.post(url("signature_preview"), {}).status_code == 200

    long = client.post(url("signature_preview"), {"content": "[a" * 50_000})
    assert [rule.text for rule in page(long).select(".rule")] == ["SIGNATURE_LENGTH"]
    assert len(long.content) < 20_000
    assert Signature.objects.count() == 0


def test_withdraw_and_delete(client: Client, sender: Member) -> None:
    signature = pending_signature(sender.organization)
    version = signature.versions.get()
    client.post(url("signature_withdraw", version.pk))
    version.refresh_from_db()
    assert version.state == ReviewState.WITHDRAWN
    client.post(url("signature_delete", signature.pk))
    assert client.get(url("signature_detail", signature.pk)).status_code == 404


def with_evidence(client: Client, member: Member) -> SignatureVersion:
    log_in(client, member)
    client.post(url("signature_create"), {**FIELDS, "evidence": png(), "submit": "1"})
    return SignatureVersion.objects.get(organization=member.organization)


def test_evidence_is_a_download_for_its_organization(client: Client) -> None:
    version = with_evidence(client, make_member(Role.SENDER))
    log_in(client, make_member(Role.VIEWER, version.organization))
    response = client.get(url("signature_evidence", version.pk))
    assert response.content == PNG
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'attachment; filename="licence.png"'


def test_evidence_of_another_organization_is_not_found(client: Client) -> None:
    version = with_evidence(client, make_member(Role.SENDER))
    log_in(client, make_member(Role.OWNER))
    assert client.get(url("signature_evidence", version.pk)).status_code == 404
    assert client.get(reverse("admin:review_evidence", args=[version.pk])).status_code == 302


def test_evidence_is_shown_to_reviewers_once_it_is_submitted(client: Client) -> None:
    make_organization()
    version = with_evidence(client, make_member(Role.SENDER))
    log_in(client, make_reviewer())
    address = reverse("admin:review_evidence", args=[version.pk])
    assert client.get(address).content == PNG
    draft = make_signature().versions.get()
    assert client.get(reverse("admin:review_evidence", args=[draft.pk])).status_code == 404


def test_a_version_without_evidence_has_none(client: Client, sender: Member) -> None:
    version = make_signature(sender.organization).versions.get()
    assert client.get(url("signature_evidence", version.pk)).status_code == 404


def test_it_hides_what_is_not_yours(client: Client, sender: Member) -> None:
    signature = make_signature()
    version = signature.versions.get()
    for address in (url("signature_detail", signature.pk), url("signature_edit", signature.pk)):
        assert client.get(address).status_code == 404
    for address in (
        url("signature_delete", signature.pk),
        url("signature_withdraw", version.pk),
        url("signature_new_version", version.pk),
    ):
        assert client.post(address).status_code == 404


def test_viewers_look_and_do_not_write(client: Client) -> None:
    member = make_member(Role.VIEWER)
    log_in(client, member)
    signature = make_signature(member.organization)
    assert page(client.get(url("signature_detail", signature.pk))).select("main form") == []
    assert client.get(url("signature_create")).status_code == 403
    assert client.post(url("signature_delete", signature.pk)).status_code == 403
