"""Lists of signatures and text templates in the administration."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import log_in, make_operator, make_reviewer
from templates_app.tests.factories import approved_template, pending_signature

pytestmark = pytest.mark.django_db


def test_operators_find_where_to_revoke_what_is_in_use(client: Client) -> None:
    version = approved_template().approved
    pending_signature()
    log_in(client, make_operator())
    page = client.get(reverse("admin:templates_app_texttemplate_changelist")).text
    address = reverse("operations:revocation", args=["text", version.pk])
    assert f'href="{address}"' in page
    assert client.get(address).status_code == 200
    signatures = client.get(reverse("admin:templates_app_signature_changelist")).text
    assert "/operations/texts/signature/" not in signatures
    log_in(client, make_reviewer())
    seen = client.get(reverse("admin:templates_app_texttemplate_changelist")).text
    assert address not in seen
