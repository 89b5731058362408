"""One noun a file: users, organizations, members, activation, applications, contacts, audit."""

from accounts.models.api_key import ApiKey, KeyKind
from accounts.models.application import ApplicationCountry, CallbackDialect, SmsApplication
from accounts.models.audit import CONSOLE_CHAIN, AuditChain, AuditEntry
from accounts.models.contact import Contact
from accounts.models.login_throttle import LoginThrottle
from accounts.models.member import Invitation, Member
from accounts.models.notice import Notice
from accounts.models.organization import Organization
from accounts.models.organization_queryset import OrganizationQuerySet
from accounts.models.originator import ApplicationOriginator, Originator, OriginatorState
from accounts.models.service_activation import ActivationState, ServiceActivation
from accounts.models.standing import HeldBecause, Rest, Standing
from accounts.models.stepping import StepQuerySet
from accounts.models.suspendable import Suspendable
from accounts.models.user import User

__all__ = [
    "CONSOLE_CHAIN",
    "ActivationState",
    "ApiKey",
    "ApplicationCountry",
    "ApplicationOriginator",
    "AuditChain",
    "AuditEntry",
    "CallbackDialect",
    "Contact",
    "HeldBecause",
    "Invitation",
    "KeyKind",
    "LoginThrottle",
    "Member",
    "Notice",
    "Organization",
    "OrganizationQuerySet",
    "Originator",
    "OriginatorState",
    "Rest",
    "ServiceActivation",
    "SmsApplication",
    "Standing",
    "StepQuerySet",
    "Suspendable",
    "User",
]
