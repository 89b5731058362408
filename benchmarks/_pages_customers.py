"""A pool of customers as it lies after years, and the pages that show it: part of _pages_data."""

from typing import Any

# A fifth as many customers as messages, half of them in a group.
_CUSTOMERS = """
INSERT INTO sending_customer (organization_id, msisdn, country, name, language, fields, created_at)
SELECT %(organization)s,
    CASE WHEN g %% 5 = 0 THEN '+4474' || (10000000 + (g::bigint * 7919) %% 89999999)
         ELSE '+8525' || (1000000 + (g::bigint * 7919) %% 8999999) END,
    CASE WHEN g %% 5 = 0 THEN 'GB' ELSE 'HK' END, 'Name ' || g %% 9973 || ' x',
    CASE WHEN g %% 1000 = 0 THEN 'fr' WHEN g %% 3 = 0 THEN 'en' ELSE '' END,
    jsonb_build_object('c0', 'City ' || g %% 500, 'c1', 'Shop ' || g %% 20000, 'c2', 'Value ' || g),
    now()
FROM generate_series(1, %(customers)s) AS g ON CONFLICT DO NOTHING
"""
_MEMBERS = """
INSERT INTO sending_groupmembership (group_id, customer_id)
SELECT %(group)s, id FROM sending_customer WHERE organization_id = %(organization)s AND id %% 2 = 0
"""


def _customers(cursor: Any, organization: Any, count: int) -> None:
    """Give an organization its customers with three columns, and a group of every other one."""
    from sending.models import CustomerField, CustomerGroup

    owner = {"organization": organization.pk}
    cursor.execute(_CUSTOMERS, owner | {"customers": count})
    for at in range(3):
        CustomerField.objects.create(
            organization=organization, key=f"c{at}", label=f"Column {at}", position=at
        )
    group = CustomerGroup.objects.create(organization=organization, name="Every other")
    cursor.execute(_MEMBERS, owner | {"group": group.pk})
    CustomerGroup.objects.filter(pk=group.pk).update(size=cursor.rowcount)
    cursor.execute("VACUUM ANALYZE sending_customer, sending_groupmembership")


def customer_pages(organization: Any, count: int) -> dict[str, str]:
    """Return the pages of the pool, at the beginning and far down, and the search of a number."""
    from django.db import connection

    from sending.models import Customer, CustomerGroup

    own = Customer.objects.for_organization(organization).order_by("msisdn")
    if not own.exists():
        with connection.cursor() as cursor:
            _customers(cursor, organization, count)
    group = CustomerGroup.objects.for_organization(organization).get(name="Every other")
    middle = own[min(count // 2, 100_000)].pk
    lists = {
        "all": "",
        "prefix": "search=some",
        "last digits": "search=last",
        "as said at home": "search=home",
        "name": "search=name",
        "name of nobody": "search=nobody",
        "rare language": "language=fr",
        "country": "country=GB",
        "country of nobody": "country=FR",
        "group": f"group={group.pk}",
        "group and rare language": f"group={group.pk}&language=fr",
        "column": "search=city&column=c0",
        "column, of one": "search=one&column=c2",
        "suppressed": "suppressed=yes",
    }
    pages = {"find, last digits": "/customers/find/?search=last"}
    pages |= {"find, as said at home": "/customers/find/?search=home"}
    pages |= {"find, common prefix": "/customers/find/?search=common"}
    for name, query in lists.items():
        pages[f"customers, {name}"] = f"/customers/all/?{query}"
        pages[f"customers, {name}, far down"] = f"/customers/all/?{query}&after={middle}"
    return pages | {"customer": f"/customers/all/{middle}/"}
