"""What people do about unmatched texts: make a text template of them, or take them off the list."""

from django.db import transaction

from accounts.models import Organization, User
from sending.developers.unmatched.queries import UnmatchedGroup
from sending.models import UnmatchedText
from templates_app import wording
from templates_app.actions import create_text_template
from templates_app.models import SmsType, TextTemplate, TextTemplateVersion

_NAME_CHARS = 48
_SAMPLE = "000000"
_CODE = "123456"


@transaction.atomic
def draft_of(
    *, organization: Organization, group: UnmatchedGroup, author: User
) -> TextTemplateVersion:
    """Begin a text template with the wording that a group suggests; raise Conflict."""
    variables = wording.parse(group.wording).variables
    return create_text_template(
        organization=organization,
        author=author,
        name=_free_name(organization, group),
        sms_type=SmsType.NOTIFICATION,
        body=group.wording,
        samples=[_CODE, *[_SAMPLE] * variables][:variables],
    )


@transaction.atomic
def remove(*, organization: Organization, group: UnmatchedGroup) -> None:
    """Forget the texts of a group."""
    own = UnmatchedText.objects.for_organization(organization)
    own.filter(pk__in=[row.pk for row in group.rows]).delete()


def _free_name(organization: Organization, group: UnmatchedGroup) -> str:
    """Return the first words of the wording, with a number where they are a name already."""
    shown = wording.PLACEHOLDER.sub("…", group.wording)
    name = " ".join(shown.split())[:_NAME_CHARS].strip()
    own = TextTemplate.objects.for_organization(organization).filter(deleted_at=None)
    taken = set(own.filter(name__startswith=name).values_list("name", flat=True))
    names = (name if not nth else f"{name} {nth + 1}" for nth in range(len(taken) + 1))
    return next(one for one in names if one not in taken)
