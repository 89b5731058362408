"""Limits of a number and of a day, and what is remembered of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import MayNotSend
from accounts.models import Organization
from accounts.models.application import ApplicationCountry
from sending.acceptance import memory
from sending.acceptance.memory import Memory
from sending.models import NumberUse, Suppression
from sending.tests.acceptance.program import AT, Program, codes
from sending.tests.factories import a_number
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db


# --- Frequency limits


def test_the_same_text_waits_for_its_seconds_and_another_text_does_not():
    program = Program()
    later = [AT + timedelta(seconds=29), AT + timedelta(seconds=30)]
    assert codes(program.send(program.wants())) == ["ACCEPTED"]
    (refused,) = program.send(program.wants(), at=later[0])
    assert refused.code == "REPEATED_TEXT"
    assert "30 seconds" in refused.sentence
    assert codes(program.send(program.wants_code(), at=later[0])) == ["ACCEPTED"]
    assert codes(program.send(program.wants_code(code="111111"), at=later[0])) == ["ACCEPTED"]
    assert codes(program.send(program.wants(), at=later[1])) == ["ACCEPTED"]


def test_a_number_gets_so_many_an_hour_and_a_day():
    program = Program()
    program.limit(number_hourly_limit=2, number_daily_limit=3, repeat_seconds=0)
    numbers = iter(range(100_000, 999_999))

    def send(hours: int, times: int) -> list[str]:
        wanted = [program.wants_code(code=str(next(numbers))) for _ in range(times)]
        return codes(program.send(*wanted, at=AT + timedelta(hours=hours)))

    assert send(0, 3) == ["ACCEPTED", "ACCEPTED", "NUMBER_HOURLY_LIMIT"]
    assert send(0, 1) == ["NUMBER_HOURLY_LIMIT"]
    assert send(1, 2) == ["ACCEPTED", "NUMBER_DAILY_LIMIT"]
    assert send(24, 2) == ["ACCEPTED", "ACCEPTED"]


def test_limits_of_a_number_need_not_hold_for_one_time_passwords():
    program = Program()
    program.limit(number_daily_limit=0, limits_one_time_passwords=False)
    assert codes(program.send(program.wants_code())) == ["ACCEPTED"]
    assert codes(program.send(program.wants_code())) == ["ACCEPTED"]
    assert not NumberUse.objects.exists()
    assert codes(program.send(program.wants())) == ["NUMBER_DAILY_LIMIT"]


# --- Limits of a day


def test_exactly_what_fits_is_accepted_in_the_order_asked():
    program = Program(daily_segment_limit=5)
    long_one = approved_template(program.organization, "A" * 300, SmsType.NOTIFICATION)
    wanted = [program.wants(a_number(at)) for at in range(3)]
    wanted += [program.wants(a_number(at), text_template_id=long_one.pk) for at in (4, 5)]
    wanted += [program.wants(a_number(6))]
    answers = program.send(*wanted)
    assert codes(answers) == ["ACCEPTED"] * 4 + ["DAILY_LIMIT"] * 2
    assert "needs 2 of the 5 segments a day; 0 are left" in answers[4].sentence


def test_what_a_limit_of_a_number_refuses_takes_nothing_from_the_day():
    program = Program(daily_segment_limit=2)
    program.send(program.wants())
    answers = program.send(program.wants(), program.wants(a_number(1)))
    assert codes(answers) == ["REPEATED_TEXT", "ACCEPTED"]


def test_a_country_has_its_own_limit_and_tomorrow_is_another_day():
    program = Program()
    for country, limit in (("HK", 1), ("GB", None)):
        ApplicationCountry.objects.create(
            application=program.application, country=country, daily_segment_limit=limit
        )
    wanted = [program.wants(a_number(0)), program.wants(a_number(1))]
    wanted += [program.wants(a_number(at, "GB")) for at in range(2)]
    limit = "APPLICATION_COUNTRY_DAILY_LIMIT"
    assert codes(program.send(*wanted)) == ["ACCEPTED", limit, "ACCEPTED", "ACCEPTED"]
    assert codes(program.send(wanted[1], at=AT + timedelta(days=1))) == ["ACCEPTED"]


def test_a_move_to_another_time_zone_gives_no_second_allowance_that_day():
    program = Program(daily_segment_limit=1)
    assert codes(program.send(program.wants())) == ["ACCEPTED"]
    # 01:30 on Monday in Hong Kong is 07:30 on Sunday in Honolulu, and midnight there is 18:00.
    for zone in ("Pacific/Honolulu", "Pacific/Kiritimati"):
        organization = Organization.objects.get(pk=program.organization.pk)
        organization.save(update_fields=organization.move_to(zone, AT))
        assert codes(program.send(program.wants(a_number(1)))) == ["DAILY_LIMIT"]
        end_of_day = AT + timedelta(hours=22, minutes=29)
        assert codes(program.send(program.wants(a_number(2)), at=end_of_day)) == ["DAILY_LIMIT"]
    after = AT + timedelta(hours=22, minutes=30)
    assert codes(program.send(program.wants(a_number(3)), at=after)) == ["ACCEPTED"]


# --- Memory


def test_memory_asks_again_when_an_answer_is_old(settings):
    asked = []
    ask = Memory(lambda key: asked.append(key) or len(asked))
    settings.ACCEPTANCE_MEMORY_SECONDS = 1_000.0
    assert [ask("a"), ask("a"), ask("b")] == [1, 1, 2]
    settings.ACCEPTANCE_MEMORY_SECONDS = 0.0
    other = Memory(lambda key: asked.append(key) or len(asked))
    assert [other("a"), other("a")] == [3, 4]


def test_what_must_not_be_remembered_is_seen_at_once(settings, monkeypatch):
    settings.ACCEPTANCE_MEMORY_SECONDS = 1_000.0
    for name in ("terms", "prices", "routes", "text", "signature"):
        monkeypatch.setattr(memory, name, Memory(getattr(memory, name)._ask))
    program = Program()
    program.send(program.wants())
    Suppression.objects.create(organization=program.organization, msisdn=a_number(1))
    assert codes(program.send(program.wants(a_number(1)))) == ["SUPPRESSED"]
    Organization.objects.update(suspended_at=timezone.now())
    with pytest.raises(MayNotSend):
        program.send(program.wants(a_number(2)))
