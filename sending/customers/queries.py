"""What the pages of customers show."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Organization
from accounts.paging import Page, page_of
from sending.models import (
    Customer,
    CustomerField,
    CustomerGroup,
    GroupMembership,
    Suppression,
)
from sending.pool import filters
from sending.pool.filters import CustomerFilter
from sending.pool.number_terms import first_of, terms_of

PAGE_SIZE = 50
# Where no index serves all of a filter, so many are looked through for a page.
LOOKED_THROUGH = 20_000
EXPORT_ROWS = 2_000
MOST_EXAMPLES = 5


def fields_of(organization: Organization) -> list[CustomerField]:
    """Return the own columns in their order."""
    return list(CustomerField.objects.for_organization(organization))


def groups_of(organization: Organization) -> list[CustomerGroup]:
    """Return the groups by name."""
    return list(CustomerGroup.objects.for_organization(organization).order_by("name"))


def customers_page(
    organization: Organization, wanted: CustomerFilter, after: int | None
) -> Page[Customer]:
    """Return customers after customer `after`: by number, by name if one is looked for.

    Those of a group are in the order in which customers came. Whatever the filter, a bounded number
    of rows is looked through: a page may hold fewer than fit on it, and still have a next one.
    """
    last = _customer(organization, after)
    if wanted.by_number:
        return _numbers_page(organization, wanted, last)
    if wanted.by_name:
        return _names_page(organization, wanted, last)
    if wanted.group:
        return _members_page(organization, wanted, last)
    return _pool_page(organization, wanted, last)


def _customer(organization: Organization, pk: int | None) -> Customer | None:
    return Customer.objects.for_organization(organization).filter(pk=pk).first() if pk else None


def _page(rows: QuerySet[Customer], until: Customer | None) -> Page[Customer]:
    """Return the first of the rows; `until` is where they end before the list does."""
    page = page_of(rows, PAGE_SIZE, lambda customer: customer.pk)
    return page if page.next or until is None else Page(page.rows, str(until.pk))


def _pool_page(
    organization: Organization, wanted: CustomerFilter, last: Customer | None
) -> Page[Customer]:
    """Walk along customer_once, or customer_language."""
    ahead, until = Q(), None
    if last is not None:
        ahead = Q(msisdn__gt=last.msisdn)
    rows = filters.without_text(organization, wanted).filter(ahead)
    if wanted.looks_through or (wanted.country and not wanted.language):
        walked = CustomerFilter(language=wanted.language, country="")
        driver = filters.without_text(organization, walked).filter(ahead)
        if wanted.country:
            driver = driver.filter(_of_calling_code(wanted.country))
        until = _number_at(organization, driver)
        if until is not None:
            rows = rows.filter(msisdn__lte=until.msisdn)
    return _page(rows.order_by("msisdn"), until)


def _of_calling_code(country: str) -> Q:
    code = filters.calling_code(country)
    return Q(msisdn__begins=f"+{code}") if code else Q()


def _at(driver: QuerySet[Customer]) -> Customer | None:
    """Return the last customer that is looked through, if there are more behind."""
    return next(iter(driver[LOOKED_THROUGH - 1 : LOOKED_THROUGH]), None)


def _number_at(organization: Organization, driver: QuerySet[Customer]) -> Customer | None:
    """Return the same in the order of numbers, from the index alone."""
    numbers = driver.order_by("msisdn").values_list("msisdn", flat=True)
    number = next(iter(numbers[LOOKED_THROUGH - 1 : LOOKED_THROUGH]), None)
    own = Customer.objects.for_organization(organization)
    return own.filter(msisdn=number).first() if number else None


def _names_page(
    organization: Organization, wanted: CustomerFilter, last: Customer | None
) -> Page[Customer]:
    """Walk along customer_name."""
    until = None
    if wanted.looks_through:
        driver = filters.by_name(Customer.objects.for_organization(organization), wanted.text)
        until = _at(filters.by_key(driver, last, None))
    rows = filters.by_name(filters.without_text(organization, wanted), wanted.text)
    return _page(filters.by_key(rows, last, until), until)


def _members_page(
    organization: Organization, wanted: CustomerFilter, last: Customer | None
) -> Page[Customer]:
    """Walk along the members of a group."""
    begin = last.pk if last else 0
    own = GroupMembership.objects.filter(group_id=wanted.group, customer_id__gt=begin)
    size = LOOKED_THROUGH if wanted.looks_through else PAGE_SIZE + 1
    # First who they are: SQLite would rather look through everybody for those of a small group.
    ids = list(own.order_by("customer_id").values_list("customer_id", flat=True)[:size])
    rows = filters.without_text(organization, wanted).filter(pk__among=ids)
    is_cut = wanted.looks_through and len(ids) == size
    return _page(rows.order_by("pk"), Customer(pk=ids[-1]) if is_cut else None)


def _numbers_page(
    organization: Organization, wanted: CustomerFilter, last: Customer | None
) -> Page[Customer]:
    """Take the heads of the short lists that may hold the number, in the order of numbers.

    Numbers that only begin so may be many: they are looked through like the whole pool.
    """
    terms = terms_of(wanted.text)
    if terms is None:
        return Page([])
    own = Customer.objects.for_organization(organization)
    all_else = filters.without_text(organization, wanted)
    if last is not None:
        own, all_else = own.filter(msisdn__gt=last.msisdn), all_else.filter(msisdn__gt=last.msisdn)
    begins, *others = terms.conditions()
    until = _number_at(organization, own.filter(begins)) if wanted.looks_through else None
    ahead = Q(msisdn__lte=until.msisdn) if until else Q()
    found: dict[str, Customer] = {}
    for condition in (begins, *others):
        rows = first_of(all_else.filter(ahead), condition, PAGE_SIZE + 1)
        found |= {customer.msisdn: customer for customer in rows}
    rows_found = [found[number] for number in sorted(found)]
    if len(rows_found) > PAGE_SIZE:
        return Page(rows_found[:PAGE_SIZE], str(rows_found[PAGE_SIZE - 1].pk))
    return Page(rows_found, str(until.pk) if until else "")


def suppressed_among(organization: Organization, customers: Sequence[Customer]) -> set[str]:
    """Return the numbers of those that get nothing."""
    numbers = [customer.msisdn for customer in customers]
    return Suppression.objects.suppressed(organization.pk, numbers)


def languages_of(organization: Organization) -> list[str]:
    """Return the languages that customers have: one step along customer_language for each."""
    named = Customer.objects.for_organization(organization).exclude(language="")
    languages: list[str] = []
    while len(languages) < 100:
        rest = named.filter(language__gt=languages[-1]) if languages else named
        found = rest.order_by("language").values_list("language", flat=True).first()
        if found is None:
            break
        languages.append(found)
    return languages


def export_rows(
    organization: Organization, wanted: CustomerFilter, fields: Sequence[CustomerField]
) -> Iterator[list[Any]]:
    """Yield all that is known about every customer of a filter, in constant memory.

    Pieces of the primary key rather than one cursor: a slow reader holds no transaction open.
    """
    keys = [field.key for field in fields]
    rows = filters.matching(organization, wanted)
    newest = Customer.objects.for_organization(organization).order_by("-pk")
    until, reached = newest.values_list("pk", flat=True).first() or 0, 0
    while reached < until:
        piece = rows.filter(pk__gt=reached, pk__lte=reached + filters.STRETCH).order_by("pk")
        for customer in piece.iterator(chunk_size=EXPORT_ROWS):
            yield _line(customer, keys, organization)
        reached += filters.STRETCH


def _line(customer: Customer, keys: Sequence[str], organization: Organization) -> list[Any]:
    def day(moment: Any) -> str:
        return moment.astimezone(organization.zone).date().isoformat() if moment else ""

    return [
        # Without the plus, as recipients are written in a spreadsheet to send to.
        customer.msisdn.removeprefix("+"),
        customer.country,
        customer.name,
        customer.language,
        *(customer.fields.get(key, "") for key in keys),
        customer.consent,
        day(customer.consent_at),
        " ".join(filter(None, [str(customer.get_source_display()), customer.source_name])),
        day(customer.created_at),
    ]


def examples_of(field: CustomerField) -> list[str]:
    """Return a few values of a column, from the first customers."""
    own = Customer.objects.for_organization(field.organization).order_by("msisdn")
    kept = own.values_list("fields", flat=True)[:EXPORT_ROWS]
    values = dict.fromkeys(row[field.key] for row in kept if row.get(field.key))
    return list(values)[:MOST_EXAMPLES]
