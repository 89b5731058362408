"""People are told once of an incident, and once more when it is over."""

from datetime import timedelta

import pytest

from accounts.models import Notice
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.guard import incidents
from sending.guard.permitting import end_block
from sending.models import GuardBlock, GuardDecision, GuardIncident
from sending.tests.acceptance.program import AT
from sending.tests.factories import a_number
from sending.tests.guard.guarded_program import GuardedProgram

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def told() -> list[str]:
    return list(
        Notice.objects.filter(kind="GUARD").order_by("pk").values_list("subject", flat=True)
    )


def attacked() -> GuardedProgram:
    program = GuardedProgram()
    make_member(Role.OWNER, program.organization)
    for nth in range(8):
        program.ask(a_number(nth))
    return program


def test_one_notice_when_it_begins_and_one_when_it_is_over(clock):
    program = attacked()
    assert incidents.sweep() == 3
    incident = GuardIncident.objects.get()
    assert (incident.rule, incident.country, incident.stopped) == ("F4", "HK", 3)
    assert (incident.saved_micro, incident.subjects) == (3 * 48_000, {"+85251230xxx": 3})
    assert len(told()) == 1
    assert "F4" in told()[0]
    clock.shift(MINUTE)
    program.ask(a_number(9), AT + MINUTE)
    assert incidents.sweep() == 1
    assert len(told()) == 1
    clock.shift(2 * HOUR)
    incidents.sweep()
    incidents.sweep()
    assert len(told()) == 2
    assert told()[1].startswith("Over")
    assert GuardIncident.objects.get().ended_at == AT + MINUTE + 2 * HOUR


def test_a_cap_that_is_used_up_is_not_over_until_somebody_has_looked(clock):
    program = GuardedProgram()
    make_member(Role.OWNER, program.organization)
    program.caps(hour_micro=48_000)
    for nth in range(3):
        program.ask(a_number(nth * 2_000))
    incidents.sweep()
    clock.shift(2 * HOUR)
    incidents.sweep()
    assert GuardIncident.objects.get().ended_at is None
    end_block(GuardBlock.objects.get(), program.organization, actor=None)
    clock.shift(HOUR)
    incidents.sweep()
    assert GuardIncident.objects.get().ended_at is not None
    assert len(told()) == 2


def test_who_asks_too_often_is_no_incident(clock):
    program = GuardedProgram()
    for _nth in range(7):
        program.ask(a_number(0))
    incidents.sweep()
    assert not GuardIncident.objects.exists()
    assert not GuardDecision.objects.filter(incident_id=None).exists()


def test_what_is_only_recorded_is_no_incident(clock):
    program = GuardedProgram()
    from sending.guard.rules.names import GuardMode, Rule

    program.sets(Rule.THOUSAND, GuardMode.MONITOR)
    for nth in range(8):
        program.ask(a_number(nth))
    assert incidents.sweep() == 0


def test_of_the_cap_of_a_day_people_are_told_at_50_and_at_80_per_cent(clock):
    program = GuardedProgram()
    make_member(Role.OWNER, program.organization)
    program.caps(day_micro=10 * 48_000)
    for nth, expected in ((4, 0), (1, 1), (2, 1), (1, 2), (1, 2)):
        for _each in range(nth):
            program.ask(
                a_number(len(GuardDecision.objects.all()) + expected * 7_000 + _each * 2_000)
            )
        incidents.sweep()
        assert len(told()) == expected
    assert told()[0].startswith("50 %")


def test_organizations_hear_only_of_their_own(clock):
    attacked()
    other = GuardedProgram()
    make_member(Role.OWNER, other.organization)
    incidents.sweep()
    assert set(Notice.objects.values_list("organization_id", flat=True)) != {other.organization.pk}
    assert not Notice.objects.filter(organization=other.organization).exists()
