"""The list of customers: every filter means the same on pages, in changes and in exports."""

import csv
import io

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from sending.customers import queries
from sending.models import ChangeKind, Customer, CustomerChange, CustomerGroup, Suppression
from sending.pool import changes
from sending.pool.filters import CustomerFilter, matching
from sending.tests.factories import a_number, make_group, make_sender
from sending.tests.send_tasks.reader import tells

pytestmark = pytest.mark.django_db
LIST = "customers:list"


@pytest.fixture
def pool(member, city, customer):
    """Thirty customers of two countries, three languages, two cities; half are in a group."""
    names = ["Ann Chan", "ann Lee", "Éva", "Bob", ""]
    made = [
        customer(
            a_number(at, "GB" if at % 3 else "HK"),
            name=names[at % 5],
            language=("fr", "en", "")[at % 3],
            fields={"c1": "Lyon" if at % 4 else "Leeds"} if at % 2 else {},
        )
        for at in range(30)
    ]
    group = make_group(member.organization, [each.msisdn for each in made[::2]], name="Half")
    for each in made[::7]:
        Suppression.objects.create(organization=member.organization, msisdn=each.msisdn)
    customer(a_number(1, "GB"), make_sender().organization, name="Ann Other")
    return group


def whole_list(organization, wanted):
    """Go from page to page; nobody twice."""
    found, after = [], None
    for _page in range(200):
        page = queries.customers_page(organization, wanted, after)
        found += [each.pk for each in page.rows]
        if not page.next:
            break
        after = int(page.next)
    assert len(found) == len(set(found))
    return set(found)


FILTERS = st.builds(
    CustomerFilter,
    text=st.sampled_from(["", "ann", "Éva", "é", "44", "+44", "0", a_number(4, "GB")[-4:]]),
    group=st.sampled_from([None, "half"]),
    language=st.sampled_from(["", "fr", "xx"]),
    country=st.sampled_from(["", "GB", "HK"]),
    column=st.sampled_from(["", "c1"]),
    value=st.sampled_from(["", "lyon", "L"]),
    begins=st.booleans(),
    suppressed=st.sampled_from(["", "yes", "no"]),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wanted=FILTERS, looked_through=st.sampled_from([1, 3, 20_000]))
def test_pages_hold_exactly_what_a_filter_means(pool, member, wanted, looked_through):
    given_filter = wanted.to_json() | ({"group": pool.pk} if wanted.group else {})
    wanted = CustomerFilter.from_json(given_filter)
    before = queries.PAGE_SIZE, queries.LOOKED_THROUGH
    queries.PAGE_SIZE, queries.LOOKED_THROUGH = 4, looked_through
    try:
        found = whole_list(member.organization, wanted)
    finally:
        queries.PAGE_SIZE, queries.LOOKED_THROUGH = before
    rows = matching(member.organization, wanted)
    assert found == set(rows.values_list("pk", flat=True))
    for each in Customer.objects.filter(pk__in=found):
        assert each.organization_id == member.organization.pk
        assert wanted.language in ("", each.language)
        assert wanted.country in ("", each.country)


@pytest.mark.parametrize(
    ("given_filter", "count"),
    [
        ({"q": a_number(4, "GB")[-5:]}, 1),
        ({"q": "0" + a_number(4, "GB")[3:]}, 1),
        ({"q": "ANN"}, 12),
        ({"language": "fr"}, 10),
        ({"column": "c1", "value": "leeds"}, 0),
        ({"column": "c1", "value": "Ly", "begins": "on"}, 15),
        ({"suppressed": "yes"}, 5),
    ],
)
def test_a_person_filters(client, pool, given_filter, count):
    answer = client.post(reverse(LIST), given_filter)
    page = client.get(answer.url)
    assert len(page.context["page"].rows) == count
    for text in (given_filter.get("q"), given_filter.get("value")):
        assert not text or not tells(answer.url, text), "an address holds nothing that was typed"


def test_who_may_not_see_numbers_cannot_look_for_them(client, pool, member):
    viewer = log_in(client, make_member(Role.VIEWER, member.organization))
    number = a_number(4, "GB")
    page = viewer.post(reverse(LIST), {"q": number[-4:]}, follow=True)
    assert len(page.context["page"].rows) == 30, "as if nothing had been entered"
    assert number[1:] not in page.content.decode().replace(" ", "")
    assert viewer.get(reverse("customers:find")).status_code == 403


def test_chosen_ones_are_changed_at_once(client, pool, member):
    chosen = list(pool.customers.order_by("pk").values_list("pk", flat=True)[:3])
    address = reverse("customers:change")
    client.post(address, {"customer": chosen, "kind": "ADD", "new_group": "New"})
    assert CustomerGroup.objects.get(name="New").size == 3
    client.post(f"{address}?group={pool.pk}", {"customer": chosen[:1], "kind": "REMOVE"})
    pool.refresh_from_db()
    assert pool.size == 14
    given_change = {"shown": chosen, "scope": "shown", "kind": "ADD", "new_group": "Page"}
    said = client.post(address, given_change, follow=True).content.decode()
    assert "Add to a group: 3" in said
    assert CustomerGroup.objects.get(name="Page").size == 3
    ask = client.post(address, {"customer": chosen, "kind": "DELETE"})
    assert "3 customers were chosen" in ask.content.decode()
    assert Customer.objects.filter(pk__in=chosen).count() == 3
    client.post(address, {"customer": chosen, "kind": "DELETE", "confirmed": "1"})
    assert not Customer.objects.filter(pk__in=chosen).exists()
    pool.refresh_from_db()
    assert pool.size == 12


def test_all_that_match_are_changed_in_the_background(client, pool, member):
    address = f"{reverse('customers:change')}?language=fr"
    given_change = {"kind": "ADD", "scope": "all", "new_group": "French"}
    ask = client.post(address, given_change).content.decode()
    assert "fr" in ask
    assert "French" in ask
    answer = client.post(address, given_change | {"confirmed": "1"})
    assert "In progress" in client.get(answer.url).content.decode()
    changes.run(CustomerChange.objects.get().pk)
    assert CustomerGroup.objects.get(name="French").size == 10
    assert "In progress" not in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("query", "given_change", "said"),
    [
        ("", {"kind": "ADD"}, "Choose a group"),
        ("", {"kind": "MOVE"}, "First filter by the group"),
        ("", {"kind": "ADD", "new_group": "Half", "customer": "1"}, "already a group"),
        ("", {"kind": "DELETE"}, "Choose at least one customer"),
        ("?search=gone", {"kind": "DELETE", "scope": "all"}, "This search has expired"),
        ("", {"kind": "FORGET", "customer": "1"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_done_is_said(client, pool, query, given_change, said):
    address = reverse("customers:change") + query
    given_change = given_change | {"confirmed": "1"}
    assert said in client.post(address, given_change, follow=True).content.decode()
    assert not CustomerChange.objects.exists()


def test_a_neighbour_is_never_touched(client, pool, member):
    theirs = Customer.objects.exclude(organization=member.organization).get()
    given_change = {"customer": theirs.pk, "kind": "DELETE", "confirmed": "1"}
    client.post(reverse("customers:change"), given_change)
    assert Customer.objects.filter(pk=theirs.pk).exists()
    assert client.get(reverse("customers:detail", args=[theirs.pk])).status_code == 404
    other = make_group(theirs.organization)
    given_change = {"customer": pool.customers.first().pk, "kind": "ADD", "target": other.pk}
    client.post(reverse("customers:change"), given_change)
    other.refresh_from_db()
    assert other.size == 0


def test_groups_are_merged_from_a_page(client, pool, member):
    target = make_group(member.organization, name="Target")
    answer = client.post(reverse("customers:merge", args=[pool.pk]), {"target": target.pk})
    change = CustomerChange.objects.get()
    assert answer.url == reverse("customers:change_result", args=[change.pk])
    changes.run(change.pk)
    target.refresh_from_db()
    assert target.size == 15
    assert not CustomerGroup.objects.filter(pk=pool.pk).exists()


def test_a_large_group_is_emptied_before_it_goes(client, pool, monkeypatch):
    monkeypatch.setattr("sending.groups.actions.MOST_AT_ONCE", 2)
    client.post(reverse("groups:delete", args=[pool.pk]))
    change = CustomerChange.objects.get()
    assert change.kind == ChangeKind.REMOVE
    changes.run(change.pk)
    assert not CustomerGroup.objects.filter(pk=pool.pk).exists()
    assert Customer.objects.count() == 31, "customers stay"


def test_an_export_has_every_column(client, pool, city):
    address = f"?group={pool.pk}&language=fr"
    answer = client.get(reverse("customers:export") + address)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    own = pool.customers.filter(language="fr")
    assert {row["Mobile"] for row in rows} == {each.msisdn[1:] for each in own}
    assert {row["City"] for row in rows} <= {"", "Lyon", "Leeds"}
    answer = client.get(reverse("customers:export_xlsx") + address)
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.max_row == len(rows) + 1
    entries = AuditEntry.objects.filter(action="customers.exported")
    assert [entry.details["by"] for entry in entries] == [["group", "language"]] * 2
