"""What people do to customers and groups."""

from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.models import AuditEntry, Organization, User
from sending import tasks
from sending.groups.reading import can_be_read_otherwise
from sending.models import (
    ChangeKind,
    Customer,
    CustomerChange,
    CustomerGroup,
    GroupImport,
    GroupMembership,
    ImportState,
    NumberErasure,
    Suppression,
    Upload,
)
from sending.models.number_digest import number_digest
from sending.replies import suppressing
from sending.retention import number_erasure

# Members that leave in one transaction when their group is deleted.
MOST_AT_ONCE = 2_000


@transaction.atomic
def create_group(*, form_group: CustomerGroup, user: User) -> CustomerGroup:
    """Store a new group."""
    form_group.save()
    _record(form_group, user, "customer_group.created")
    return form_group


@transaction.atomic
def rename_group(*, form_group: CustomerGroup, user: User) -> None:
    """Store a group's new name."""
    form_group.save(update_fields=["name"])
    _record(form_group, user, "customer_group.renamed")


@transaction.atomic
def delete_group(*, group: CustomerGroup, user: User) -> None:
    """Delete a group; its customers stay. One with many of them is emptied first, bit by bit."""
    if group.size > MOST_AT_ONCE:
        start_change(
            CustomerChange(
                organization=group.organization,
                kind=ChangeKind.REMOVE,
                filter={"group": group.pk},
                source=group,
                drops_source=True,
                started_by=user,
            )
        )
        return
    size = group.size
    group.delete()
    _record(group, user, "customer_group.deleted", customers=size)


def start_change(change: CustomerChange) -> CustomerChange:
    """Begin to change all customers that the filter of a change means; in a transaction."""
    own = Customer.objects.for_organization(change.organization)
    change.until = own.aggregate(newest=Max("pk"))["newest"] or 0
    change.save()
    transaction.on_commit(partial(tasks.change_customers.delay, change_id=change.pk))
    return change


@transaction.atomic
def remove_customer(*, group: CustomerGroup, customer: Customer, user: User) -> None:
    """Take a customer out of a group; again does nothing."""
    removed, _by_model = GroupMembership.objects.filter(group=group, customer=customer).delete()
    if removed:
        groups = CustomerGroup.objects.for_organization(group.organization)
        groups.filter(pk=group.pk).update(size=F("size") - 1)
        _record(group, user, "customer_group.customer_removed")


@transaction.atomic
def start_import(
    *,
    organization: Organization,
    group: CustomerGroup | None,
    user: User,
    file: UploadedFile | None = None,
    numbers: str = "",
    suppresses: bool = False,
    **how: Any,
) -> GroupImport:
    """Begin to bring a file or a few numbers into the pool, a group, or onto the suppression list.

    `how` are columns of GroupImport: mode, empty_clears, consent, asks_columns.
    """
    upload = Upload.keep(organization=organization, user=user, file=file) if file else None
    return _begin_import(
        GroupImport(
            organization=organization,
            group=group,
            upload=upload,
            numbers=numbers,
            suppresses=suppresses,
            started_by=user,
            **how,
        )
    )


@transaction.atomic
def read_import_again(*, group_import: GroupImport, user: User, **reading: Any) -> GroupImport:
    """Begin a new import of a stored file, read as people say: merged into Upload.reading."""
    upload = group_import.upload
    if upload is None or not can_be_read_otherwise(group_import):
        raise Conflict(_("This file was imported and cannot be read again. Upload it once more."))
    upload.reading = {**upload.reading, **reading}
    upload.save(update_fields=["reading"])
    return _begin_import(
        GroupImport(
            organization=group_import.organization,
            group=group_import.group,
            upload=upload,
            suppresses=group_import.suppresses,
            mode=group_import.mode,
            empty_clears=group_import.empty_clears,
            consent=group_import.consent,
            started_by=user,
        )
    )


@transaction.atomic
def confirm_columns(
    *, group_import: GroupImport, reading: dict[str, Any], asks_again: bool
) -> None:
    """Read the stored file as people say; `asks_again` because they will find other columns."""
    upload = group_import.upload
    if upload is None or upload.erased_at:
        raise Conflict(_("The stored file no longer exists. Upload it again."))
    upload.reading = {**upload.reading, **reading}
    upload.save(update_fields=["reading"])
    rows = GroupImport.objects.for_organization(group_import.organization)
    rows.filter(pk=group_import.pk).step(ImportState.WAITING, asks_columns=asks_again)
    transaction.on_commit(tasks.read_file.delay)


def _begin_import(group_import: GroupImport) -> GroupImport:
    group_import.save()
    organization, group, user = (
        group_import.organization,
        group_import.group,
        group_import.started_by,
    )
    if group is None:
        AuditEntry.record(
            action="suppression.import_started"
            if group_import.suppresses
            else "customers.import_started",
            subject=str(group_import.pk),
            organization=organization,
            actor=user,
        )
    else:
        _record(group, user, "customer_group.import_started")
    transaction.on_commit(tasks.read_file.delay)
    return group_import


@transaction.atomic
def unsuppress(*, suppression: Suppression, user: User) -> None:
    """Take a number off the suppression list; the audit trail keeps that it was there, masked."""
    suppressing.unsuppress(
        organization=suppression.organization, msisdn=suppression.msisdn, actor=user
    )


@transaction.atomic
def erase_number(*, organization: Organization, user: User, msisdn: str) -> NumberErasure:
    """Begin to erase all that the organization knows about a number."""
    erasure = number_erasure.request(msisdn=msisdn, organization=organization, actor=user)
    transaction.on_commit(partial(tasks.erase_number.delay, number_erasure_id=erasure.pk))
    return erasure


def record_export(*, organization: Organization, user: User, msisdn: str) -> None:
    """Write down that all about a number was exported, without the number."""
    AuditEntry.record(
        action="number.exported",
        subject=number_digest(msisdn),
        organization=organization,
        actor=user,
    )


def _record(group: CustomerGroup, user: User, action: str, **details: Any) -> None:
    AuditEntry.record(
        action=action, subject=group.name, organization=group.organization, actor=user, **details
    )
