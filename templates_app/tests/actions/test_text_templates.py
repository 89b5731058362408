"""Writing text templates."""

import pytest

from accounts.errors import Conflict
from accounts.tests.factories import make_organization, make_user
from templates_app.actions import create_text_template, save_text_template, text_templates
from templates_app.actions.text_templates import NameTaken
from templates_app.models import TextTemplate
from templates_app.tests.factories import make_text_template

pytestmark = pytest.mark.django_db

FIELDS = {"sms_type": "OTP", "body": "Your code is {1}.", "samples": ["1234"]}


def test_a_new_one_has_a_draft() -> None:
    organization, author = make_organization(), make_user()
    version = create_text_template(organization=organization, author=author, name="Code", **FIELDS)
    assert (version.number, version.state, version.samples) == (1, "DRAFT", ["1234"])
    assert version.text_template.approved is None


def test_names_are_different_within_an_organization_only() -> None:
    taken = make_text_template(name="Sign-in")
    author = make_user()
    with pytest.raises(NameTaken, match="Sign-in"):
        create_text_template(
            organization=taken.organization, author=author, name="Sign-in", **FIELDS
        )
    other = make_text_template(taken.organization)
    with pytest.raises(NameTaken):
        save_text_template(version=other.versions.get(), author=author, name="Sign-in", **FIELDS)
    assert other.versions.get().body != FIELDS["body"], "a refused save changes nothing"
    create_text_template(organization=make_organization(), author=author, name="Sign-in", **FIELDS)


def test_there_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_templates, "TEXT_TEMPLATE_LIMIT", 2)
    organization, author = make_organization(), make_user()
    for number in (1, 2):
        create_text_template(
            organization=organization, author=author, name=f"Text {number}", **FIELDS
        )
    with pytest.raises(Conflict, match="2 text templates"):
        create_text_template(organization=organization, author=author, name="Text 3", **FIELDS)
    assert TextTemplate.objects.filter(organization=organization).count() == 2
