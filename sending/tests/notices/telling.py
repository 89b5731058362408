"""An organization with a contact, and a console that can send."""

import pytest

from accounts.notices import NoticeKind, tell
from accounts.tests.factories import make_active_organization, make_contact
from sending.tests.factories import make_gateway, make_prices

NUMBER = "+85261234567"
HEADLINE = "“Winter offer”, version 2, was approved"


@pytest.fixture
def organization():
    return make_active_organization(name="Harbourline Ltd", time_zone="Asia/Hong_Kong")


@pytest.fixture
def contact(organization):
    return make_contact(organization, name="Mei", email="mei@example.com", msisdn=NUMBER)


@pytest.fixture
def way():
    """Prices and a gateway with a route for every number."""
    make_prices()
    return make_gateway()


def approve(organization, thing="Winter offer", **fields):
    """Tell the contacts of an organization that a text template was approved."""
    given = {"what": "text_template", "approved": True, "thing": thing, "number": 2}
    tell(NoticeKind.REVIEW, organization, contacts=True, **given | fields)
