"""Private notes: what reviewers tell each other."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.models import AuditEntry, User
from accounts.staff import is_reviewer
from templates_app.desk.queries import Item
from templates_app.models import PrivateNote


@transaction.atomic
def write_note(*, item: Item, author: User, text: str) -> PrivateNote:
    """Keep a note about the organization of an item; raises NotAllowed for who reviews nothing.

    The trail of the console says that there is one: that of the organization must not.
    """
    if not is_reviewer(author):
        raise NotAllowed(_("Only reviewers can write private notes."))
    note = PrivateNote.objects.create(
        organization=item.row.organization, thing=item.title[:200], text=text, author=author
    )
    AuditEntry.record(
        action="private_note.written",
        subject=item.title,
        organization=None,
        actor=author,
        organization_id=item.row.organization.pk,
        note_id=note.pk,
    )
    return note
