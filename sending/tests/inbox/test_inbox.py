"""The inbox: conversations found and read, what was said, numbers stopped, and nobody else's."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.inbox import queries
from sending.models import ApiMessage, InboundMessage, Message, ReplySettings, Suppression
from sending.models.api_message import NO_KEY
from sending.tests.factories import (
    CODE_BODY,
    a_number,
    default_application,
    make_gateway,
    make_prices,
    make_reply,
    make_sender,
    make_task,
)
from sending.tests.replies.handsets import sent_message
from sending.tests.send_tasks.reader import Reader, sound, words
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template, make_text_template

pytestmark = pytest.mark.django_db
LIST = "inbox:list"


@pytest.fixture
def member():
    make_prices()
    make_gateway()
    return make_sender(Role.ADMIN)


def conversations(member, count):
    """So many numbers that answered, the last one the newest."""
    return [
        make_reply(sent_message(member, number=a_number(n)), f"Answer {n}") for n in range(count)
    ]


def shown(page):
    return [cell.text for cell in page.select("th .msisdn")]


def conversation(reply):
    return reverse("inbox:conversation", args=[reply.pk])


def test_an_empty_inbox_explains_itself(member):
    assert "Nobody has replied yet" in words(Reader(member).get(reverse(LIST)))


def test_pages_show_each_conversation_once_the_newest_first(member, monkeypatch):
    monkeypatch.setattr(queries, "CONVERSATIONS_A_PAGE", 2)
    replies = conversations(member, 5)
    make_reply(Message.objects.get(pk=replies[0].answers_message_id), "Once more")
    make_reply(sent_message(number=a_number(9)), "Somebody else's")
    reader, seen, href = Reader(member), [], reverse(LIST)
    while href:
        page = reader.get(href)
        seen += shown(page)
        following = [a["href"] for a in page.select(".table-foot a") if "Next" in a.text]
        href = reverse(LIST) + following[0] if following else ""
    last_digits = [number[-1] for number in seen]
    assert last_digits == ["0", "4", "3", "2", "1"]


def test_filters_find_unread_conversations_and_those_that_said_stop(member):
    read, stopped, unread = conversations(member, 3)
    InboundMessage.objects.filter(pk__in=[read.pk, stopped.pk]).update(read_at=timezone.now())
    InboundMessage.objects.filter(pk=stopped.pk).update(said_stop=True)
    reader = Reader(member)
    assert len(shown(reader.get(reverse(LIST)))) == 3
    assert [n[-1] for n in shown(reader.get(reverse(LIST) + "?only=unread"))] == ["2"]
    assert [n[-1] for n in shown(reader.get(reverse(LIST) + "?only=stop"))] == ["1"]
    assert len(shown(reader.get(reverse(LIST) + "?only=nonsense&after=x"))) == 3
    assert unread.is_newest


def test_a_search_by_number_leaves_no_number_in_the_address(member):
    conversations(member, 3)
    reader = Reader(member)
    found = reader.search(reverse(LIST), number="00852 5123 0001", only="unread")
    assert shown(found) == ["+852 5123 0001"]
    assert "No conversation matches" in words(reader.search(reverse(LIST), number="+4477"))


def test_a_viewer_sees_no_number_and_finds_none(member):
    (reply,) = conversations(member, 1)
    InboundMessage.objects.update(text="Call me at +852 5123 0099")
    viewer = Reader(make_member(Role.VIEWER, member.organization))
    for href in (reverse(LIST), conversation(reply)):
        page = str(viewer.get(href))
        assert "5123 00" not in page
        assert "***" in page
    assert len(shown(viewer.search(reverse(LIST), number="+447"))) == 1
    assert viewer.client.post(reverse("inbox:mark", args=[reply.pk])).status_code == 403


def test_nobody_elses_conversation_is_there(member):
    theirs = make_reply(sent_message(number=a_number(3)), "Secret")
    reader = Reader(member)
    assert reader.client.get(conversation(theirs)).status_code == 404
    for name in ("mark", "suppress", "unsuppress"):
        address = reverse(f"inbox:{name}", args=[theirs.pk])
        assert reader.client.post(address).status_code == 404
    # The same number answered both; each sees its own half.
    ours = make_reply(sent_message(member, number=a_number(3)), "Ours")
    page = words(reader.get(conversation(ours)))
    assert "Ours" in page
    assert "Secret" not in page


def test_a_conversation_tells_what_both_said_in_order_and_why_it_is_here(member):
    message = sent_message(member, number=a_number(1))
    first = make_reply(message, "Who is this?", assigned_by="ORIGINATOR", originator="3939")
    make_reply(message, "STOP", is_incomplete=True)
    page = Reader(member).get(conversation(first))
    lines = [" ".join(line.text.split()) for line in page.select(".conversation > li")]
    assert [line.split()[0] for line in lines] == ["You", "They", "They"]
    assert "Delivered" in lines[0]
    assert "sent to 3939, the originator of your message" in lines[1]
    assert "the newest to this number through the gateway" in lines[2]
    assert "Parts of this text never came" in lines[2]
    assert "STOP" in lines[2]
    assert page.select(".bubble[dir=auto]")


def test_a_message_without_a_task_says_where_it_comes_from(member):
    message = sent_message(member)
    Message.objects.filter(pk=message.pk).update(task_id=None)
    address = conversation(make_reply(message))
    name = default_application(member.organization).name
    assert f"Sent by the application {name}" in words(Reader(member).get(address))
    ApiMessage.objects.create(
        message_id=message.pk,
        organization_id=member.organization_id,
        application_id=message.application_id,
        api_key_id=NO_KEY,
        request_id="reply-1",
    )
    assert "Confirms a reply" in words(Reader(member).get(address))


def test_what_confirms_a_reply_is_not_said_to_be_of_a_program(member):
    message = sent_message(member)
    Message.objects.filter(pk=message.pk).update(task_id=None)
    reply = make_reply(message)
    ApiMessage.objects.create(
        message_id=message.pk,
        organization_id=message.organization_id,
        application_id=message.application_id,
        api_key_id=NO_KEY,
        request_id=f"reply-{reply.pk}",
    )
    reader = Reader(member)
    for url in (conversation(reply), reverse("developers:message", args=[message.pk])):
        said = words(reader.get(url))
        assert "Confirms a reply" in said
        wrong = ("Sent by a program", "Asked for by a program", "Deleted")
        assert not [each for each in wrong if each in said]


def test_messages_that_nobody_has_sent_yet_hide_no_older_ones(member, monkeypatch):
    monkeypatch.setattr(queries, "LINES_A_PAGE", 2)
    sent = [sent_message(member) for _number in range(4)]
    make_task(member, numbers=[sent[0].msisdn])
    make_task(member, numbers=[sent[0].msisdn])
    reader, found, href = Reader(member), 0, conversation(make_reply(sent[0]))
    for _page in range(5):
        page = reader.get(href)
        found += len(page.select(".ours"))
        before = [a["href"] for a in page.select(".table-foot a") if "before" in a.text]
        if not before:
            break
        href = href.partition("?")[0] + before[0]
    assert found == 4


def test_what_was_not_sent_yet_is_not_shown(member):

    message = sent_message(member)
    make_task(member, numbers=[message.msisdn])
    page = Reader(member).get(conversation(make_reply(message)))
    assert len(page.select(".ours")) == 1


def test_codes_are_hidden_from_viewers(member):
    message = sent_message(member, values=[["482913", "5"]], lane="API")
    Message.objects.filter(pk=message.pk).update(lane="OTP", variables='["482913", "5"]')
    reply = make_reply(message)
    assert "482913" in str(Reader(member).get(conversation(reply)))
    viewer = Reader(make_member(Role.VIEWER, member.organization))
    assert "482913" not in str(viewer.get(conversation(reply)))
    Message.objects.filter(pk=message.pk).update(variables="")
    assert "The text was erased" in words(Reader(member).get(conversation(reply)))


def test_a_long_conversation_has_pages_without_gaps_and_repetitions(member, monkeypatch):
    monkeypatch.setattr(queries, "LINES_A_PAGE", 3)
    message = sent_message(member)
    start = timezone.now() - timedelta(hours=1)
    Message.objects.filter(pk=message.pk).update(created_at=start - timedelta(hours=1))
    for n in range(8):
        reply = make_reply(message, f"answer {n}", received_at=start + timedelta(minutes=n))
    reader, seen, href = Reader(member), [], conversation(reply)
    while href:
        page = reader.get(href)
        seen = [line.select_one(".bubble").text for line in page.select(".theirs")] + seen
        before = [a["href"] for a in page.select(".table-foot a") if "before" in a.text]
        href = conversation(reply) + before[0] if before and len(seen) < 20 else ""
    assert seen == [f"answer {n}" for n in range(8)]
    assert page.select(".ours")
    for nonsense in ("x", "1", "1~x", "~", "9" * 30 + "~1"):
        reader.get(f"{conversation(reply)}?after={nonsense}")


def test_reading_marks_the_whole_conversation_and_the_navigation_counts(member):
    first, other = conversations(member, 2)
    newest = make_reply(Message.objects.get(pk=first.answers_message_id), "Hello?")
    reader = Reader(member)
    count = ".sidenav .count"
    assert reader.get(reverse(LIST)).select_one(count).text.split()[0] == "2"
    reader.post(reverse("inbox:mark", args=[first.pk]), **{"as": "read"})
    assert not InboundMessage.objects.filter(msisdn=first.msisdn, read_at=None).exists()
    assert reader.get(reverse(LIST)).select_one(count).text.split()[0] == "1"
    reader.post(reverse("inbox:mark", args=[other.pk]), **{"as": "read"})
    assert reader.get(reverse(LIST)).select_one(count) is None
    reader.post(reverse("inbox:mark", args=[first.pk]), **{"as": "unread"})
    unread = InboundMessage.objects.get(read_at=None)
    assert unread.pk == newest.pk


def test_the_count_is_one_query_of_an_index_and_ends_at_a_hundred(member, monkeypatch):
    conversations(member, 3)
    monkeypatch.setattr(queries, "MOST_UNREAD", 2)
    with CaptureQueriesContext(connection) as asked:
        assert queries.unread_conversations(member.organization) == 2
    (query,) = asked.captured_queries
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            assert "inbound_unread" in str(cursor.fetchall())


def test_a_number_is_suppressed_and_let_go_from_its_conversation(member):
    (reply,) = conversations(member, 1)
    reader = Reader(member)
    for _twice in range(2):
        reader.post(reverse("inbox:suppress", args=[reply.pk]))
    row = Suppression.objects.get()
    assert (row.msisdn, row.reason) == (reply.msisdn, "Suppressed in the inbox")
    assert "Suppressed since" in words(reader.get(conversation(reply)))
    assert "Suppressed" in words(reader.get(reverse(LIST)))
    for _twice in range(2):
        reader.post(reverse("inbox:unsuppress", args=[reply.pk]))
    assert not Suppression.objects.exists()
    entries = AuditEntry.objects.filter(action__startswith="suppression.").order_by("pk")
    actors = [(entry.action, entry.actor) for entry in entries]
    assert actors == [("suppression.added", member.user), ("suppression.removed", member.user)]


def test_answers_to_stop_and_start_are_chosen_from_what_needs_no_values(member):
    organization = member.organization
    plain = approved_template(organization, "Bye.", SmsType.NOTIFICATION, name="Bye")
    approved_template(organization, CODE_BODY, SmsType.OTP, name="Code")
    make_text_template(organization, name="Draft", body="A draft.")
    theirs = approved_template(make_sender().organization, "Bye.", SmsType.NOTIFICATION)
    reader, address = Reader(member), reverse("inbox:settings")
    offered = [option.text for option in reader.get(address).select("#id_stop_template option")]
    assert offered == ["None", "Bye"]
    assert "Select a valid choice" in words(sound(reader.post(address, stop_template=theirs.pk)))
    reader.post(address, stop_template=plain.pk)
    chosen = ReplySettings.objects.get()
    assert (chosen.organization, chosen.stop_template, chosen.start_template) == (
        organization,
        plain,
        None,
    )
    assert AuditEntry.objects.filter(action="replies.confirmations_changed").exists()


def test_an_erased_reply_has_no_page(member):
    (reply,) = conversations(member, 1)
    InboundMessage.objects.for_organization(member.organization).erase()
    reader = Reader(member)
    assert reader.client.get(conversation(reply)).status_code == 404
    assert shown(reader.get(reverse(LIST))) == []
