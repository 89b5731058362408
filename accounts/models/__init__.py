"""One noun a file: users, organizations, members, activation, applications, contacts, audit."""

from accounts.models.application import SmsApplication
from accounts.models.audit import AuditEntry
from accounts.models.contact import Contact
from accounts.models.member import Invitation, Member
from accounts.models.organization import Organization
from accounts.models.organization_queryset import OrganizationQuerySet
from accounts.models.service_activation import ActivationState, ServiceActivation
from accounts.models.stepping import StepQuerySet
from accounts.models.suspendable import Suspendable
from accounts.models.user import User

__all__ = [
    "ActivationState",
    "AuditEntry",
    "Contact",
    "Invitation",
    "Member",
    "Organization",
    "OrganizationQuerySet",
    "ServiceActivation",
    "SmsApplication",
    "StepQuerySet",
    "Suspendable",
    "User",
]
