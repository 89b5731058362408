"""The review desk: its queue, an item, the decision."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ActivationState, User
from accounts.tests.factories import (
    log_in,
    make_activation,
    make_member,
    make_organization,
    make_reviewer,
    make_user,
)
from templates_app.models import Review
from templates_app.review import ReviewState
from templates_app.tests.factories import (
    SEED_BODY,
    approved_template,
    make_signature,
    make_text_template,
    make_text_template_version,
    pending_signature,
    pending_template,
)

pytestmark = pytest.mark.django_db

DESK = "/admin/templates_app/review/desk/"


@pytest.fixture
def reviewer(client: Client) -> User:
    person = make_reviewer()
    log_in(client, person)
    return person


def page(response: HttpResponse) -> BeautifulSoup:
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def item(kind: str, pk: int) -> str:
    return reverse("admin:review_item", args=[kind, pk])


def answer(decision: str, *reasons: str, **more: str) -> dict[str, Any]:
    return {"decision": decision, "reasons": list(reasons), "note": "", **more}


def test_the_queue_holds_all_kinds_the_most_urgent_first(client: Client, reviewer: User) -> None:
    now = timezone.now()
    pending_template(due_at=now + timedelta(minutes=90))
    pending_signature(due_at=now - timedelta(minutes=14))
    make_activation(make_organization(), due_at=now + timedelta(minutes=31))
    make_text_template()
    approved_template()
    queue = page(client.get(DESK)).select(".queue a")
    assert [" ".join(link["href"].split("/")[-3:-2]) for link in queue] == [
        "signature",
        "activation",
        "template",
    ]
    assert "Overdue" in queue[0].text
    assert "14 min over" in queue[0].text
    assert "due in 1 h" in queue[2].text


def test_an_empty_desk_says_so(client: Client, reviewer: User) -> None:
    assert "Nothing is waiting" in client.get(DESK).text


def test_only_reviewers_come_to_the_desk(client: Client) -> None:
    version = pending_template().versions.get()
    for person, status in ((make_user(), 302), (make_user(is_staff=True), 403)):
        log_in(client, person)
        assert client.get(DESK).status_code == status
        assert client.post(item("template", version.pk), answer("approve")).status_code == status
    version.refresh_from_db()
    assert version.state == ReviewState.PENDING


def test_an_item_shows_text_checks_changes_and_history(client: Client, reviewer: User) -> None:
    text_template = approved_template(name="Sign-in code")
    make_activation(
        text_template.organization,
        ActivationState.APPROVED,
        decided_at=timezone.now(),
        purpose="Codes for members",
    )
    version = make_text_template_version(
        text_template,
        ReviewState.PENDING,
        body=SEED_BODY.replace("minutes", "hours"),
        remarks="As before.",
    )
    shown = page(client.get(item("template", version.pk)))
    assert shown.select_one(".wording").text.strip() == version.body
    assert shown.select_one("del").text.strip() == "minutes)."
    assert version.fingerprint in shown.text
    assert "{1} = 1234" in " ".join(shown.text.split())
    for words in ("As before.", "Codes for members", "Version 1 stays in use"):
        assert words in shown.text
    assert shown.select(".lint li")
    assert len(shown.select("#decisions-h + table tbody tr")) == 2
    fields = shown.select("main textarea, main input:not([type=hidden]):not([data-keys-on])")
    assert [field["name"] for field in fields] == ["text"], "nobody edits what was submitted"


def test_approve(client: Client, reviewer: User) -> None:
    text_template = pending_template()
    version = text_template.versions.get()
    response = client.post(item("template", version.pk), answer("approve"))
    assert response["Location"] == DESK
    text_template.refresh_from_db()
    assert text_template.approved == version
    assert Review.objects.get(text_template_version=version).reviewer == reviewer


def test_reject_with_several_reasons_of_the_catalogue(client: Client, reviewer: User) -> None:
    version = pending_signature().versions.get()
    fields = answer("reject", "OTHER", "EVIDENCE_UNREADABLE", note="Thank you.")
    client.post(item("signature", version.pk), fields)
    review = Review.objects.get(signature_version=version)
    assert not review.approved
    assert review.note == "Thank you."
    assert [(reason["code"], reason["field"]) for reason in review.reasons] == [
        ("EVIDENCE_UNREADABLE", "evidence"),
        ("OTHER", ""),
    ]
    assert review.reasons[0]["fix"]["zh-hans"] == "请上传更清晰、完整的证明文件图片。"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (answer("reject"), "at least one reason"),
        (answer("reject", "OTHER"), "Say in the note"),
        (answer("reject", "INVENTED", note="Like this."), "Select a valid choice"),
        (answer("reject", "EVIDENCE_MISSING"), "Select a valid choice"),
        (answer("", note="Hm."), "This field is required"),
        (answer("reject", "OTP_LINK", note="x" * 1001), "at most 1000"),
    ],
)
def test_an_incomplete_answer_decides_nothing_and_keeps_what_was_written(
    client: Client, reviewer: User, fields: dict[str, Any], said: str
) -> None:
    version = pending_template().versions.get()
    shown = page(client.post(item("template", version.pk), fields))
    assert said in shown.select_one("#error-summary").text
    if fields["decision"]:
        assert fields["note"] in shown.select_one("#reject-note").text
    offered = {field["value"] for field in shown.select("[name=reasons]")}
    chosen = {field["value"] for field in shown.select("[name=reasons][checked]")}
    assert chosen == offered & {*fields["reasons"]}
    version.refresh_from_db()
    assert version.state == ReviewState.PENDING


def test_a_decision_that_comes_too_late_says_so(client: Client, reviewer: User) -> None:
    version = make_text_template(state=ReviewState.WITHDRAWN).versions.get()
    shown = page(client.post(item("template", version.pk), answer("approve"), follow=True))
    assert "already approved, rejected or withdrawn" in shown.text
    assert shown.select_one("form.decision") is None
    version.refresh_from_db()
    assert version.state == ReviewState.WITHDRAWN


def test_own_items_are_not_listed_and_not_decided(client: Client, reviewer: User) -> None:
    make_organization()
    version = pending_template().versions.get()
    make_member("OWNER", version.organization, reviewer)
    desk = page(client.get(DESK))
    assert desk.select(".queue a") == []
    assert "1 item from your own organizations is not listed" in desk.text
    shown = page(client.get(item("template", version.pk)))
    assert shown.select_one("form.decision") is None
    refused = client.post(item("template", version.pk), answer("approve"), follow=True)
    assert "own organization" in refused.text
    version.refresh_from_db()
    assert version.state == ReviewState.PENDING


def test_with_one_organization_own_items_are_decided_and_history_says_so(
    client: Client, reviewer: User
) -> None:
    version = pending_template().versions.get()
    make_member("OWNER", version.organization, reviewer)
    client.post(item("template", version.pk), answer("approve"))
    assert Review.objects.get(text_template_version=version).by_own_organization
    other = pending_signature(version.organization).versions.get()
    assert "by a member of the organization" in client.get(item("signature", other.pk)).text


def test_an_activation_is_decided_on_the_same_desk(client: Client, reviewer: User) -> None:
    activation = make_activation(make_organization())
    assert "Order notices" in client.get(item("activation", activation.pk)).text
    client.post(item("activation", activation.pk), answer("reject", "PURPOSE_UNCLEAR"))
    activation.refresh_from_db()
    assert activation.state == ActivationState.REJECTED
    ((field, advice),) = activation.named_reasons
    assert field == "what you will send, and to whom"
    assert advice.startswith("Say what you will send")
    again = make_activation(activation.organization)
    client.post(item("activation", again.pk), answer("approve"))
    again.refresh_from_db()
    assert (again.state, again.decided_by) == (ActivationState.APPROVED, reviewer)


def test_drafts_and_nonsense_are_not_found(client: Client, reviewer: User) -> None:
    draft = make_signature().versions.get()
    for address in (item("signature", draft.pk), item("template", 404), item("letter", 1)):
        assert client.get(address).status_code == 404


def test_the_administration_shows_history_and_changes_nothing(
    client: Client, reviewer: User
) -> None:
    text_template = approved_template(name="Sign-in code")
    for model, pk in (
        ("review", Review.objects.get().pk),
        ("texttemplate", text_template.pk),
        ("signature", make_signature().pk),
    ):
        listed = client.get(reverse(f"admin:templates_app_{model}_changelist"))
        assert listed.status_code == 200
        change = reverse(f"admin:templates_app_{model}_change", args=[pk])
        assert page(client.get(change)).select("input[name=_save]") == []
        assert client.post(change, {"name": "Changed"}).status_code == 403
        delete = reverse(f"admin:templates_app_{model}_delete", args=[pk])
        assert client.post(delete, {"post": "yes"}).status_code == 403
    text_template.refresh_from_db()
    assert text_template.name == "Sign-in code"
    assert DESK in client.get(reverse("admin:templates_app_review_changelist")).text
