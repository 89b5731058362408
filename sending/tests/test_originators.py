"""What handsets show as sender: the organization's own, by every door, and never another's."""

from functools import partial

import pytest

from accounts.actions import (
    choose_originator,
    decide_originator,
    request_originator,
    withdraw_originator,
)
from accounts.actions.originators import NotOneOfYours
from accounts.chosen_originators import OriginatorNotApproved, Originators, read_originators
from accounts.errors import Conflict
from accounts.models import Originator, OriginatorState, SmsApplication
from accounts.models.originator import ORIGINATOR_STEPS
from accounts.tests.factories import make_originator, make_reviewer
from sending.acceptance.send_task import NotAccepted, accept
from sending.delivery.queue.claims import claim
from sending.lifecycle import TaskState
from sending.models import ApiMessage, Gateway, Message, Route, SendTask, TaskCountry
from sending.originators import (
    originator_of,
    originator_of_task,
    shared_by_default,
    shown_originators,
)
from sending.tests.acceptance.program import Program, codes
from sending.tests.acceptance.test_without_task import now_sent
from sending.tests.factories import (
    a_number,
    counted,
    default_application,
    make_gateway,
    make_prices,
    make_sender,
    make_task,
)

pytestmark = pytest.mark.django_db
APPROVED = frozenset({("Acme", ""), ("4848", "HK"), ("AcmeGB", "GB")})
CHOSEN = {"": "Acme", "HK": "4848", "GB": "Gone"}


@pytest.mark.parametrize(
    ("country", "named", "chosen", "shared", "shown"),
    [
        ("DE", "", CHOSEN, "SMS", "Acme"),
        ("", "", CHOSEN, "SMS", "Acme"),
        ("HK", "", CHOSEN, "SMS", "4848"),
        # What is no longer approved is not shown: everywhere else's is.
        ("GB", "", CHOSEN, "SMS", "Acme"),
        ("DE", "", {"": "Gone"}, "SMS", "SMS"),
        # Approved in Hong Kong only.
        ("DE", "", {"": "4848"}, "SMS", "SMS"),
        ("DE", "", {"": "4848"}, "", ""),
        ("DE", "", {}, "", ""),
        ("GB", "AcmeGB", {}, "", "AcmeGB"),
        ("GB", "Acme", CHOSEN, "", "Acme"),
        ("GB", "SMS", {}, "SMS", "SMS"),
        ("DE", "AcmeGB", {}, "SMS", None),
        ("DE", "Lumen", {"": "Lumen"}, "SMS", None),
        ("DE", "SMS", {}, "", None),
    ],
)
def test_one_function_says_what_is_shown(country, named, chosen, shared, shown):
    ask = partial(Originators(APPROVED, chosen).of, country, named=named, shared=shared)
    if shown is None:
        with pytest.raises(OriginatorNotApproved):
            ask()
    else:
        assert ask() == shown


@pytest.mark.parametrize("state", OriginatorState)
@pytest.mark.parametrize("to", OriginatorState)
def test_an_originator_goes_only_along_its_steps(state, to):
    originator = make_originator(make_sender().organization, state=state)
    rows = Originator.objects.filter(pk=originator.pk)
    assert rows.step(to) == (to in ORIGINATOR_STEPS[state])


def test_it_is_requested_decided_chosen_and_withdrawn():
    member = make_sender()
    organization, application = member.organization, default_application(member.organization)
    ask = partial(request_originator, organization=organization, actor=member.user)
    wanted = ask(address="Lumen")
    with pytest.raises(Conflict):
        ask(address="Lumen")
    choose = partial(choose_originator, application=application, actor=member.user, country="HK")
    with pytest.raises(NotOneOfYours):
        choose(originator="Lumen")
    decide_originator(originator=wanted, reviewer=make_reviewer(), approve=True)
    with pytest.raises(Conflict):
        decide_originator(originator=wanted, reviewer=make_reviewer(), approve=False, reasons=[{}])
    choose(originator="Lumen")
    SmsApplication.objects.update(originator="Lumen")
    own = read_originators([application.pk])[application.pk]
    assert (own.of("HK"), own.of("GB")) == ("Lumen", "Lumen")
    withdraw_originator(originator=wanted, actor=member.user)
    own = read_originators([application.pk])[application.pk]
    assert (own.of("HK"), own.of("GB")) == ("", "")
    application.refresh_from_db()
    assert application.originator == ""


# --- Programs


def test_no_program_can_name_another_organization_s_originator():
    program = Program()
    make_originator(make_sender().organization, "Acme")
    make_originator(program.organization, "Acme", OriginatorState.REJECTED)
    (answer,) = program.send(program.wants(originator="Acme"))
    assert codes([answer]) == ["ORIGINATOR_NOT_APPROVED"]
    assert "Acme" in answer.sentence
    assert not Message.objects.exists()


def test_nothing_is_accepted_that_could_show_no_originator():
    program = Program()
    Gateway.objects.update(originator_is_shared=False)
    assert codes(program.send(program.wants())) == ["ORIGINATOR_MISSING"]


def test_what_is_withdrawn_before_the_wire_is_not_shown():
    program = Program()
    originator = make_originator(program.organization, "Lumen")
    now_sent(program, program.wants(originator="Lumen"), program.wants(a_number(1)))
    withdraw_originator(originator=originator, actor=program.member.user)
    make_originator(make_sender().organization, "Lumen")
    (sent,) = claim(program.gateway, "journal-1", 10).outgoing
    assert sent.requests[0].source_addr == "Harbourline"
    refused = Message.objects.exclude(pk=sent.key.message_id).get()
    assert (refused.state, refused.code) == ("REJECTED", "ORIGINATOR_NOT_APPROVED")


def test_what_a_task_shows_is_asked_again_before_the_wire():
    program = Program()
    both = [make_originator(program.organization, name) for name in ("Lumen", "Lumen UK")]
    task = make_task(
        program.member,
        TaskState.SENDING,
        numbers=[a_number(1), a_number(1, "GB"), a_number(2)],
        gateway=program.gateway,
        originator="Lumen",
        country_originators={"GB": "Lumen UK"},
    )
    withdraw_originator(originator=both[1], actor=program.member.user)
    outgoing = claim(program.gateway, "journal-1", 10).outgoing
    assert {one.requests[0].source_addr for one in outgoing} == {"Lumen"}
    (refused,) = Message.objects.filter(task_id=task.pk, country="GB")
    assert (refused.state, refused.code) == ("REJECTED", "ORIGINATOR_NOT_APPROVED")
    # Nothing else is shown instead, neither the task's other one nor the gateway's.
    assert len(outgoing) == 2
    assert counted(task_id=task.pk) == {"SUBMITTING": 2, "REJECTED": 1}


def test_the_gateway_s_own_name_is_shown_only_if_it_is_nobody_s():
    program = Program()
    now_sent(program, program.wants())
    assert ApiMessage.objects.get().originator == ""
    Gateway.objects.update(originator_is_shared=False)
    program.gateway.refresh_from_db()
    assert not claim(program.gateway, "journal-1", 10).outgoing
    assert Message.objects.get().code == "ORIGINATOR_MISSING"


def test_each_country_gets_the_originator_chosen_for_it():
    program = Program()
    make_originator(program.organization, "Lumen")
    make_originator(program.organization, "4848", country="GB")
    program.limit(originator="Lumen")
    choose_originator(
        application=program.application, actor=program.member.user, country="GB", originator="4848"
    )
    now_sent(program, program.wants(), program.wants(a_number(1, "GB")))
    shown = {
        item.requests[0].destination[:3]: item.requests[0].source_addr
        for item in claim(program.gateway, "journal-1", 10).outgoing
    }
    assert shown == {"+85": "Lumen", "+44": "4848"}


# --- Tasks


@pytest.fixture
def task():
    make_prices()
    make_gateway(originator_is_shared=False)
    member = make_sender()
    make_originator(member.organization, "Lumen")
    return make_task(member, TaskState.READY, numbers=[a_number(0)], originator="Lumen")


def test_a_task_is_not_sent_with_what_is_withdrawn_meanwhile(task):
    Originator.objects.update(state=OriginatorState.WITHDRAWN.value)
    make_originator(make_sender().organization, "Lumen")
    with pytest.raises(NotAccepted, match="Lumen") as refused:
        accept(task)
    assert refused.value.code == "ORIGINATOR_NOT_APPROVED"


def test_a_task_is_not_sent_where_nothing_could_be_shown(task):
    SendTask.objects.update(originator="")
    task.refresh_from_db()
    with pytest.raises(NotAccepted, match="HK") as refused:
        accept(task)
    assert refused.value.code == "ORIGINATOR_MISSING"


# --- What pages show is what is on the wire ------------------------------------------------------


def test_pages_show_the_shared_originator_of_the_gateway_that_takes_the_message():
    """Not that of whichever gateway was set up first."""
    program = Program()
    first, second = make_gateway(originator="First"), make_gateway(originator="Second")
    Route.objects.all().delete()
    Route.objects.create(country="HK", gateway=second, order=1)
    Route.objects.create(country="GB", gateway=first, order=1)
    sent = program.wants(a_number(1))
    now_sent(program, sent)
    message = Message.objects.get()
    assert message.gateway_id == second.pk
    assert originator_of(program.application, message) == "Second"
    claimed = claim(second, "journal-1", 10).outgoing
    assert claimed[0].requests[0].source_addr == "Second"
    assert (shared_by_default("HK"), shared_by_default("GB")) == ("Second", "First")


def test_a_task_shows_what_its_gateways_show():
    make_gateway(originator="First")
    task = make_task(
        make_sender(),
        TaskState.READY,
        numbers=[a_number(0)],
        gateway=make_gateway(originator="Second"),
        originator="",
    )
    TaskCountry.objects.update_or_create(
        task=task,
        country="HK",
        defaults={"messages": 1, "segments": 1, "unit_micro": 1, "cost_micro": 1},
    )
    assert shown_originators(task) == {"Second": ["HK"]}
    assert originator_of_task(task, "HK") == originator_of_task(task) == "Second"
