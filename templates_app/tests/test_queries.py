"""What pages may offer: signatures and text templates that can be sent."""

import pytest
from django.utils import timezone

from accounts.tests.factories import make_organization
from templates_app.actions import delete
from templates_app.models import Signature
from templates_app.queries import compared_version, sendable_signatures
from templates_app.review import ReviewState
from templates_app.tests.factories import (
    approved_signature,
    approved_template,
    make_signature,
    make_text_template_version,
)

pytestmark = pytest.mark.django_db


def test_only_approved_signatures_of_the_organization_are_sendable_by_text() -> None:
    organization = make_organization()
    later = approved_signature(organization, "Zenith")
    first = approved_signature(organization, "Aurora")
    for state in ReviewState:
        if state is not ReviewState.APPROVED:
            make_signature(organization, state)
    approved_signature(make_organization(), "Harbourline")
    assert list(sendable_signatures(organization)) == [first, later]


def test_a_signature_whose_approval_was_withdrawn_is_not_sendable() -> None:
    signature = approved_signature()
    signature.versions.step(ReviewState.WITHDRAWN)
    assert not sendable_signatures(signature.organization).exists()


def test_a_deleted_signature_is_not_sendable() -> None:
    signature, other = approved_signature(), approved_signature()
    delete(thing=signature, actor=signature.approved.created_by)
    assert not sendable_signatures(signature.organization).exists()
    # The mark alone is enough, whatever the row points to.
    Signature.objects.filter(pk=other.pk).update(deleted_at=timezone.now())
    assert not sendable_signatures(other.organization).exists()


def test_a_version_is_compared_with_the_one_in_use_or_else_the_one_before() -> None:
    text_template = approved_template()
    first = text_template.approved
    assert compared_version(first) is None
    rejected = make_text_template_version(text_template, ReviewState.REJECTED)
    draft = make_text_template_version(text_template)
    assert compared_version(draft) == first
    text_template.approved = None
    text_template.save(update_fields=["approved"])
    draft.refresh_from_db()
    assert compared_version(draft) == rejected
