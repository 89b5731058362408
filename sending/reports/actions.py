"""What people do on the pages of reports: ask for exports, and delete them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.models import AuditEntry, Member
from accounts.roles import Permission
from sending import tasks
from sending.exporting import erasing
from sending.exporting.sources import expected_rows
from sending.models import Export, ExportKind, ExportState

# Unfinished ones of an organization: each is a file that may be large.
MOST_AT_ONCE = 5


@transaction.atomic
def ask_for_export(*, member: Member, kind: ExportKind, asked: dict[str, Any], name: str) -> Export:
    """Write down that a member wants a file, and wake a worker for it."""
    organization = member.organization
    unfinished = Export.objects.for_organization(organization).filter(
        state__in=[ExportState.WAITING.value, ExportState.RUNNING.value]
    )
    if unfinished.count() >= MOST_AT_ONCE:
        raise Conflict(
            _("Your organization has %(n)d exports in progress. Wait until one of them is ready.")
            % {"n": MOST_AT_ONCE}
        )
    export: Export = Export.objects.create(
        organization=organization,
        created_by=member.user,
        kind=kind.value,
        asked={key: value for key, value in asked.items() if value},
        name=name,
        has_numbers=kind is not ExportKind.STATISTICS and member.may(Permission.NUMBERS),
    )
    if export.is_xlsx and expected_rows(export) > Export.MOST_XLSX_ROWS:
        raise Conflict(
            _("An xlsx file holds at most %(rows)s rows. Export it as csv, or choose fewer days.")
            % {"rows": f"{Export.MOST_XLSX_ROWS:,}"}
        )
    transaction.on_commit(tasks.write_exports.delay, robust=True)
    AuditEntry.record(
        action="export.requested", subject=name, organization=organization, actor=member.user
    )
    return export


@transaction.atomic
def delete_export(*, member: Member, export: Export) -> None:
    """Delete the file of an export, or stop writing it."""
    if erasing.erase(Export.objects.for_organization(member.organization).filter(pk=export.pk)):
        AuditEntry.record(
            action="export.deleted",
            subject=export.name,
            organization=member.organization,
            actor=member.user,
        )
