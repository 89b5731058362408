"""What every test of the engine stands on."""

import pytest


@pytest.fixture(autouse=True)
def rows_of_migrations(request):
    """Put back what migrations wrote: tests with real commits empty every table."""
    if not request.node.get_closest_marker("django_db"):
        return
    from django.contrib.auth.models import Group

    from sending.models import MessageSequence

    for name in ("Reviewers", "Operators"):
        Group.objects.get_or_create(name=name)
    MessageSequence.objects.get_or_create(pk=1)


@pytest.fixture(autouse=True)
def forget_versions():
    """Ids of versions come again from test to test."""
    from sending.acceptance import memory
    from sending.delivery.queue import rendering

    memory._compiled.cache_clear()
    rendering._wording.cache_clear()
    rendering._signature.cache_clear()
