"""What people do to customers, own columns, and many customers at once."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts import shared_time
from accounts.models import AuditEntry, Organization, User
from sending.groups.actions import create_group, start_change
from sending.models import (
    ChangeKind,
    ChangeState,
    Customer,
    CustomerChange,
    CustomerField,
    CustomerGroup,
    CustomerSource,
)
from sending.models.number_digest import number_digest
from sending.pool import changes
from sending.pool.filters import CustomerFilter


@transaction.atomic
def add_customer(
    *, organization: Organization, user: User, msisdn: str, country: str, **kept: Any
) -> Customer:
    """Add a customer who was entered; somebody who was quicker has added the same one."""
    customer, is_new = Customer.objects.get_or_create(
        organization=organization,
        msisdn=msisdn,
        defaults={
            "country": country,
            "source": CustomerSource.ENTERED,
            "consent_at": shared_time.now() if kept["consent"] else None,
            **kept,
        },
    )
    if is_new:
        _record(organization, user, "customers.added", number_digest(msisdn))
    return customer


@transaction.atomic
def edit_customer(*, customer: Customer, user: User, **kept: Any) -> None:
    """Store what is kept of a customer."""
    if kept["consent"] != customer.consent:
        customer.consent_at = shared_time.now() if kept["consent"] else None
    for name, value in kept.items():
        setattr(customer, name, value)
    customer.save(update_fields=[*kept, "consent_at"])
    _record(customer.organization, user, "customers.edited", number_digest(customer.msisdn))


@transaction.atomic
def add_field(*, organization: Organization, user: User, label: str) -> CustomerField:
    """Add an own column, as the last one."""
    own = CustomerField.objects.for_organization(organization)
    last = own.aggregate(last=Max("position"))["last"]
    field: CustomerField = own.create(
        organization=organization,
        # Never used again, so that what an old import brings finds no new column.
        key=f"c{secrets.token_hex(4)}",
        label=label,
        position=0 if last is None else last + 1,
    )
    _record(organization, user, "customer_columns.added", label)
    return field


@transaction.atomic
def rename_field(*, field: CustomerField, user: User, label: str) -> None:
    """Give a column another name."""
    field.label = label
    field.save(update_fields=["label"])
    _record(field.organization, user, "customer_columns.renamed", label)


@transaction.atomic
def move_field(*, field: CustomerField, up: bool) -> None:
    """Let a column change places with its neighbour; the first and the last one stay."""
    own = list(CustomerField.objects.for_organization(field.organization))
    at = own.index(field)
    other = at - 1 if up else at + 1
    if 0 <= other < len(own):
        own[at], own[other] = own[other], own[at]
    for position, each in enumerate(own):
        each.position = position
    CustomerField.objects.bulk_update(own, ["position"])


@transaction.atomic
def remove_field(*, field: CustomerField, user: User) -> CustomerChange:
    """Remove a column at once, and its values at all customers in the background."""
    organization, key, label = field.organization, field.key, field.label
    field.delete()
    change = start_change(
        CustomerChange(
            organization=organization, kind=ChangeKind.FORGET, field=key, started_by=user
        )
    )
    _record(organization, user, "customer_columns.removed", label)
    return change


@transaction.atomic
def change_many(
    *,
    organization: Organization,
    user: User,
    kind: str,
    wanted: CustomerFilter,
    source: CustomerGroup | None,
    target: CustomerGroup | None = None,
    new_group: str = "",
) -> CustomerChange:
    """Begin to change all customers that a filter means."""
    return start_change(
        CustomerChange(
            organization=organization,
            kind=kind,
            filter=wanted.to_json(),
            source=source,
            target=target or _made(organization, user, new_group),
            started_by=user,
        )
    )


@transaction.atomic
def change_chosen(
    *,
    organization: Organization,
    user: User,
    kind: str,
    ids: Sequence[int],
    source: CustomerGroup | None,
    target: CustomerGroup | None = None,
    new_group: str = "",
) -> CustomerChange:
    """Change a few customers now; return what was done."""
    now = shared_time.now()
    change = CustomerChange.objects.create(
        organization=organization,
        kind=kind,
        source=source,
        target=target or _made(organization, user, new_group),
        started_by=user,
        state=ChangeState.FINISHED,
        until=0,
        looked_at=len(ids),
        finished_at=now,
    )
    change.changed = changes.apply(change, ids)
    change.save(update_fields=["changed"])
    changes.record(change, change.changed)
    return change


def _made(organization: Organization, user: User, name: str) -> CustomerGroup | None:
    if not name:
        return None
    return create_group(form_group=CustomerGroup(organization=organization, name=name), user=user)


@transaction.atomic
def merge_group(*, group: CustomerGroup, target: CustomerGroup, user: User) -> CustomerChange:
    """Begin to move all customers of a group into another one; then it is gone."""
    return start_change(
        CustomerChange(
            organization=group.organization,
            kind=ChangeKind.MOVE,
            filter=CustomerFilter(group=group.pk).to_json(),
            source=group,
            target=target,
            drops_source=True,
            started_by=user,
        )
    )


def record_export(
    *, organization: Organization, user: User, wanted: CustomerFilter, group: str
) -> None:
    """Write down that customers were exported: how they were filtered, without what was entered."""
    by = sorted(set(wanted.to_json()) - {"begins"})
    _record(organization, user, "customers.exported", group, by=by)


def _record(
    organization: Organization, user: User, action: str, subject: str, **details: Any
) -> None:
    AuditEntry.record(
        action=action, subject=subject, organization=organization, actor=user, **details
    )
