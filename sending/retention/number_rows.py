"""Where a number may stand that somebody wrote: rows that quote it, found by reading them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts.models import Notice, Organization
from sending.models import (
    Customer,
    CustomerChange,
    CustomerField,
    CustomerGroup,
    Draft,
    GroupImport,
    InboundMessage,
    InboundSegment,
    Problem,
    ReceiptInbox,
    SendApproval,
    SendTask,
    Suppression,
    TaskEvent,
    Upload,
)
from sending.sms.number_pattern import NumberPattern
from templates_app.models import Review, ReviewQuestion, SignatureVersion, TextTemplateVersion

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Quoting:
    """Columns of a model that may quote a number; no index knows how people write numbers."""

    model: type[models.Model]
    columns: tuple[str, ...]
    owner: str = "organization_id"

    def rows(self, pattern: NumberPattern, organization: Organization | None) -> Iterator[Any]:
        """Yield the rows that quote a number: of an organization, or of all.

        They are read a few at a time, without an open transaction.
        """
        rows = self.model._default_manager.order_by("pk").only("pk", *self.columns)
        if organization:
            rows = rows.filter(**{self.owner: organization.pk})
        last = 0
        while block := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
            last = block[-1].pk
            for row in block:
                if any(pattern.is_in(getattr(row, column)) for column in self.columns):
                    yield row

    def hide(self, pattern: NumberPattern, row: Any) -> None:
        """Put stars where a row quotes the number; the rest of the row stays."""
        for column in self.columns:
            setattr(row, column, pattern.hidden_in(getattr(row, column)))
        row.save(update_fields=self.columns)


# Rows of organizations: the number is hidden in them.
QUOTING: Mapping[str, Quoting] = {
    "rows_not_sent": Quoting(Problem, ("value", "params", "suggestion", "cells")),
    "tasks": Quoting(SendTask, ("name", "numbers", "facts", "failure_params", "not_sent")),
    "task_events": Quoting(TaskEvent, ("params",), owner="task__organization_id"),
    "approvals": Quoting(SendApproval, ("note",)),
    "questions": Quoting(ReviewQuestion, ("text",)),
    "reviews": Quoting(Review, ("note", "reasons")),
    "appeals_of_signatures": Quoting(SignatureVersion, ("appeal",)),
    "appeals_of_templates": Quoting(TextTemplateVersion, ("appeal",)),
    "imports": Quoting(GroupImport, ("numbers", "consent", "facts", "failure_params")),
    "drafts": Quoting(Draft, ("name", "fields")),
    "uploads": Quoting(Upload, ("name", "reading")),
    "groups": Quoting(CustomerGroup, ("name",)),
    "customers": Quoting(Customer, ("name", "fields", "consent", "source_name")),
    "customer_columns": Quoting(CustomerField, ("label",)),
    "customer_changes": Quoting(CustomerChange, ("filter",)),
    "suppressions": Quoting(Suppression, ("reason",)),
    "replies": Quoting(InboundMessage, ("text",)),
    "notices": Quoting(Notice, ("subject", "text")),
}
# Rows that belong to no organization: they are deleted.
FROM_GATEWAYS: Mapping[str, Quoting] = {
    "inbound_segments": Quoting(InboundSegment, ("source", "destination", "text")),
    "receipts_waiting": Quoting(ReceiptInbox, ("msisdn", "raw")),
}
