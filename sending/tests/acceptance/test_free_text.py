"""The right to free text, learning mode, and what is written down of texts that match nothing."""

import json
from datetime import timedelta

import pytest

from accounts import shared_time
from accounts.tests.factories import make_operator
from sending.acceptance import unmatched_texts
from sending.acceptance.unmatched_texts import Unmatched
from sending.lifecycle import DoorName, Lane
from sending.models import FreeTextRight, Message, UnmatchedText
from sending.models.unmatched_text import MOST_OF_AN_ORGANIZATION
from sending.tests.acceptance.program import Program, codes
from sending.tests.factories import CODE_BODY, a_number
from templates_app import wording
from templates_app.actions import free_text_version, revoke
from templates_app.models import TextTemplate
from templates_app.tests.factories import approved_signature

pytestmark = pytest.mark.django_db
FREE = "Your table for 4 at 19:30 is kept, Ann."
CODE = wording.parse(CODE_BODY).render(("482913", "5"))


def grant(program: Program, **fields) -> FreeTextRight:
    operator = make_operator()
    version = free_text_version(organization=program.organization, author=operator)
    return FreeTextRight.objects.create(
        organization=program.organization, version=version, granted_by=operator, **fields
    )


def wants(program: Program, text: str, nth: int = 0, **fields):
    return program.wants(a_number(nth), text_template_id=0, text=text, **fields)


def test_free_text_is_sent_as_it_was_written():
    program = Program()
    right = grant(program)
    assert codes(program.send(wants(program, f"  {FREE}\r\nBye  now"))) == ["ACCEPTED"]
    message = Message.objects.get()
    assert json.loads(message.variables) == [f"{FREE}\nBye  now"]
    assert message.text_template_version_id == right.version_id
    assert (message.lane, message.signature_version_id) == (Lane.API.value, None)
    assert not UnmatchedText.objects.exists()


def test_a_text_that_matches_is_still_the_text_template():
    program = Program()
    grant(program)
    program.send(wants(program, CODE))
    assert Message.objects.get().text_template_version_id == program.code.approved_id


def test_a_revoked_wording_ends_free_text():
    program = Program()
    right = grant(program)
    revoke(version=right.version, actor=make_operator(), reason="No", stop=lambda: None)
    assert codes(program.send(wants(program, FREE))) == ["TEXT_UNMATCHED"]


def test_the_lane_is_that_of_the_right():
    program = Program()
    grant(program, lane=Lane.OTP.value)
    program.send(wants(program, FREE))
    assert Message.objects.get().lane == Lane.OTP.value


def test_a_signature_asked_for_beside_free_text_stands_once():
    program = Program()
    grant(program)
    signature = approved_signature(program.organization, "Lumen")
    program.send(wants(program, f"[Lumen] {FREE}", signature="Lumen"))
    message = Message.objects.get()
    assert message.signature_version_id == signature.approved_id
    assert json.loads(message.variables) == [FREE]


@pytest.mark.parametrize(
    ("text", "links_allowed", "code"),
    [
        ("Pay at http://pay.example/1", False, "TEXT_LINK"),
        ("Pay at http://pay.example/1", True, "ACCEPTED"),
        ("Hidden\u202etext", True, "TEXT_CHARACTER"),
        ("A star ★", True, "TEXT_CHARACTER"),
        ("[Shop] hello", False, "ACCEPTED"),
        (" \n ", False, "VARIABLE_MISSING"),
        ("x" * 2000, False, "MESSAGE_TOO_LONG"),
    ],
)
def test_free_text_keeps_the_rules_of_every_text(text, links_allowed, code):
    program = Program()
    grant(program, links_allowed=links_allowed)
    assert codes(program.send(wants(program, text))) == [code]


def test_without_the_right_nothing_is_sent_and_the_text_is_written_down_without_digits():
    program, other = Program(), Program()
    grant(other)
    texts = [FREE, FREE.replace("4", "2"), CODE.upper()]
    answers = program.send(*(wants(program, text, nth) for nth, text in enumerate(texts)))
    assert codes(answers) == ["TEXT_UNMATCHED"] * 3
    table, code = UnmatchedText.objects.for_organization(program.organization).order_by("pk")
    assert (table.count, table.was_sent, table.door) == (2, False, DoorName.CONSOLE.value)
    assert table.sample == "Your table for 0 at 00:00 is kept, Ann."
    assert code.sample == CODE.upper().replace("482913", "000000").replace("5", "0")
    assert not UnmatchedText.objects.for_organization(other.organization).exists()


def test_the_same_text_to_many_numbers_counts_each():
    program = Program()
    program.send(*(wants(program, FREE, nth) for nth in range(3)))
    assert UnmatchedText.objects.get().count == 3


def test_a_dry_run_writes_nothing_down():
    program = Program()
    assert codes(program.send(wants(program, FREE), dry_run=True)) == ["TEXT_UNMATCHED"]
    assert not UnmatchedText.objects.exists()


def test_learning_mode_sends_writes_down_and_ends():
    program = Program()
    now = shared_time.now()
    right = grant(program, is_learning=True, until=now + timedelta(days=7))
    assert codes(program.send(wants(program, FREE))) == ["ACCEPTED"]
    assert UnmatchedText.objects.get().was_sent
    FreeTextRight.objects.filter(pk=right.pk).update(until=now - timedelta(seconds=1))
    assert codes(program.send(wants(program, FREE + " Bye"))) == ["TEXT_UNMATCHED"]
    assert list(UnmatchedText.objects.order_by("pk").values_list("was_sent", flat=True)) == [
        True,
        False,
    ]


def test_only_so_many_skeletons_are_kept_of_an_organization():
    program = Program()
    now = shared_time.now()
    UnmatchedText.objects.bulk_create(
        UnmatchedText(
            organization=program.organization,
            digest=str(nth),
            sample="x",
            door="SMPP",
            first_at=now,
            last_at=now,
        )
        for nth in range(MOST_OF_AN_ORGANIZATION)
    )
    program.send(wants(program, FREE))
    assert UnmatchedText.objects.count() == MOST_OF_AN_ORGANIZATION


@pytest.fixture
def clock(settings, monkeypatch):
    """Let a process begin anew, at a time that tests move."""
    settings.ACCEPTANCE_MEMORY_SECONDS = 1
    now = [1_000.0]
    monkeypatch.setattr(unmatched_texts.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(unmatched_texts, "_recorder", unmatched_texts.Recorder())
    return now


def test_counts_of_what_comes_again_are_written_as_often_as_they_double(
    clock, django_assert_max_num_queries
):
    program = Program()
    unmatched_texts.note(program.door, Unmatched({FREE: 1}))
    with django_assert_max_num_queries(40):
        for _again in range(99):
            unmatched_texts.note(program.door, Unmatched({FREE: 1}))
    assert 50 <= UnmatchedText.objects.get().count < 100
    # Whatever comes next brings the rest with it.
    clock[0] += 5
    unmatched_texts.note(program.door, Unmatched({"Another text.": 1}))
    counts = UnmatchedText.objects.order_by("pk").values_list("count", flat=True)
    assert list(counts) == [100, 1]


def test_floods_of_new_texts_are_not_written(clock):
    program = Program()
    unmatched_texts.note(program.door, Unmatched({f"Hello {'a' * n}": 1 for n in range(20)}))
    assert UnmatchedText.objects.count() == 5


def test_the_wording_of_free_text_is_made_once_and_nobody_can_name_it():
    program = Program()
    right = grant(program)
    again = free_text_version(organization=program.organization, author=make_operator())
    assert again.pk == right.version_id
    template = TextTemplate.objects.get(pk=again.text_template_id)
    assert template.deleted_at is not None
    answers = program.send(program.wants(text_template_id=template.pk, values=("x",)))
    assert codes(answers) == ["TEMPLATE_UNKNOWN"]
