"""Which customers a filter means; pages and changes of many ask the same."""

from dataclasses import asdict, dataclass
from typing import Any, Self

import phonenumbers
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Organization
from sending.models import Customer, CustomerField, Suppression
from sending.models.customer import NameKey
from sending.pool.number_terms import looks_like_number, terms_of, with_last_digits

# Ids that are looked through at once, whoever they belong to: a bounded piece of the primary key.
STRETCH = 20_000
# After every letter, in the order of octets.
_BEYOND = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """What a reader looks for; empty fields look for everything.

    `text` is a number (its beginning, its end, or as people write it at home) or how a name begins.
    `value` is looked for in the own column with the key `column`, as a whole or as its beginning.
    """

    text: str = ""
    group: int | None = None
    language: str = ""
    country: str = ""
    column: str = ""
    value: str = ""
    begins: bool = False
    suppressed: str = ""

    @property
    def by_number(self) -> bool:
        """Tell whether the text is a number."""
        return looks_like_number(self.text)

    @property
    def by_name(self) -> bool:
        """Tell whether the text is how a name begins."""
        return bool(self.text) and not self.by_number

    @property
    def looks_through(self) -> bool:
        """Tell whether there are conditions that no index serves in the order of the list."""
        by_column = bool(self.column and self.value)
        has_driver = bool(self.text or self.group)
        return bool(
            by_column
            or self.suppressed
            or (has_driver and (self.language or self.country))
            or (self.group and self.text)
        )

    def to_json(self) -> dict[str, Any]:
        """Return what a change of many keeps."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Return the filter that was kept."""
        return cls(**stored)


def calling_code(country: str) -> str:
    """Return the calling code of a country, without plus; empty where there is none."""
    return str(phonenumbers.country_code_for_region(country) or "")


def name_key(text: str) -> str:
    """Return a beginning of a name as the index has it: only letters of ASCII lose their case."""
    return "".join(char.lower() if char.isascii() else char for char in text)


def by_name(rows: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Return those whose name begins so, with `key`; index customer_name."""
    key = name_key(text)
    named = rows.filter(name__gt="").annotate(key=NameKey("name"))
    return named.filter(key__gte=key, key__lt=key + _BEYOND)


def without_text(organization: Organization, wanted: CustomerFilter) -> QuerySet[Customer]:
    """Return the customers that all of a filter but its text means, in no order."""
    rows = Customer.objects.for_organization(organization)
    if wanted.group:
        rows = rows.filter(memberships__group_id=wanted.group)
    if wanted.language:
        # The second follows from the first; the index has only customers with a language.
        rows = rows.filter(language=wanted.language).exclude(language="")
    if wanted.country:
        # The second follows from the first, and has an index.
        begins = f"+{calling_code(wanted.country)}"
        rows = rows.filter(country=wanted.country, msisdn__begins=begins)
    if wanted.suppressed:
        suppressed = Exists(
            Suppression.objects.for_organization(organization).filter(msisdn=OuterRef("msisdn"))
        )
        rows = rows.filter(suppressed if wanted.suppressed == "yes" else ~suppressed)
    if wanted.column and wanted.value:
        rows = rows.filter(_in_column(organization, wanted))
    return rows


def _in_column(organization: Organization, wanted: CustomerFilter) -> Q:
    own = CustomerField.objects.for_organization(organization)
    if not own.filter(key=wanted.column).exists():
        return Q(pk=None)
    how = "istartswith" if wanted.begins else "iexact"
    return Q(**{f"fields__{wanted.column}__{how}": wanted.value})


def matching(organization: Organization, wanted: CustomerFilter) -> QuerySet[Customer]:
    """Return all customers that a filter means, in no order: for stretches of ids."""
    rows = without_text(organization, wanted)
    if wanted.by_number:
        terms = terms_of(wanted.text)
        if terms is None:
            return rows.none()
        either = Q()
        for condition in terms.conditions():
            either |= condition
        return with_last_digits(rows).filter(either)
    return by_name(rows, wanted.text) if wanted.text else rows


def by_key(rows: QuerySet[Customer], after: Customer | None, until: Customer | None) -> Any:
    """Return named customers between two others, in the order of the index of names."""
    if after is not None:
        rows = rows.filter(Q(key__gte=name_key(after.name)), _beyond(after))
    if until is not None:
        rows = rows.filter(Q(key__lte=name_key(until.name)), ~_beyond(until))
    return rows.order_by(F("key"), "pk")


def _beyond(customer: Customer) -> Q:
    key = name_key(customer.name)
    return Q(key__gt=key) | Q(key=key, pk__gt=customer.pk)
