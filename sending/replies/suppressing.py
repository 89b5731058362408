"""A number on the suppression list and off it, by a reply or by a person."""

from collections.abc import Callable

from accounts.masking import masked
from accounts.models import AuditEntry, Organization, User
from sending.models import Suppression


def suppress(
    *, organization: Organization, msisdn: str, reason: str, actor: User | None = None
) -> bool:
    """Put a number on the suppression list; return whether it was not there.

    Call it as the last step of a transaction.
    """
    if Suppression.objects.of_number(msisdn, organization.pk).exists():
        return False
    _row, is_new = Suppression.objects.get_or_create(
        organization=organization, msisdn=msisdn, defaults={"reason": reason}
    )
    if is_new:
        _record(organization, actor, "suppression.added", msisdn)
    return is_new


def unsuppress(
    *,
    organization: Organization,
    msisdn: str,
    actor: User | None = None,
    then: Callable[[], None] = lambda: None,
) -> bool:
    """Take a number off the list, erased or not, and do `then`; return whether it was there.

    Call it as the last step of a transaction.
    """
    removed, _by_model = Suppression.objects.of_number(msisdn, organization.pk).delete()
    if removed:
        then()
        _record(organization, actor, "suppression.removed", msisdn)
    return bool(removed)


def _record(organization: Organization, actor: User | None, action: str, msisdn: str) -> None:
    """Write it down; without an actor it was a reply."""
    by = {} if actor else {"by": "reply"}
    AuditEntry.record(
        action=action, subject=masked(msisdn), organization=organization, actor=actor, **by
    )
