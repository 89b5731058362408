"""Contacts become customers and groups, stopped numbers the suppression list."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import F

from accounts import shared_time
from accounts.models import AuditEntry, Organization, User
from sending.importing.foreign import ForeignContact, ForeignStop, Place
from sending.importing.report import Report
from sending.models import (
    Customer,
    CustomerGroup,
    CustomerSource,
    GroupMembership,
    Suppression,
)
from sending.models.bulk import insert_rows
from sending.models.customer import NAME_CHARS
from sending.sms.msisdn import Msisdn, MsisdnError, parse

AT_ONCE = 1_000
"""Rows of one transaction."""
MOST_GROUPS = 2_000
_GROUP_CHARS = 60
_COLUMNS = ("organization_id", "msisdn", "country", "name", "language", "fields", "consent")
_FURTHER = ("source", "source_name", "created_at")
_REASON = "Brought over"
Row = TypeVar("Row", ForeignContact, ForeignStop)


@dataclass(slots=True)
class People:
    """Brings people in, block by block; with `applies` off it only counts."""

    organization: Organization
    actor: User
    source_name: str
    report: Report
    applies: bool
    _groups: dict[str, int | None] = field(default_factory=dict)
    _left_out: set[str] = field(default_factory=set)
    _added: int = 0
    _known: int = 0
    _joined: int = 0
    _stopped: int = 0

    def bring(self, contacts: Iterable[ForeignContact], stops: Iterable[ForeignStop]) -> None:
        """Add whoever is missing; those who are there keep what is known about them."""
        for stopped in _blocks(self._read(stops)):
            self._stop(stopped)
        for block in _blocks(self._read(contacts)):
            self._add(block)
        self._tell()

    def _read(self, rows: Iterable[Row]) -> Iterator[tuple[Msisdn, Row]]:
        """Yield the numbers we send to, each once for all that is said of it in a block."""
        for row in rows:
            try:
                yield parse(row.number), row
            except MsisdnError as error:
                self.report.complain(row.place, f"{row.number[:40]} is no mobile number we send to"
                                     f" ({error.code})")  # fmt: skip

    def _stop(self, block: list[tuple[Msisdn, ForeignStop]]) -> None:
        numbers = list(dict.fromkeys(msisdn.e164 for msisdn, _row in block))
        owner = self.organization.pk
        known = Suppression.objects.suppressed(owner, numbers)
        now = shared_time.now()
        rows = [(owner, number, _REASON, now) for number in numbers if number not in known]
        self._stopped += len(rows)
        if self.applies:
            columns = ("organization_id", "msisdn", "reason", "since")
            insert_rows(Suppression, columns, rows, ignore_conflicts=True)

    def _add(self, block: list[tuple[Msisdn, ForeignContact]]) -> None:
        own = Customer.objects.for_organization(self.organization)
        numbers = {msisdn.e164: (msisdn, row.name) for msisdn, row in reversed(block)}
        there = set(own.filter(msisdn__among=list(numbers)).values_list("msisdn", flat=True))
        missing = {number: said for number, said in numbers.items() if number not in there}
        self._known += len(there)
        self._added += len(missing)
        if self.applies:
            with transaction.atomic():
                self._insert(missing)
                self._join(block)
        else:
            self._count_places(block)

    def _insert(self, missing: Mapping[str, tuple[Msisdn, str]]) -> None:
        now = shared_time.now()
        end = (CustomerSource.IMPORT.value, self.source_name[:NAME_CHARS], now)
        rows: Iterator[tuple[object, ...]] = (
            (self.organization.pk, number, msisdn.country, name[:NAME_CHARS], "", {}, "", *end)
            for number, (msisdn, name) in missing.items()
        )
        insert_rows(Customer, (*_COLUMNS, *_FURTHER), rows, ignore_conflicts=True)

    def _join(self, block: list[tuple[Msisdn, ForeignContact]]) -> None:
        own = Customer.objects.for_organization(self.organization)
        for group, numbers in self._places(block):
            assert group is not None, "it is made where it is missing"
            joined = GroupMembership.objects.add(group, own.filter(msisdn__among=numbers))
            CustomerGroup.objects.filter(pk=group).update(size=F("size") + joined)
            self._joined += joined

    def _count_places(self, block: list[tuple[Msisdn, ForeignContact]]) -> None:
        for group, numbers in self._places(block):
            there = GroupMembership.objects.filter(group=group, customer__msisdn__among=numbers)
            self._joined += len(numbers) - there.count()

    def _places(
        self, block: list[tuple[Msisdn, ForeignContact]]
    ) -> Iterator[tuple[int | None, list[str]]]:
        """Yield the groups of a block, None where one is only planned, with their numbers."""
        for name, numbers in _by_group(block).items():
            if name not in self._groups:
                self._bring_group(name)
            if name not in self._left_out:
                yield self._groups[name], numbers

    def _bring_group(self, name: str) -> None:
        """Find the group of that name; make it where it is missing and something is made at all."""
        own = CustomerGroup.objects.for_organization(self.organization)
        group = own.filter(name=name).first()
        if group is None and len(self._groups) >= MOST_GROUPS:
            self._left_out.add(name)
            self.report.complain(
                Place(self.source_name), f"group {name}: there are more than {MOST_GROUPS}"
            )
        elif group is None:
            self.report.made.append(f"group {name}")
            if self.applies:
                group = own.create(name=name, organization=self.organization)
        self._groups[name] = group.pk if group else None

    def _tell(self) -> None:
        counts = {
            "customers": self._added,
            "places in groups": self._joined,
            "suppressed numbers": self._stopped,
        }
        self.report.made += [f"{count} {what}" for what, count in counts.items() if count]
        if self._known:
            self.report.there.append(f"{self._known} customers")
        if self.applies and any(counts.values()):
            AuditEntry.record(
                action="customers.moved_in",
                subject=self.source_name,
                organization=self.organization,
                actor=self.actor,
                customers=self._added,
                suppressed=self._stopped,
            )


def _blocks(rows: Iterator[tuple[Msisdn, Row]]) -> Iterator[list[tuple[Msisdn, Row]]]:
    while block := list(islice(rows, AT_ONCE)):
        yield block


def _by_group(block: list[tuple[Msisdn, ForeignContact]]) -> dict[str, list[str]]:
    """Return {name of a group: numbers}, each number once."""
    places: dict[str, dict[str, None]] = {}
    for msisdn, row in block:
        for name in row.groups:
            places.setdefault(name[:_GROUP_CHARS], {})[msisdn.e164] = None
    return {name: list(numbers) for name, numbers in places.items()}
