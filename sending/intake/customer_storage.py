"""Rows of a spreadsheet become customers: new ones are added, those who are there are updated."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from accounts import shared_time
from sending.intake.child.job import CONSENT, LANGUAGE
from sending.models import (
    Customer,
    CustomerSource,
    GroupImport,
    GroupMembership,
    ImportMode,
)
from sending.models.bulk import insert_rows, update_rows
from sending.models.customer import NAME_CHARS
from sending.spreadsheets.problems import RowCode, RowProblem, cell_name

_INSERTED = (
    *("organization_id", "msisdn", "country", "name", "language", "fields"),
    *("consent", "consent_at", "source", "source_name", "created_at"),
)
_UPDATED = ("name", "language", "fields", "consent", "consent_at")


class CustomerRow(NamedTuple):
    """What the child says of a row; `further` are texts in the order of the found columns."""

    row: int
    msisdn: str
    country: str
    name: str
    further: tuple[str, ...]


@dataclass(slots=True)
class StoredCustomers:
    """What became of a block of rows."""

    added: int = 0
    updated: int = 0
    refused: list[RowProblem] = field(default_factory=list)


class CustomerStore:
    """Stores the rows of one import; the caller opens the transactions."""

    def __init__(self, group_import: GroupImport, head: dict[str, Any]) -> None:
        self._import = group_import
        columns = head.get("columns") or {}
        self._further = tuple(columns.get("further") or {})
        self._has_name = columns.get("name") is not None
        self._number_column = columns.get("number", 0)
        upload = group_import.upload
        self._source = CustomerSource.IMPORT if upload else CustomerSource.ENTERED
        self._source_name = upload.name[:NAME_CHARS] if upload else ""

    def store(self, payload: Sequence[Sequence[Any]]) -> StoredCustomers:
        """Store a block of rows as the import's mode says."""
        rows = [CustomerRow(*row) for row in payload]
        if self._import.mode == ImportMode.ADD:
            return StoredCustomers(added=self._add(rows))
        known = self._known(rows)
        stored = StoredCustomers()
        there = [row for row in rows if row.msisdn in known]
        missing = [row for row in rows if row.msisdn not in known]
        before = self._in_group(known) if self._import.group_id else frozenset(known)
        if self._import.mode == ImportMode.UPDATE:
            stored.refused = [self._problem(row) for row in missing]
            missing = []
        stored.updated = self._update(there, known, before)
        stored.added = self._insert(missing)
        if self._import.group_id:
            stored.added = self._join([*there, *missing])
        return stored

    def _add(self, rows: Sequence[CustomerRow]) -> int:
        """Return how many came into the group, or without one into the pool."""
        added = self._insert(rows)
        return self._join(rows) if self._import.group_id else added

    def _insert(self, rows: Sequence[CustomerRow]) -> int:
        """Add those who are not there; return how many that are."""
        owner, now = self._import.organization_id, shared_time.now()
        end = (self._source.value, self._source_name, now)
        return insert_rows(
            Customer,
            _INSERTED,
            (
                (
                    *(owner, row.msisdn, row.country, row.name, *self._kept(row, {}, "")),
                    *self._noted(row, "", None, now),
                    *end,
                )
                for row in rows
            ),
            ignore_conflicts=True,
        )

    def _kept(
        self, row: CustomerRow, fields: dict[str, str], language: str
    ) -> tuple[str, dict[str, str]]:
        """Return language and own columns as they are after a row."""
        if not self._further:
            return language, fields
        changed = dict(fields)
        clears = self._import.empty_clears
        for key, text in zip(self._further, row.further, strict=True):
            if key == CONSENT:
                continue
            if key == LANGUAGE:
                language = text or ("" if clears else language)
            elif text:
                changed[key] = text
            elif clears:
                changed.pop(key, None)
        return language, changed

    def _noted(
        self, row: CustomerRow, consent: str, at: datetime | None, now: datetime
    ) -> tuple[str, datetime | None]:
        """Return the consent after a row, and when it was noted: what the row itself says first."""
        said = row.further[self._further.index(CONSENT)] if CONSENT in self._further else None
        new = said or self._import.consent
        if said == "" and not new and not self._import.empty_clears:
            new = consent
        if new == consent or (said is None and not new):
            return consent, at
        return new, now if new else None

    def _join(self, rows: Sequence[CustomerRow]) -> int:
        """Return how many the group has got."""
        assert self._import.group_id is not None
        customers = Customer.objects.for_organization(self._import.organization)
        wanted = customers.filter(msisdn__among=[row.msisdn for row in rows])
        return GroupMembership.objects.add(self._import.group_id, wanted)

    def _known(self, rows: Sequence[CustomerRow]) -> dict[str, Customer]:
        customers = Customer.objects.for_organization(self._import.organization)
        found = customers.filter(msisdn__among=[row.msisdn for row in rows])
        return {customer.msisdn: customer for customer in found}

    def _in_group(self, known: dict[str, Customer]) -> frozenset[str]:
        """Return those of the numbers that are in the group before the rows are stored."""
        members = GroupMembership.objects.filter(
            group_id=self._import.group_id,
            customer__pk__among=[customer.pk for customer in known.values()],
        )
        return frozenset(members.values_list("customer__msisdn", flat=True))

    def _update(
        self, rows: Sequence[CustomerRow], known: dict[str, Customer], before: frozenset[str]
    ) -> int:
        """Return how many of those who are no newcomers to the group got other values."""
        now, changes, updated = shared_time.now(), [], 0
        for row in rows:
            customer = known[row.msisdn]
            old = tuple(getattr(customer, name) for name in _UPDATED)
            new = self._values(row, customer, now)
            if new != old:
                changes.append((customer.pk, *new))
                updated += row.msisdn in before
        update_rows(Customer, _UPDATED, changes)
        return updated

    def _values(self, row: CustomerRow, customer: Customer, now: datetime) -> tuple[Any, ...]:
        """Return what a customer has after a row, in the order of _UPDATED."""
        clears = self._import.empty_clears and self._has_name
        name = row.name or ("" if clears else customer.name)
        noted = self._noted(row, customer.consent, customer.consent_at, now)
        return (name, *self._kept(row, customer.fields, customer.language), *noted)

    def _problem(self, row: CustomerRow) -> RowProblem:
        """Say that an import that only updates knows no such customer."""
        in_sheet = self._import.upload_id is not None
        return RowProblem(
            kind="REFUSED",
            row=row.row,
            cell=cell_name(row.row, self._number_column) if in_sheet else "",
            code=RowCode.NOT_A_CUSTOMER,
            value=row.msisdn,
            params={},
            suggestion="",
            cells=[],
        )
