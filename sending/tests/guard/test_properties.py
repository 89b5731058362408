"""What always holds: conversions only help, trust passes, order within a second is nothing."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sending.guard.rules.bounds import highest_share
from sending.guard.rules.facts import Conversion, Facts, Spent, Subject, Usual
from sending.guard.rules.finding import GuardFinding
from sending.guard.rules.judging import judge
from sending.guard.rules.ledger import Ledger
from sending.guard.rules.names import Dimension, GuardAction, GuardMode, Rule
from sending.guard.rules.policy import Caps, policy_of_modes
from sending.guard.rules.ranges import ranges_of
from sending.guard.rules.verdict import block_until, verdict
from sending.tests.guard.playing import ALL_ENFORCED, BEGIN, usual

NUMBER = "+447400123456"
SUBJECT = Subject(BEGIN, 7, ranges_of(NUMBER), "GB", 1, 48_000, 9)
EVERYTHING = policy_of_modes(is_new=True, chosen=dict.fromkeys(Rule, GuardMode.ENFORCE))

counts = st.integers(0, 60)


@st.composite
def conversions(draw: st.DrawFn) -> Conversion:
    ripe = draw(counts)
    return Conversion(ripe, draw(st.integers(0, ripe)))


facts = st.builds(
    Facts,
    number_hour=counts,
    number_day=counts,
    thousand_numbers=counts,
    thousand_verified=st.integers(0, 3),
    neighbours=counts,
    ten_thousand=conversions(),
    hundred_thousand=conversions(),
    hundred_thousand_hour=st.integers(0, 5_000),
    country=conversions(),
    address_numbers=counts,
    address_verified_hour=st.integers(0, 3),
    address_countries=st.integers(1, 6),
    address_verified_day=st.integers(0, 3),
    usual=st.builds(
        Usual,
        conversion=st.none() | st.floats(0.01, 1),
        busiest_sent=counts,
        busiest_verified=st.just({"GB": 20}),
    ),
)


def one_more(found: Conversion) -> Conversion:
    return Conversion(found.ripe, min(found.verified + 1, found.ripe))


@given(facts)
def test_one_more_code_that_is_entered_never_stops_anything(before: Facts):
    after = replace(
        before,
        thousand_verified=before.thousand_verified + 1,
        ten_thousand=one_more(before.ten_thousand),
        hundred_thousand=one_more(before.hundred_thousand),
        country=one_more(before.country),
        address_verified_hour=before.address_verified_hour + 1,
        address_verified_day=before.address_verified_day + 1,
    )
    had = {finding.rule for finding in judge(SUBJECT, before, ALL_ENFORCED)}
    assert {finding.rule for finding in judge(SUBJECT, after, ALL_ENFORCED)} <= had


@given(facts)
def test_who_is_trusted_is_never_stopped_by_f2_to_f8(before: Facts):
    policy = replace(EVERYTHING, home=frozenset({"HK"}))
    found = judge(SUBJECT, replace(before, is_trusted=True), policy)
    assert {finding.rule for finding in found} <= {Rule.ADDRESS, Rule.MONEY, Rule.NEW_KEY}


@given(facts, st.integers(0, 100_000), st.integers(0, 100_000))
def test_nobody_passes_a_cap(before: Facts, spent: int, cap: int):
    policy = replace(EVERYTHING, organization_caps=Caps(hour=cap))
    decided = verdict(
        judge(SUBJECT, replace(before, organization_spent=Spent(spent, spent)), policy), policy
    )
    if spent + SUBJECT.cost_micro > cap:
        assert decided is not None
        assert decided.action is GuardAction.BLOCK


@given(facts)
def test_without_conversions_no_rule_of_conversion_says_anything(before: Facts):
    found = judge(SUBJECT, replace(before, usual=Usual()), EVERYTHING)
    of_conversion = {
        Rule.THOUSAND,
        Rule.TEN_THOUSAND,
        Rule.HUNDRED_THOUSAND,
        Rule.COUNTRY_BUDGET,
        Rule.COUNTRY_CONVERSION,
    }
    assert of_conversion.isdisjoint(finding.rule for finding in found)


@given(facts)
def test_what_is_only_recorded_decides_nothing(before: Facts):
    policy = policy_of_modes(is_new=False)
    assert verdict(judge(SUBJECT, before, policy), policy) is None


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_bound_is_a_share_and_grows_with_successes(successes: int, failures: int):
    of = successes + failures
    bound = highest_share(successes, of)
    assert 0 <= bound <= 1.000_001
    assert bound >= (successes / of if of else 0) - 1e-9
    assert highest_share(successes + 1, of + 1) >= bound - 1e-9


numbers = st.integers(0, 30).map(lambda n: f"+44740012{n:04d}")


@given(st.lists(numbers, max_size=12), st.randoms())
def test_the_order_within_a_second_changes_no_count(asked: list[str], chance):
    shuffled = list(asked)
    chance.shuffle(shuffled)
    found = []
    for order in (asked, shuffled):
        ledger = Ledger(ALL_ENFORCED, usual())
        for number in order:
            ledger.note(SUBJECT._replace(number=int(number), ranges=ranges_of(number)))
        later = SUBJECT._replace(now=BEGIN + 400)
        found.append(replace(ledger.facts(later), blocks=[]))
    assert found[0] == found[1]


@given(st.lists(st.floats(-7_000, 7_000), max_size=20))
def test_a_clock_that_is_set_back_or_forth_breaks_nothing(steps: list[float]):
    ledger = Ledger(ALL_ENFORCED, usual())
    for nth, step in enumerate(steps):
        decided = ledger.offer(SUBJECT._replace(now=BEGIN + step, number=nth)).decided
        assert decided is None or decided.until is None or decided.until > BEGIN + step
    assert ledger.facts(SUBJECT._replace(now=BEGIN + 8_000)).number_hour >= 0


def test_windows_end_to_the_second():
    ledger = Ledger(ALL_ENFORCED, usual())
    ledger.note(SUBJECT)
    for seconds, expected in ((3_599, 1), (3_599.99, 1), (3_600, 0)):
        facts_then = ledger.facts(SUBJECT._replace(now=BEGIN + seconds))
        assert facts_then.number_hour == expected
    assert ledger.facts(SUBJECT._replace(now=BEGIN + 86_399)).number_day == 1
    assert ledger.facts(SUBJECT._replace(now=BEGIN + 86_400)).number_day == 0


def test_blocks_of_small_countries_are_not_counted():
    # Andorra has six digits, Niue four: a hundred thousand numbers would be everybody.
    assert ranges_of("+376312345") == (376312, 3, 37631, 0)
    assert ranges_of("+6834123") == (0, 1, 0, 0)
    assert ranges_of("+16045551234").hundred_thousand == 160455
    assert ranges_of("+79161234567").ten_thousand == 7916123


def test_each_time_a_block_lasts_twice_as_long_up_to_a_day():
    hour = GuardFinding(
        *(Rule.THOUSAND, GuardAction.HOLD, Dimension.THOUSAND, "85251230"),
        *(5, 5, 3_600, BEGIN + 3_600),
    )
    hours = [(block_until(hour, times, BEGIN) - BEGIN) / 3_600 for times in (1, 2, 3, 5, 6, 60)]
    assert hours == [1, 2, 4, 16, 24, 24]
    for_a_person = replace(hour, until=None)
    assert block_until(for_a_person, 3, BEGIN) == BEGIN + 30 * 86_400


def test_every_dimension_of_a_block_has_words():
    from sending.guard.rules.ranges import shown

    assert shown(Dimension.THOUSAND, 447400123) == "+447400123xxx"
    assert shown(Dimension.HUNDRED_THOUSAND, 4474001) == "+4474001xxxxx"
