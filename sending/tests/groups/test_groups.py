"""Customer groups: made, filled, sent to, deleted; and only by those they belong to."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Member
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.models import Customer, CustomerGroup
from sending.tests.factories import a_number, make_group, make_sender
from sending.tests.send_tasks.reader import tells

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client: Client) -> Member:
    member = make_sender()
    client.force_login(member.user)
    return member


def test_an_empty_page_says_what_to_do(client: Client, member: Member) -> None:
    assert "no groups yet" in client.get(reverse("groups:list")).content.decode()


def test_a_group_is_made_and_renamed(client: Client, member: Member) -> None:
    client.post(reverse("groups:create"), {"name": "Members"})
    group = CustomerGroup.objects.get(organization=member.organization)

    client.post(reverse("groups:rename", args=[group.pk]), {"name": "Gold members"})

    group.refresh_from_db()
    assert group.name == "Gold members"
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert {"customer_group.created", "customer_group.renamed"} <= set(actions)


def test_a_nul_in_a_search_is_no_search(client: Client, member: Member) -> None:
    """PostgreSQL takes none."""
    url = reverse("groups:detail", args=[make_group(member.organization).pk])
    answer = client.post(url, {"q": "ch\0an"}, follow=True)
    assert answer.context["search"].text == "chan"


def test_a_name_is_taken_once_in_an_organization(client: Client, member: Member) -> None:
    make_group(member.organization, name="Members")
    make_group(make_sender().organization, name="Others")

    page = client.post(reverse("groups:create"), {"name": "Members"})
    assert "already a group with this name" in page.content.decode()

    assert client.post(reverse("groups:create"), {"name": "Others"}).status_code == 302


def test_members_are_found_by_number_and_by_name(client: Client, member: Member) -> None:
    group = make_group(member.organization, [a_number(1), a_number(2, "GB")])
    Customer.objects.filter(msisdn=a_number(1)).update(name="Ms Chan")
    url = reverse("groups:detail", args=[group.pk])

    for search in ("852", "chan"):
        answer = client.post(url, {"q": search}, follow=True)
        assert not tells(answer.redirect_chain[-1][0], search)
        page = answer.content.decode()
        assert "Ms Chan" in page
        assert "United Kingdom" not in page


def test_long_groups_are_paged_without_gaps(client: Client, member: Member) -> None:
    numbers = [a_number(index) for index in range(120)]
    group = make_group(member.organization, numbers)
    url = reverse("groups:detail", args=[group.pk])
    seen, after = [], ""

    for _page in range(3):
        page = client.get(url, {"after": after}).context["page"]
        seen += [row.customer.msisdn for row in page.rows]
        after = page.next

    assert (seen, after) == (numbers, "")


def test_deleting_a_group_keeps_its_customers(client: Client, member: Member) -> None:
    group = make_group(member.organization, [a_number(1), a_number(2)])
    make_group(member.organization, [a_number(2)])
    url = reverse("groups:delete", args=[group.pk])
    assert "2 customers" in client.get(url).content.decode()

    client.post(url)

    assert not CustomerGroup.objects.filter(pk=group.pk).exists()
    assert set(Customer.objects.values_list("msisdn", flat=True)) == {a_number(1), a_number(2)}


def test_removing_a_customer_twice_counts_once(client: Client, member: Member) -> None:
    group = make_group(member.organization, [a_number(1), a_number(2)])
    customer = Customer.objects.get(msisdn=a_number(1))

    for _press in range(2):
        client.post(reverse("groups:remove", args=[group.pk, customer.pk]))

    group.refresh_from_db()
    assert group.size == group.memberships.count() == 1


def test_the_export_can_be_sent_to_again(client: Client, member: Member) -> None:
    group = make_group(member.organization, [a_number(1)])
    Customer.objects.update(name="=1+1")

    response = client.get(reverse("groups:export", args=[group.pk]))

    content = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    assert content.splitlines()[1] == f"{a_number(1)[1:]},HK,'=1+1"


def test_a_viewer_may_look_and_not_change(client: Client) -> None:
    viewer = make_member(Role.VIEWER)
    group = make_group(viewer.organization, [a_number(1)])
    client.force_login(viewer.user)

    assert client.get(reverse("groups:detail", args=[group.pk])).status_code == 200
    assert client.post(reverse("groups:delete", args=[group.pk])).status_code == 403
    assert CustomerGroup.objects.filter(pk=group.pk).exists()


@pytest.mark.parametrize("name", ["detail", "rename", "delete", "export", "enter", "import_file"])
def test_it_hides_what_is_not_yours(client: Client, member: Member, name: str) -> None:
    group = make_group(make_sender().organization, [a_number(1)])

    assert client.get(reverse(f"groups:{name}", args=[group.pk])).status_code == 404
    assert client.post(reverse(f"groups:{name}", args=[group.pk])).status_code in {404, 405}
