"""Who may not see numbers sees no whole one and no code: on no page, in no export, by no search."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Contact, Member
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.lifecycle import MessageState, TaskState
from sending.models import CustomerGroup, GroupImport, Message, Problem, SendTask, Suppression
from sending.tests.factories import (
    make_group,
    make_messages,
    make_problem,
    make_sender,
    make_task,
    move,
)
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db
NUMBER = "+85251239876"
SHOWN, MASKED = "+852 5123 9876", "+852 **** **76"
CODE = "739281"


@pytest.fixture
def member():
    return make_sender()


@pytest.fixture
def task(member: Member) -> SendTask:
    task = make_task(member, TaskState.SENDING, numbers=[NUMBER], values=[[CODE, "5"]], lane="OTP")
    make_problem(task, value="+852 5123 9876", cells=["+852 5123 9876"])
    SendTask.objects.filter(pk=task.pk).update(refused=1)
    return task


def reader(member: Member, role: Role, **rights: bool) -> Reader:
    return Reader(make_member(role, member.organization, **rights))


# Who sees stars, and who sees digits: the role says it unless something else was agreed.
STARS = [(Role.VIEWER, {}), (Role.APPROVER, {}), (Role.SENDER, {"sees_numbers": False})]
DIGITS = [(Role.SENDER, {}), (Role.VIEWER, {"sees_numbers": True})]
BOTH = list(zip(STARS, [*DIGITS, DIGITS[0]], strict=True))


def pages(task: SendTask) -> list[str]:
    """Every address on which a number may stand."""
    organization = task.organization
    group = make_group(organization, [NUMBER])
    Suppression.objects.create(organization=organization, msisdn=NUMBER)
    Contact.objects.create(organization=organization, name="Ada", msisdn=NUMBER)
    read = GroupImport.objects.create(
        organization=organization, group=group, started_by=task.created_by, state="FINISHED"
    )
    Problem.objects.create(
        organization=organization,
        group_import=read,
        kind="REFUSED",
        row=1,
        code="MSISDN_INVALID",
        value=SHOWN,
    )
    message = make_messages(task)[0]
    return [
        reverse("send_tasks:messages", args=[task.pk]),
        reverse("send_tasks:messages", args=[task.pk]) + f"?message={message.pk}",
        reverse("send_tasks:message", args=[task.pk, message.pk]),
        reverse("send_tasks:check", args=[task.pk]),
        reverse("groups:detail", args=[group.pk]),
        reverse("groups:suppressions"),
        reverse("groups:import_result", args=[read.pk]),
        reverse("accounts:contacts"),
    ]


@pytest.mark.parametrize(("stars", "digits"), BOTH)
def test_pages_mask_numbers_and_codes_for_viewers(member, task, stars, digits):
    viewer, sender = (reader(member, role, **rights) for role, rights in (stars, digits))
    for url in pages(task):
        seen, whole = str(viewer.get(url)), str(sender.get(url))
        digits = "".join(filter(str.isdigit, seen))
        assert "51239876" not in digits, url
        assert CODE not in seen, url
        assert MASKED in seen, url
        assert SHOWN in whole, url


def test_a_sender_sees_the_code_until_it_is_erased(member, task):
    url = reverse("send_tasks:message", args=[task.pk, make_messages(task)[0].pk])
    sender = reader(member, Role.SENDER)
    assert CODE in str(sender.get(url))
    move(make_messages(task), MessageState.DELIVERED)
    assert "Variables erased" in words(sender.get(url))


def test_what_was_pasted_is_not_shown_to_who_sees_stars(member):
    pasted = make_task(member, TaskState.READY, numbers=[NUMBER])
    url = reverse("send_tasks:compose") + f"?like={pasted.pk}"
    assert NUMBER not in str(reader(member, Role.SENDER, sees_numbers=False).get(url))
    assert NUMBER in str(reader(member, Role.SENDER).get(url))


def test_what_a_button_says_is_masked_too(member, task):
    row = Suppression.objects.create(organization=member.organization, msisdn=NUMBER)
    stars = reader(member, Role.SENDER, sees_numbers=False)
    stars.post(reverse("groups:unsuppress", args=[row.pk]))
    said = words(stars.get(reverse("groups:suppressions")))
    assert "+852******76 can be sent to again." in said


def exported(reader: Reader, name: str, task: SendTask) -> str:
    response = reader.client.get(reverse(f"send_tasks:{name}", args=[task.pk]), {"number": NUMBER})
    content = b"".join(response.streaming_content)
    if name == "export":
        return next(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))["Mobile number"]
    return str(load_workbook(io.BytesIO(content)).active.cell(2, 2).value)


@pytest.mark.parametrize("name", ["export", "export_xlsx"])
def test_exports_mask_numbers_for_viewers_and_say_what_was_erased(member, task, name):
    for role, rights in STARS:
        assert exported(reader(member, role, **rights), name, task) == "852******76"
    for role, rights in DIGITS:
        assert exported(reader(member, role, **rights), name, task) == NUMBER[1:]
    move(make_messages(task), MessageState.DELIVERED)
    Message.objects.filter(task_id=task.pk).erase()
    assert exported(reader(member, Role.VIEWER), name, task) == "Erased"


def test_a_viewer_cannot_find_a_number_out_digit_by_digit(member, task):
    group = make_group(member.organization, [NUMBER])
    Suppression.objects.create(organization=member.organization, msisdn=NUMBER)
    viewer = reader(member, Role.VIEWER)
    for url, query in (
        (reverse("send_tasks:messages", args=[task.pk]), {"number": "4412"}),
        (reverse("groups:suppressions"), {"q": "4412"}),
    ):
        # What would be found by nobody's number is as if it was not asked.
        assert viewer.search(url, **query).select("tbody th"), url
    assert not viewer.search(reverse("groups:detail", args=[group.pk]), q="85251").select(
        "tbody th"
    )


@pytest.mark.parametrize(
    "name", ["send_tasks:problems", "groups:export", "groups:suppressions_export"]
)
def test_what_is_made_of_whole_numbers_is_not_for_viewers(member, task, name):
    args = {
        "send_tasks:problems": [task.pk],
        "groups:export": [make_group(member.organization, [NUMBER]).pk],
        "groups:suppressions_export": [],
    }[name]
    url = reverse(name, args=args)
    for role, rights in STARS:
        assert reader(member, role, **rights).client.get(url).status_code == 403
    for role, rights in DIGITS:
        assert reader(member, role, **rights).client.get(url).status_code == 200


def test_an_erased_message_says_when(member, task):
    move(make_messages(task), MessageState.DELIVERED)
    Message.objects.filter(task_id=task.pk).erase()
    url = reverse("send_tasks:message", args=[task.pk, make_messages(task)[0].pk])
    told = words(reader(member, Role.VIEWER).get(url))
    assert "Erased number" in told
    assert "Number and variables erased" in told


def test_who_left_all_groups_stays_a_customer(member):
    first, second = (make_group(member.organization, [NUMBER]) for _ in range(2))
    customer = first.memberships.get().customer
    sender = reader(member, Role.SENDER)
    for group in (first, second):
        sender.post(reverse("groups:remove", args=[group.pk, customer.pk]))
    assert not customer.memberships.exists()
    assert member.organization.customers.get() == customer
    assert CustomerGroup.objects.count() == 2
