"""An organization with a key and something to send. Imports of models wait for Django."""

import pytest

from sending.tests.api.tencent.conftest import application, key, member, nothing_is_remembered
from sending.tests.callbacks.conftest import receiver
from sending.tests.delivery.conftest import forget_versions, rows_of_migrations

__all__ = [
    "application",
    "forget_versions",
    "key",
    "member",
    "nothing_is_remembered",
    "receiver",
    "rows_of_migrations",
]


@pytest.fixture
def template(key):
    """An approved text template with two variables."""
    from sending.tests.factories import CODE_BODY
    from templates_app.tests.factories import approved_template

    return approved_template(key.organization, CODE_BODY)
