"""Pages of text templates."""

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Member
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from templates_app import queries
from templates_app.actions.bulk import duplicate
from templates_app.models import Review, TextTemplate, TextTemplateVersion
from templates_app.review import ReviewState
from templates_app.tests.factories import (
    SEED_BODY,
    approved_signature,
    approved_template,
    make_text_template,
    make_text_template_version,
    pending_template,
)

pytestmark = pytest.mark.django_db

FIELDS = {"name": "Sign-in code", "sms_type": "OTP", "body": SEED_BODY, "sample": ["1234", "5"]}


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


def rejected(member: Member) -> TextTemplate:
    text_template = make_text_template(member.organization, ReviewState.REJECTED)
    reason = {"code": "OTP_CODE_WORD", "field": "body", "advice": "Name it."}
    Review.objects.create(
        organization=member.organization,
        text_template_version=text_template.versions.get(),
        approved=False,
        reasons=[reason],
        note="Nearly.",
        reviewer=make_member().user,
    )
    return text_template


def test_list_is_filtered_by_state_and_type_in_the_address(client: Client, sender: Member) -> None:
    approved_template(sender.organization, name="In use")
    used = approved_template(sender.organization, name="In use, corrected")
    make_text_template_version(used, ReviewState.PENDING)
    pending_template(sender.organization, sms_type="MARKETING", name="Waits")
    make_text_template(name="Of others")

    def names(**filters: str) -> set[str]:
        rows = page(client.get(url("template_list"), filters)).select("tbody th a")
        return {row.text for row in rows}

    assert names() == {"In use", "In use, corrected", "Waits"}
    assert names(state="APPROVED") == {"In use", "In use, corrected"}
    assert names(state="PENDING") == {"In use, corrected", "Waits"}
    assert names(type="MARKETING") == {"Waits"}
    assert names(state="NONSENSE") == {"In use", "In use, corrected", "Waits"}
    assert "No text templates match" in client.get(url("template_list"), {"state": "DRAFT"}).text


def test_a_long_list_is_paged_without_gaps_and_keeps_its_filters(
    client: Client, sender: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LIST_SIZE", 2)
    made = [make_text_template(sender.organization).name for _ in range(5)]
    approved_template(sender.organization)
    seen, href = [], "?state=DRAFT"
    while href:
        shown = page(client.get(url("template_list") + href))
        seen += [row.text for row in shown.select("tbody th a")]
        further = [link["href"] for link in shown.select(".table-foot a") if "Next" in link.text]
        href = further[0] if further else ""
    assert seen == made[::-1]
    first = shown.select_one(".table-foot a")["href"]
    assert first == "?state=DRAFT"


def test_an_empty_list_offers_the_first_one(client: Client, sender: Member) -> None:
    links = page(client.get(url("template_list"))).select("main a")
    assert "Write the first one" in {link.text for link in links}


def test_a_one_time_password_has_a_validity_of_its_own(client: Client, sender: Member) -> None:
    names = {"body": "Your sign-in code is {1}, valid for 5 minutes.", "sample": ["1234"]}
    given = {**FIELDS, **names, "validity_minutes": "10", "save": "1"}
    refused = client.post(url("template_create"), given)
    assert "The text says 5 minutes." in refused.text
    assert not TextTemplateVersion.objects.exists()

    client.post(url("template_create"), given | {"validity_minutes": "3"})
    version = TextTemplateVersion.objects.get()
    assert version.validity_minutes == 3
    pk = version.text_template_id
    shown = page(client.get(url("template_edit", pk))).select_one("#id_validity_minutes")
    assert shown["value"] == "3"
    duplicate(version=version, author=sender.user)
    assert TextTemplateVersion.objects.latest("pk").validity_minutes == 3
    client.post(url("template_edit", pk), given | {"sms_type": "NOTIFICATION"})
    version.refresh_from_db()
    assert version.validity_minutes is None, "only codes have one"


def test_create_saves_a_draft_and_shows_its_figures(client: Client, sender: Member) -> None:
    response = client.post(url("template_create"), {**FIELDS, "save": "1"}, follow=True)
    shown = page(response)
    version = TextTemplateVersion.objects.get()
    assert response.redirect_chain == [(url("template_edit", version.text_template_id), 302)]
    assert (version.body, version.samples, version.state) == (SEED_BODY, ["1234", "5"], "DRAFT")
    assert shown.select_one(".bubble").text.strip() == (
        "Your verification code is 1234 (valid for 5 minutes). "
        "For account safety, don't forward the code to others."
    )
    assert [field["value"] for field in shown.select("input[name=sample]")] == ["1234", "5"]


def test_create_can_submit_at_once(client: Client, sender: Member) -> None:
    response = client.post(url("template_create"), {**FIELDS, "submit": "1"}, follow=True)
    version = TextTemplateVersion.objects.get()
    assert version.state == ReviewState.PENDING
    text = response.text
    assert "Version 1 is in review" in text
    assert "before it" not in text


def test_a_draft_that_breaks_rules_is_kept_and_not_submitted(
    client: Client, sender: Member
) -> None:
    fields = {**FIELDS, "body": "Hello {1} at www.{2}.example", "submit": "1"}
    response = client.post(url("template_create"), fields, follow=True)
    version = TextTemplateVersion.objects.get()
    assert (version.state, version.body) == ("DRAFT", fields["body"])
    assert "must be corrected" in response.text
    assert {"OTP_CODE_WORD", "VARIABLE_IN_LINK"} <= {
        rule.text for rule in page(response).select(".lint .rule")
    }


def test_input_is_never_lost(client: Client, sender: Member) -> None:
    long_body = "code {1} " * 70
    fields = {**FIELDS, "name": "", "body": long_body, "remarks": "Why", "save": "1"}
    shown = page(client.post(url("template_create"), fields))
    assert TextTemplate.objects.count() == 0
    assert shown.select_one("#error-summary")
    assert shown.select_one("#id_body").text.strip() == long_body.strip()
    assert shown.select_one("#id_remarks").text.strip() == "Why"
    assert shown.select_one("input[name=sample]")["value"] == "1234"
    assert "maxlength" not in shown.select_one("#id_body").attrs


def test_a_name_that_is_taken_is_an_error_at_the_field(client: Client, sender: Member) -> None:
    make_text_template(sender.organization, name=FIELDS["name"])
    shown = page(client.post(url("template_create"), {**FIELDS, "save": "1"}))
    assert "Choose another name" in shown.select_one("#div_id_name").text


def test_line_ends_of_browsers_are_not_counted(client: Client, sender: Member) -> None:
    client.post(url("template_create"), {**FIELDS, "body": "Your code\r\nis {1}.", "save": "1"})
    assert TextTemplateVersion.objects.get().body == "Your code\nis {1}."


def test_a_button_replaces_the_character_that_costs(client: Client, sender: Member) -> None:
    text_template = make_text_template(sender.organization, body="The code is {1}. Don’t share.")
    address = url("template_edit", text_template.pk)
    button = page(client.get(address)).select_one("button[name=replace]")
    fields = {**FIELDS, "body": "The code is {1}. Don’t share.", "replace": button["value"]}
    shown = page(client.post(address, fields, follow=True))
    assert text_template.versions.get().body == "The code is {1}. Don't share."
    assert shown.select_one("button[name=replace]") is None


def test_edit_shows_what_changed_and_what_stays_in_use(client: Client, sender: Member) -> None:
    text_template = approved_template(sender.organization)
    body = SEED_BODY.replace("minutes", "hours")
    make_text_template_version(text_template, body=body)
    shown = page(client.get(url("template_edit", text_template.pk)))
    assert "Version 1 is approved and stays in use" in shown.text
    assert shown.select_one("del").text.strip() == "minutes)."
    assert shown.select_one("ins").text.strip() == "hours)."


def test_edit_without_a_draft_leads_to_the_text(client: Client, sender: Member) -> None:
    text_template = pending_template(sender.organization)
    response = client.post(url("template_edit", text_template.pk), {**FIELDS, "body": "Changed"})
    assert response["Location"] == url("template_detail", text_template.pk)
    assert text_template.versions.get().body == SEED_BODY


def test_a_rejection_is_shown_and_corrected_in_a_new_version(
    client: Client, sender: Member
) -> None:
    text_template = rejected(sender)
    shown = page(client.get(url("template_detail", text_template.pk)))
    assert "Name it." in shown.text
    assert "Nearly." in shown.text
    form = next(form for form in shown.select("form") if "Correct it" in form.text)
    editor = page(client.post(form["action"], follow=True))
    assert "Name it." in editor.select_one("form .notice").text
    assert text_template.versions.count() == 2
    assert text_template.versions.get(number=2).state == ReviewState.DRAFT


def test_detail_shows_each_version(client: Client, sender: Member) -> None:
    text_template = approved_template(sender.organization)
    make_text_template_version(text_template, body="Another code: {1}")
    newest = page(client.get(url("template_detail", text_template.pk)))
    first = page(client.get(url("template_detail", text_template.pk), {"version": "1"}))
    odd = page(client.get(url("template_detail", text_template.pk), {"version": "x"}))
    assert newest.select_one(".wording").text.strip() == "Another code: {1}"
    assert first.select_one(".wording").text.strip() == SEED_BODY
    assert odd.select_one(".wording").text.strip() == "Another code: {1}"


def test_withdraw_and_delete(client: Client, sender: Member) -> None:
    text_template = pending_template(sender.organization)
    version = text_template.versions.get()
    response = client.post(url("template_withdraw", version.pk), follow=True)
    assert "The submission was withdrawn" in response.text
    again = client.post(url("template_withdraw", version.pk), follow=True)
    assert "already been decided or withdrawn" in again.text
    client.post(url("template_delete", text_template.pk))
    assert client.get(url("template_detail", text_template.pk)).status_code == 404


def test_preview_follows_what_is_typed_and_saves_nothing(client: Client, sender: Member) -> None:
    text_template = approved_template(sender.organization)
    draft = make_text_template_version(text_template)
    signature = approved_signature(sender.organization)
    fields = {
        **FIELDS,
        "version": draft.pk,
        "body": "Your code is {1}, {2}, {3}",
        "signature": signature.pk,
    }
    shown = page(client.post(url("template_preview"), fields))
    assert shown.select_one("#preview .bubble").text.strip() == (
        "[Harbourline] Your code is 1234, 5, {3}"
    )
    assert len(shown.select("#samples input")) == 3
    assert shown.select_one("#changes ins")
    draft.refresh_from_db()
    assert draft.body == SEED_BODY
    same = page(client.post(url("template_preview"), FIELDS))
    assert same.select_one("#samples") is None, "typing in a sample keeps its field"


@pytest.mark.parametrize("fields", [{}, {"version": "x" * 40}, {"body": "{", "sms_type": "?"}])
def test_preview_takes_any_input(client: Client, sender: Member, fields: dict) -> None:
    assert client.post(url("template_preview"), fields).status_code == 200


def test_viewers_look_and_do_not_write(client: Client) -> None:
    member = make_member(Role.VIEWER)
    log_in(client, member)
    text_template = make_text_template(member.organization)
    version = text_template.versions.get()
    assert client.get(url("template_list")).status_code == 200
    shown = page(client.get(url("template_detail", text_template.pk)))
    assert shown.select("main form") == []
    for address in (url("template_create"), url("template_edit", text_template.pk)):
        assert client.get(address).status_code == 403
    for address in (
        url("template_preview"),
        url("template_delete", text_template.pk),
        url("template_withdraw", version.pk),
        url("template_new_version", version.pk),
    ):
        assert client.post(address).status_code == 403
    assert text_template.versions.get().state == ReviewState.DRAFT


def test_it_hides_what_is_not_yours(client: Client, sender: Member) -> None:
    text_template = make_text_template()
    version = text_template.versions.get()
    for address in (
        url("template_detail", text_template.pk),
        url("template_edit", text_template.pk),
    ):
        assert client.get(address).status_code == 404
    for address in (
        url("template_delete", text_template.pk),
        url("template_withdraw", version.pk),
        url("template_new_version", version.pk),
    ):
        assert client.post(address).status_code == 404
    hidden = client.post(url("template_preview"), {**FIELDS, "version": version.pk})
    assert hidden.status_code == 404
    version.refresh_from_db()
    assert version.state == ReviewState.DRAFT


def test_findings_lead_to_the_field_they_are_about(client: Client, sender: Member) -> None:
    fields = {**FIELDS, "body": "Your number is {1}, {2}", "sample": ["1", "www.a.example"]}
    shown = page(client.post(url("template_preview"), fields))
    links = {link["href"] for link in shown.select(".lint a")}
    assert links == {"#id_body", "#sample-2"}


@pytest.mark.parametrize(
    "body", ["[" * 100_000, "[a" * 50_000, "ab.com " * 12_000 + "{1}" * 12_000, "{1}" * 33_000]
)
def test_preview_of_a_text_that_is_too_long_is_one_finding_and_a_short_page(
    client: Client, sender: Member, body: str
) -> None:
    samples = ["[a" * 2_000] * 99
    fields = {**FIELDS, "body": body, "sample": samples}
    response = client.post(url("template_preview"), fields)
    assert [rule.text for rule in page(response).select(".rule")] == ["TEXT_TOO_LONG"]
    assert len(response.content) < 100_000


def test_preview_of_the_most_that_can_be_marked_is_a_short_page(
    client: Client, sender: Member
) -> None:
    fields = {**FIELDS, "sms_type": "MARKETING", "body": "{1}[’" * 100, "sample": ["[’" * 50]}
    response = client.post(url("template_preview"), fields)
    assert page(response).select(".rule")[-1].text == "MORE_FINDINGS"
    assert len(response.content) < 150_000
