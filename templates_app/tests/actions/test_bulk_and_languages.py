"""Many drafts at once, copies, and other languages of a text."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.errors import Conflict
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_organization, make_reviewer
from templates_app import queries
from templates_app.actions import add_language, decide, delete, duplicate, submit, submit_many
from templates_app.actions.languages import LanguageTaken
from templates_app.actions.same_variables import OtherVariables
from templates_app.models import TextTemplate, TextTemplateVersion
from templates_app.review import ReviewState
from templates_app.tests.factories import approved_template, make_signature, make_text_template

pytestmark = pytest.mark.django_db
FRENCH = "Votre code est {1} (valable {2} minutes)."


@pytest.fixture
def member():
    return make_member(Role.SENDER)


@pytest.fixture
def first(member):
    return approved_template(member.organization, name="Sign-in code")


def translated(first, member, language="fr", body=FRENCH):
    version = add_language(text_template=first, author=member.user, language=language)
    TextTemplateVersion.objects.filter(pk=version.pk).update(body=body)
    version.refresh_from_db()
    return version


def approved(version, member):
    submit(version=version, submitter=member.user)
    version.refresh_from_db()
    decide(version=version, reviewer=make_reviewer(), approve=True)
    return version


def test_a_language_is_used_once_it_is_approved(first, member):
    version = translated(first, member)
    assert (version.name, version.body) == ("Sign-in code (French)", FRENCH)
    assert queries.language_versions(first) == {}
    approved(version, member)
    assert queries.language_versions(first) == {"fr": version.pk}
    assert list(queries.text_templates(member.organization)) == [first], "no line of its own"
    delete(thing=first, actor=member.user)
    assert not TextTemplate.objects.filter(deleted_at=None).exists()


def test_a_language_takes_the_same_values(first, member):
    version = translated(first, member, body="Votre code est {1}.")
    with pytest.raises(OtherVariables, match=r"up to \{2\}"):
        submit(version=version, submitter=member.user)


def test_what_stands_for_another_number_of_values_is_left_out(first, member):
    approved(translated(first, member), member)
    TextTemplateVersion.objects.filter(pk=first.approved_id).update(body="Your code is {1}.")
    first.refresh_from_db()
    assert queries.language_versions(first) == {}


def test_a_text_has_each_language_once(first, member):
    version = translated(first, member)
    with pytest.raises(LanguageTaken):
        translated(first, member)
    with pytest.raises(Conflict):
        add_language(text_template=version.text_template, author=member.user, language="de")


def test_drafts_are_submitted_one_by_one_and_each_refusal_is_said(member):
    good = make_text_template(member.organization, name="Good").versions.get()
    bad = make_text_template(member.organization, name="Bad", body="Hello {99}").versions.get()
    over = make_text_template(member.organization, ReviewState.PENDING).versions.get()
    results = submit_many(versions=[good, bad, over], submitter=member.user)
    assert [bool(one.refusal) for one in results] == [False, True, True]
    assert "{1} is missing." in results[1].findings
    good.refresh_from_db()
    assert good.state == "PENDING"


def test_a_copy_is_a_draft_with_a_name_of_its_own(first, member):
    copies = [duplicate(version=first.approved, author=member.user) for _n in range(3)]
    names = [copy.text_template.name for copy in copies]
    assert names == [
        "Copy of Sign-in code", "Copy of Sign-in code 2", "Copy of Sign-in code 3"
    ]  # fmt: skip
    assert {copy.body for copy in copies} == {first.approved.body}
    long = make_text_template(member.organization, name="x" * 60).versions.get()
    lengths = [
        len(duplicate(version=long, author=member.user).text_template.name) for _n in range(3)
    ]
    assert lengths == [60, 60, 60]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"search": "sign"}, ["Sign-in code"]),
        ({"search": "VOTRE CODE"}, ["Sign-in code"]),
        ({"search": "lamp"}, ["Winter"]),
        ({"search": "nothing"}, []),
        ({"language": "fr"}, ["Sign-in code"]),
        ({"language": "de"}, []),
        ({"state": "DRAFT"}, ["Winter"]),
        ({"search": "lamp", "state": "APPROVED"}, []),
    ],
)
def test_texts_are_found_by_words_language_and_state(client, first, member, wanted, found):
    translated(first, member)
    make_text_template(member.organization, name="Winter", body="A lamp for {1} {2}, today.")
    approved_template(make_organization(), name="Sign-in code of others")
    log_in(client, member)
    page = BeautifulSoup(
        client.get(reverse("templates_app:template_list"), wanted).text, "html.parser"
    )
    shown = [link.text for link in page.select("tbody th a")]
    assert shown == found


def test_the_list_submits_what_was_chosen(client, member):
    good = make_text_template(member.organization, name="Good")
    bad = make_text_template(member.organization, name="Bad", body="Hello {99}")
    theirs = make_text_template(make_organization())
    log_in(client, member)
    answer = client.post(
        reverse("templates_app:template_submit"), {"pk": [good.pk, bad.pk, theirs.pk, "x"]}
    )
    assert "1 draft was submitted." in answer.text
    assert "Bad" in answer.text
    assert "{1} is missing." in answer.text
    assert theirs.versions.get().state == "DRAFT"
    signature = make_signature(member.organization, content="Lumen")
    answer = client.post(reverse("templates_app:signature_submit"), {"pk": signature.pk})
    assert signature.versions.get().state == "PENDING"


def test_a_language_is_written_on_the_page(client, first, member):
    log_in(client, member)
    add = reverse("templates_app:template_add_language", args=[first.pk])
    assert "Choose a language" in client.post(add, {"language": ""}).text
    editor = client.post(add, {"language": "fr"}, follow=True)
    assert "in French" in editor.text
    assert not BeautifulSoup(editor.text, "html.parser").select("[name=name]")
    variant = first.variants.get()
    address = reverse("templates_app:template_edit", args=[variant.pk])
    client.post(address, {"body": FRENCH, "sample": ["1234", "5"], "submit": "1"})
    version = variant.versions.get()
    assert (version.state, version.body, version.sms_type) == ("PENDING", FRENCH, "OTP")
    assert "French" in client.get(reverse("templates_app:template_detail", args=[first.pk])).text
