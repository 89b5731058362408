"""Private notes, the quality sample, the catalogue of reasons, pictures, and parts of the page."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry, Notice, Originator, User
from accounts.tests.factories import (
    log_in,
    make_member,
    make_organization,
    make_reviewer,
    make_user,
)
from templates_app.models import CatalogueReason, PrivateNote, QualityCheck, QualityState, Review
from templates_app.reason_catalogue import REASON_ROWS, fill_catalogue
from templates_app.redrawing import redrawn
from templates_app.sentences import reason_lines
from templates_app.tests.factories import PNG, pending_signature, pending_template

pytestmark = pytest.mark.django_db
DESK = "/admin/templates_app/review/desk/"


@pytest.fixture
def reviewer(client: Client) -> User:
    person = make_reviewer()
    log_in(client, person)
    return person


def address(thing: Any, kind: str = "template") -> str:
    return reverse("admin:review_item", args=[kind, thing.versions.get().pk])


# --- Notes ----------------------------------------------------------------------------------------


def test_a_private_note_is_for_reviewers_alone(client: Client, reviewer: User) -> None:
    thing = pending_template()
    saved = client.post(address(thing), {"noted": "1", "note_text": "Called them: fine."})
    assert saved["Location"] == address(thing)
    note = PrivateNote.objects.get()
    assert (note.author, note.organization) == (reviewer, thing.organization)
    # At everything of the organization, for the next reviewer too.
    other = pending_signature(thing.organization)
    log_in(client, make_reviewer())
    assert "Called them: fine." in client.get(address(other, "signature")).text
    owner = make_member("OWNER", thing.organization)
    log_in(client, owner)
    for page in (f"/content/templates/{thing.pk}/", reverse("accounts:audit_trail")):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "Called them" not in answer.text
        assert "rivate note" not in answer.text
    assert AuditEntry.objects.get(action="private_note.written").organization is None
    assert not Notice.objects.exists()


@pytest.mark.parametrize("text", ["", "x" * 1001])
def test_a_note_that_is_none_is_not_saved(client: Client, reviewer: User, text: str) -> None:
    thing = pending_template()
    shown = client.post(address(thing), {"noted": "1", "note_text": text})
    assert BeautifulSoup(shown.content, "html.parser").select(".invalid-feedback")
    assert not PrivateNote.objects.exists()


# --- Quality --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("percent", "sampled"), [(0, 0), (100, 1)])
def test_so_many_percent_of_approvals_are_looked_at_again(
    client: Client, reviewer: User, settings: Any, percent: int, sampled: int
) -> None:
    settings.REVIEW_SAMPLE_PERCENT = percent
    client.post(address(pending_template()), {"decision": "approve"})
    client.post(address(pending_template()), {"decision": "reject", "reasons": ["OTP_LINK"]})
    assert QualityCheck.objects.count() == sampled


@pytest.mark.parametrize(("answer", "state"), [("agree", "AGREED"), ("disagree", "DISAGREED")])
def test_another_reviewer_says_whether_it_was_right(
    client: Client, reviewer: User, settings: Any, answer: str, state: str
) -> None:
    settings.REVIEW_SAMPLE_PERCENT = 100
    thing = pending_template()
    client.post(address(thing), {"decision": "approve"})
    assert "Quality checks to do" not in client.get(DESK).text
    assert client.post(address(thing), {"quality": answer}).status_code == 404
    other = make_reviewer()
    log_in(client, other)
    assert address(thing) in client.get(DESK).text
    assert "Would you have approved it too?" in client.get(address(thing)).text
    client.post(address(thing), {"quality": answer})
    check = QualityCheck.objects.get()
    assert (check.state, check.checked_by) == (QualityState(state), other)
    assert client.post(address(thing), {"quality": answer}).status_code == 404
    assert thing.versions.get().state == "APPROVED"
    assert f"{int(answer == 'agree')} of 1 approvals" in client.get(DESK).text


# --- The catalogue --------------------------------------------------------------------------------


def test_reasons_reach_the_applicant_in_their_language(client: Client, reviewer: User) -> None:
    thing = pending_template(created_by=make_user(language="zh-hans"))
    fields = {"decision": "reject", "reasons": ["OTP_LINK"], "note": "谢谢"}
    client.post(address(thing), fields)
    notice = Notice.objects.get()
    assert "验证码短信含有链接 (OTP_LINK)" in notice.text
    assert "请删除链接，或把类型改为通知。" in notice.text
    review = Review.objects.get()
    with translation.override("en"):
        (line,) = reason_lines(review.reasons)
    assert line.endswith("Remove the link, or change the type to Notification.")


def test_an_originator_s_reasons_too(client: Client, reviewer: User) -> None:
    member = make_member("OWNER")
    originator = Originator.objects.create(
        organization=member.organization, address="LUMEN", submitted_by=member.user
    )
    item = reverse("admin:review_item", args=["originator", originator.pk])
    client.post(item, {"decision": "reject", "reasons": ["NOT_REGISTERED"]})
    assert "Register it with the carriers" in Notice.objects.get().text
    log_in(client, member)
    assert "Register it with the carriers" in client.get(reverse("accounts:originators")).text


def test_staff_edit_the_catalogue_and_decisions_keep_their_words(
    client: Client, reviewer: User
) -> None:
    thing = pending_template()
    client.post(address(thing), {"decision": "reject", "reasons": ["OTP_LINK"]})
    reason = CatalogueReason.objects.get(kind="template", code="OTP_LINK")
    change = reverse("admin:templates_app_cataloguereason_change", args=[reason.pk])
    fields = {
        "field": "body",
        "title_en": "No links",
        "title_zh": "不得有链接",
        "fix_en": "Take it out.",
        "fix_zh": "请删除。",
        "place": "5",
        "is_offered": "on",
    }
    assert client.post(change, fields).status_code == 302
    assert AuditEntry.objects.filter(action="cataloguereason.changed").exists()
    assert "Take it out." in client.get(address(pending_template())).text
    assert Review.objects.get().reasons[0]["fix"]["en"].startswith("Remove the link")
    # The next migrate adds what is missing, and changes nothing.
    CatalogueReason.objects.filter(code="TYPE_WRONG").delete()
    fill_catalogue(sender=None, using="default")
    assert CatalogueReason.objects.get(kind="template", code="OTP_LINK").title_en == "No links"
    assert CatalogueReason.objects.count() == sum(map(len, REASON_ROWS.values()))


def test_a_reason_that_is_no_longer_offered_cannot_be_chosen(
    client: Client, reviewer: User
) -> None:
    CatalogueReason.objects.filter(code="OTP_LINK").update(is_offered=False)
    thing = pending_template()
    assert "OTP_LINK" not in client.get(address(thing)).text
    client.post(address(thing), {"decision": "reject", "reasons": ["OTP_LINK"]})
    assert thing.versions.get().state == "PENDING"


# --- Pictures, and parts --------------------------------------------------------------------------


def test_a_certificate_is_drawn_as_an_image_and_nothing_else(
    client: Client, reviewer: User
) -> None:
    thing = pending_signature(evidence=ContentFile(PNG, "proof.png"), evidence_name="proof.png")
    file = reverse("admin:review_evidence", args=[thing.versions.get().pk])
    assert f'src="{file}?image=1"' in client.get(address(thing, "signature")).text
    drawn = client.get(f"{file}?image=1")
    assert drawn["Content-Type"] == "image/png"
    assert drawn.content == redrawn(PNG)
    assert drawn["X-Content-Type-Options"] == "nosniff"
    assert drawn["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert "inline" in drawn["Content-Disposition"]
    assert "attachment" in client.get(file)["Content-Disposition"]
    # What claims more pixels than a browser has memory for is not drawn, but can be downloaded.
    bomb = PNG[:16] + (100_000).to_bytes(4, "big") * 2 + PNG[24:]
    large = pending_signature(evidence=ContentFile(bomb, "large.png"))
    file = reverse("admin:review_evidence", args=[large.versions.get().pk])
    assert client.get(f"{file}?image=1").status_code == 404
    assert client.get(file).status_code == 200


def test_a_part_of_the_desk_is_never_a_sign_in_page(client: Client) -> None:
    thing = pending_template()
    part = {"HTTP_HX_REQUEST": "true"}
    assert client.get(address(thing), **part).status_code == 401
    assert client.post(address(thing), {"decision": "approve"}, **part).status_code == 401
    make_organization()
    for person in (make_user(), make_user(is_staff=True)):
        log_in(client, person)
        assert client.get(DESK, **part).status_code == 403
        assert client.post(address(thing), {"decision": "approve"}, **part).status_code == 403
    assert mail.outbox == []


def test_every_key_is_on_the_page_once(client: Client, reviewer: User) -> None:
    now_one, _, other = pending_template(), pending_template(), pending_template()
    client.post(address(now_one), {"decision": "approve"})
    shown = BeautifulSoup(client.get(address(other)).content, "html.parser")
    keys = [each["aria-keyshortcuts"] for each in shown.select("[aria-keyshortcuts]")]
    assert len(keys) == len(set(keys))
    assert {"a", "r", "n", "k", "?", "1", "9"} <= set(keys)
