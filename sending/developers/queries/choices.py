"""What a program may send with: applications, their keys, approved templates and signatures."""

from accounts.models import ApiKey, KeyKind, Organization, SmsApplication
from templates_app.models import Signature, TextTemplate
from templates_app.wording import parse


def applications(organization: Organization) -> list[SmsApplication]:
    """Return the applications that are switched on."""
    own = SmsApplication.objects.for_organization(organization).filter(is_enabled=True)
    return list(own.order_by("pk"))


def keys(organization: Organization) -> list[ApiKey]:
    """Return the keys that requests may be signed with now, of applications that are on."""
    own = ApiKey.objects.for_organization(organization).usable()
    own = own.filter(kind=KeyKind.SIGNING.value)
    enabled = own.filter(application__is_enabled=True)
    return list(enabled.select_related("application").order_by("application_id", "-pk"))


def templates(organization: Organization) -> list[TextTemplate]:
    """Return the text templates with an approved version, the newest first."""
    own = TextTemplate.objects.for_organization(organization)
    approved = own.filter(deleted_at=None).exclude(approved=None)
    return list(approved.select_related("approved").order_by("-pk"))


def samples_of(template: TextTemplate) -> list[str]:
    """Return the sample values of the approved version, one a variable."""
    return [str(value) for value in template.approved.samples] if template.approved else []


def signatures(organization: Organization) -> list[Signature]:
    """Return the signatures with an approved version, by their words."""
    own = Signature.objects.for_organization(organization)
    approved = own.filter(deleted_at=None).exclude(approved=None)
    return list(approved.select_related("approved").order_by("approved__content", "pk"))


def example_text(organization: Organization) -> str:
    """Return what the newest approved text template says with its samples; empty without any."""
    for template in templates(organization):
        wording = parse(template.approved.body) if template.approved else None
        if wording and wording.variables == len(samples_of(template)):
            return wording.render(samples_of(template))
    return ""
