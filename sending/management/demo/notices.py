"""What the demo's contact is told when the console starts: by e-mail, and by SMS for real."""

from django.urls import reverse

from accounts.models import Organization
from accounts.notices import NoticeKind, tell
from sending.management.demo.content import MARKETING
from templates_app.models import TextTemplate


def load_notices(organization: Organization) -> None:
    """Tell of the approved offer."""
    offer = TextTemplate.objects.for_organization(organization).get(name=MARKETING.name)
    tell(
        NoticeKind.REVIEW,
        organization,
        contacts=True,
        path=reverse("templates_app:template_detail", args=[offer.pk]),
        what="text_template",
        approved=True,
        thing=offer.name,
        number=1,
    )
