"""Drafts: put aside, and thrown away."""

from collections.abc import Mapping

from django.db import transaction

from accounts import shared_time
from accounts.models import Organization, User
from sending.models import Draft, Upload


@transaction.atomic
def save_draft(
    *,
    organization: Organization,
    user: User,
    fields: Mapping[str, str],
    upload: Upload | None,
    draft: Draft | None = None,
) -> Draft:
    """Keep what was entered, complete or not; `draft` is the one it was taken from.

    Whoever saves it again does not become its owner.
    """
    if draft is None:
        draft = Draft(organization=organization, created_by=user)
    draft.name = fields.get("name", "")[:80]
    draft.fields = dict(fields)
    draft.upload = upload
    draft.saved_at = shared_time.now()
    draft.save()
    return draft


def delete_draft(draft: Draft) -> None:
    """Throw a draft away; its file goes when nothing else needs it."""
    draft.delete()
