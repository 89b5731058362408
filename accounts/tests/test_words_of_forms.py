"""What every form of the console has in common: websites, optional fields, e-mail addresses."""

import re
from collections.abc import Iterator

import pytest
from django import forms
from django.urls import reverse

from accounts.adapter import AccountAdapter
from accounts.forms import ContactForm, WebsiteField
from accounts.models import Organization
from accounts.tests.factories import log_in, make_member


def forms_of(parent: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    """Yield every form of the console that is loaded."""
    for form in parent.__subclasses__():
        if form.__module__.split(".")[0] in {"accounts", "sending", "templates_app"}:
            yield form
        yield from forms_of(form)


def test_every_website_is_taken_without_its_scheme() -> None:
    import accounts.admin  # noqa: F401  (loads the forms)

    found = [
        (form, name, field)
        for form in forms_of(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.URLField)
    ]
    assert len({form for form, name, _field in found if name == "website"}) >= 3
    for form, name, field in found:
        assert field.clean("shop.example/sms") == "https://shop.example/sms", (form, name)
        if name == "website":
            assert isinstance(field, WebsiteField), form


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("example.com", "https://example.com"),
        ("www.Example.com/Shop", "https://www.example.com/Shop"),
        ("HTTP://example.com", "http://example.com"),
        (" https://example.com ", "https://example.com"),
        ("例子.example", "https://例子.example"),
        ("", ""),
    ],
)
def test_how_a_website_is_kept(written: str, kept: str) -> None:
    assert WebsiteField(required=False).clean(written) == kept


@pytest.mark.parametrize(
    "written", ["javascript:alert(1)", "no website", "https://", "ftp//x", "http://[", "x" * 300]
)
def test_what_is_no_website_is_said(written: str) -> None:
    with pytest.raises(forms.ValidationError):
        WebsiteField(required=False).clean(written)


@pytest.mark.django_db
def test_a_website_without_its_scheme_passes_the_page(client) -> None:
    log_in(client, make_member())
    page = client.get(reverse("accounts:organization_create"))
    assert 'type="url"' not in page.text
    form = {"name": "Second", "time_zone": "UTC", "website": "second.example"}
    client.post(reverse("accounts:organization_create"), form)
    assert Organization.objects.get(name="Second").website == "https://second.example"


@pytest.mark.django_db
def test_what_may_be_required_is_not_called_optional(client) -> None:
    log_in(client, make_member())
    text = client.get(reverse("accounts:contact_create")).text
    assert "(optional)" not in re.sub(r"<[^>]*>", "", text)
    assert not ContactForm({"name": "Mei", "email": "", "msisdn": ""}).is_valid()


def test_what_sign_in_says_is_spelled_as_everywhere() -> None:
    # Pages are looked at by smsconsole/tests/page_rules.py.
    said = map(str, AccountAdapter.error_messages.values())
    assert [words for words in said if re.search(r"\b[Ee]mails?\b", words)] == []
