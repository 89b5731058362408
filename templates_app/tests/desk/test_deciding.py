"""Decisions of the desk: every step from the key to the effect, taking back, and two reviewers."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Conflict, NotAllowed
from accounts.models import AuditEntry, Notice, User
from accounts.models.stepping import sources_of
from accounts.staff import REVIEWERS
from accounts.tests.factories import (
    log_in,
    make_activation,
    make_member,
    make_organization,
    make_reviewer,
)
from templates_app.actions import withdraw
from templates_app.desk.actions import apply_due, claim, give, give_together, take_back
from templates_app.desk.figures import desk_figures
from templates_app.desk.queries import Item, item, queue
from templates_app.desk.similar import identical_open
from templates_app.models import DecisionState, DeskClaim, DeskDecision, Review
from templates_app.models.desk_decision import DECISION_STEPS
from templates_app.review import ReviewState
from templates_app.tasks import apply_decisions
from templates_app.tests.factories import pending_signature, pending_template

pytestmark = pytest.mark.django_db
REASONS = [{"code": "OTHER", "field": "", "advice": "Say more."}]
DESK = "/admin/templates_app/review/desk/"


@pytest.fixture(autouse=True)
def undo(settings: Any) -> None:
    settings.REVIEW_UNDO_SECONDS = 30


def of(thing: Any) -> Item:
    version = thing.versions.get()
    kind = "signature" if hasattr(version, "content") else "template"
    found = item(kind, version.pk)
    assert found is not None
    return found


def time_passes() -> None:
    """Let what is held be final."""
    DeskDecision.objects.update(final_at=timezone.now())


def state_of(about: Item) -> str:
    about.row.refresh_from_db()
    return str(about.row.state)


def approve(about: Item, reviewer: User) -> DeskDecision:
    return give(item=about, reviewer=reviewer, approve=True)


@pytest.mark.parametrize(("approves", "state"), [(True, "APPROVED"), (False, "REJECTED")])
def test_a_decision_takes_effect_and_is_told_only_when_it_is_final(
    approves: bool, state: str
) -> None:
    reviewer, about = make_reviewer(), of(pending_template())
    given = give(
        item=about, reviewer=reviewer, approve=approves, reasons=REASONS, note="Thank you."
    )
    assert (state_of(about), Notice.objects.count()) == ("PENDING", 0)
    assert apply_due() == 0, "it can still be taken back"
    assert queue(make_reviewer()).items == []
    time_passes()
    apply_decisions()
    assert state_of(about) == state
    assert Notice.objects.count() == 1
    review = Review.objects.get()
    assert (review.reviewer, review.note) == (reviewer, "Thank you.")
    given.refresh_from_db()
    assert given.state == DecisionState.APPLIED
    assert apply_due() == 0
    assert Review.objects.count() == 1


def test_what_is_taken_back_never_happened(client: Client) -> None:
    reviewer, about = make_reviewer(), of(pending_template())
    given = approve(about, reviewer)
    log_in(client, reviewer)
    assert "Take it back" in client.get(DESK).text
    answer = client.post(DESK, {"undo": given.pk})
    assert answer["Location"] == reverse("admin:review_item", args=about.key)
    assert "Nobody has been told" in client.get(answer["Location"]).text
    time_passes()
    assert apply_due() == 0
    assert (state_of(about), Notice.objects.count()) == ("PENDING", 0)
    assert AuditEntry.objects.filter(action="desk_decision.taken_back").count() == 1
    # And it can be decided again.
    give(item=of_row(about), reviewer=make_reviewer(), approve=False, reasons=REASONS)
    time_passes()
    assert apply_due() == 1
    assert state_of(about) == "REJECTED"


def of_row(about: Item) -> Item:
    """Return an item as a page reads it later, when nobody works on it any more."""
    found = item(*about.key)
    assert found is not None
    DeskClaim.objects.update(until=timezone.now())
    return found


def test_a_decision_is_not_taken_back_late_nor_by_somebody_else(client: Client) -> None:
    reviewer, about = make_reviewer(), of(pending_template())
    given = approve(about, reviewer)
    other = make_reviewer()
    with pytest.raises(Conflict):
        take_back(decision=given, reviewer=other)
    log_in(client, other)
    assert client.post(DESK, {"undo": given.pk}).status_code == 404
    assert client.post(DESK, {"undo": "x"}).status_code == 404
    time_passes()
    with pytest.raises(Conflict, match="taken effect"):
        take_back(decision=given, reviewer=reviewer)
    log_in(client, reviewer)
    assert "taken effect" in client.post(DESK, {"undo": given.pk}, follow=True).text
    assert apply_due() == 1


def test_what_was_withdrawn_meanwhile_stays_so() -> None:
    about = of(pending_template())
    given = approve(about, make_reviewer())
    withdraw(version=about.row, actor=about.row.created_by)
    time_passes()
    assert apply_due() == 0
    given.refresh_from_db()
    assert (given.state, state_of(about)) == (DecisionState.VOID, "WITHDRAWN")
    assert not Review.objects.exists()


def test_who_decided_is_told_for_a_week_that_it_did_not_take_effect(client: Client) -> None:
    about, reviewer, other = of(pending_template()), make_reviewer(), make_reviewer()
    approve(about, reviewer)
    withdraw(version=about.row, actor=about.row.created_by)
    log_in(client, reviewer)
    assert "did not take effect" not in client.get(DESK).text
    time_passes()
    apply_due()
    page = client.get(DESK).text
    assert "Your decisions that did not take effect" in page
    assert about.title in page
    log_in(client, other)
    assert "did not take effect" not in client.get(DESK).text
    DeskDecision.objects.update(given_at=timezone.now() - timedelta(days=8))
    log_in(client, reviewer)
    assert "did not take effect" not in client.get(DESK).text


def test_the_form_comes_before_earlier_decisions(client: Client) -> None:
    """On a phone everything stands in the order of the page."""
    about = of(pending_template())
    log_in(client, make_reviewer())
    page = client.get(reverse("admin:review_item", args=about.key)).text
    assert page.index('id="decision-h"') < page.index('id="decisions-h"')


def test_a_reviewer_who_is_none_any_more_decides_nothing() -> None:
    reviewer, about = make_reviewer(), of(pending_template())
    approve(about, reviewer)
    reviewer.groups.filter(name=REVIEWERS).delete()
    time_passes()
    assert apply_due() == 0
    assert state_of(about) == "PENDING"


def test_one_decision_that_breaks_delays_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from templates_app.desk.actions import decisions

    broken, fine = of(pending_template()), of(pending_template())
    approve(broken, make_reviewer())
    approve(fine, make_reviewer())
    decide = decisions.decide

    def breaks(*, version: Any, **values: Any) -> Review:
        if version.pk == broken.row.pk:
            raise RuntimeError("broken")
        return decide(version=version, **values)

    monkeypatch.setattr(decisions, "decide", breaks)
    time_passes()
    assert apply_due() == 1
    assert (state_of(broken), state_of(fine)) == ("PENDING", "APPROVED")
    monkeypatch.undo()
    assert apply_due() == 1
    assert state_of(broken) == "APPROVED"


def test_nobody_decides_what_is_decided_or_held() -> None:
    about = of(pending_template())
    approve(about, make_reviewer())
    for _ in range(2):
        with pytest.raises(Conflict):
            approve(of_row(about), make_reviewer())
        time_passes()
        apply_due()
    held = of(pending_signature())
    claim(held, make_reviewer())
    with pytest.raises(Conflict, match="is working on this"):
        approve(held, make_reviewer())


def test_own_organizations_and_one_s_own_rejection_are_for_others() -> None:
    make_organization()
    reviewer, about = make_reviewer(), of(pending_template())
    make_member("OWNER", about.row.organization, reviewer)
    with pytest.raises(NotAllowed):
        approve(about, reviewer)
    assert not DeskDecision.objects.exists()


def test_every_kind_is_decided_by_the_same_steps() -> None:
    activation = make_activation(make_organization())
    about = item("activation", activation.pk)
    assert about is not None
    approve(about, make_reviewer())
    time_passes()
    assert apply_due() == 1
    activation.refresh_from_db()
    assert activation.is_approved


@pytest.mark.parametrize("to", DecisionState)
@pytest.mark.parametrize("state", DecisionState)
def test_a_decision_takes_only_its_steps(state: DecisionState, to: DecisionState) -> None:
    given = approve(of(pending_template()), make_reviewer())
    rows = DeskDecision.objects.filter(pk=given.pk)
    rows.update(state=state.value)
    assert rows.step(to) == int(state in sources_of(DECISION_STEPS, to))


# --- Four eyes ------------------------------------------------------------------------------------


@pytest.fixture
def four_eyes(settings: Any) -> None:
    settings.REVIEW_FOUR_EYES = frozenset({"signature"})


def test_two_reviewers_approve_and_nobody_is_told_before(four_eyes: None) -> None:
    first, second, about = make_reviewer(), make_reviewer(), of(pending_signature())
    given = approve(about, first)
    time_passes()
    assert apply_due() == 1
    assert (state_of(about), Notice.objects.count()) == ("PENDING", 0)
    assert queue(first).items == []
    with pytest.raises(NotAllowed, match="Another reviewer"):
        approve(of_row(about), first)
    approve(of_row(about), second)
    time_passes()
    assert apply_due() == 1
    assert state_of(about) == "APPROVED"
    assert Review.objects.get().reviewer == second
    given.refresh_from_db()
    assert given.state == DecisionState.APPLIED
    assert AuditEntry.objects.get(action="desk_decision.first_of_two_approvals").actor == first


def test_the_second_reviewer_may_say_no(four_eyes: None) -> None:
    about = of(pending_signature())
    given = approve(about, make_reviewer())
    time_passes()
    apply_due()
    give(item=of_row(about), reviewer=make_reviewer(), approve=False, reasons=REASONS)
    time_passes()
    apply_due()
    given.refresh_from_db()
    assert (state_of(about), given.state) == ("REJECTED", DecisionState.VOID)


def test_a_rejection_and_other_kinds_need_one_reviewer(four_eyes: None) -> None:
    rejected, other = of(pending_signature()), of(pending_template())
    give(item=rejected, reviewer=make_reviewer(), approve=False, reasons=REASONS)
    approve(other, make_reviewer())
    time_passes()
    assert apply_due() == 2
    assert (state_of(rejected), state_of(other)) == ("REJECTED", "APPROVED")


def test_the_page_says_whose_approval_is_missing(client: Client, four_eyes: None) -> None:
    first, about = make_reviewer(), of(pending_signature())
    approve(about, first)
    time_passes()
    apply_due()
    address = reverse("admin:review_item", args=about.key)
    log_in(client, first)
    assert "Another reviewer must approve it too" in client.get(address).text
    log_in(client, make_reviewer())
    assert "Yours is the second approval" in client.get(address).text


# --- Identical texts ------------------------------------------------------------------------------


def test_identical_texts_are_approved_and_taken_back_together() -> None:
    one, same, other = (of(pending_template(body=body)) for body in ("Hi {1}", "Hi {1}", "Ho {1}"))
    reviewer = make_reviewer()
    assert [found.key for found in identical_open(one, reviewer)] == [same.key]
    leader, *_rest = give_together(items=[one, *identical_open(one, reviewer)], reviewer=reviewer)
    assert take_back(decision=leader, reviewer=reviewer) == 2
    give_together(items=[of_row(one), *identical_open(one, reviewer)], reviewer=reviewer)
    time_passes()
    assert apply_due() == 2
    assert [state_of(each) for each in (one, same, other)] == ["APPROVED", "APPROVED", "PENDING"]


def test_what_looks_the_same_but_is_not_stays() -> None:
    reviewer = make_reviewer()
    one = of(pending_template(body="Call 1234 now"))
    pending_template(body="Call 5678 now")
    pending_template(body="Call 1234 now", sms_type="MARKETING")
    pending_template(body="Call 1234 now", asked_at=timezone.now())
    pending_template(body="Call 1234 now", appealed_at=timezone.now())
    claimed = of(pending_template(body="Call 1234 now"))
    claim(claimed, make_reviewer())
    mine = pending_template(body="Call 1234 now")
    make_member("OWNER", mine.organization, reviewer)
    assert identical_open(one, reviewer) == []


# --- Two at once, and figures ---------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_and_two_workers_at_once_one_counts() -> None:
    about = of(pending_template())
    reviewers = [make_reviewer() for _ in range(3)]
    together(lambda reviewer: give(item=about, reviewer=reviewer, approve=True), reviewers)
    assert DeskDecision.objects.filter(state=DecisionState.HELD.value).count() == 1
    time_passes()
    together(lambda _reviewer: apply_due(), reviewers)
    assert Review.objects.count() == 1
    assert DeskDecision.objects.get().state == DecisionState.APPLIED
    assert state_of(about) == ReviewState.APPROVED


def together(act: Any, reviewers: list[User]) -> None:
    ready = threading.Barrier(len(reviewers))

    def work(reviewer: User) -> None:
        try:
            ready.wait()
            act(reviewer)
        except Conflict:
            return
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[reviewer]) for reviewer in reviewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_figures_of_the_desk(client: Client) -> None:
    now = timezone.now()
    for minutes in (10, 20, 30, 150):
        due = now - timedelta(minutes=minutes) + timedelta(hours=2)
        approve(of(pending_template(due_at=due)), make_reviewer())
    back = approve(of(pending_template()), make_reviewer())
    take_back(decision=back, reviewer=back.reviewer)
    pending_template(due_at=now - timedelta(minutes=1), asked_at=now)
    pending_signature(due_at=now - timedelta(minutes=1))
    figures = desk_figures()
    assert (figures.decisions, figures.late, figures.overdue) == (4, 1, 2)
    assert figures.median is not None
    assert figures.slow is not None
    assert figures.median // timedelta(minutes=1) == 20
    assert figures.slow // timedelta(minutes=1) == 150
    log_in(client, make_reviewer())
    assert "2 h 30 min" in client.get(DESK).text


def test_a_step_of_a_sitting_is_answered_with_the_next_item_and_its_address() -> None:
    one, other = of(pending_template()), of(pending_template())
    client = log_in(Client(), make_reviewer())
    address = reverse("admin:review_item", args=one.key)
    step = client.post(address, {"decision": "approve"}, headers={"HX-Request": "true"})
    after = reverse("admin:review_item", args=other.key)
    assert (step.status_code, step["HX-Push-Url"]) == (200, after)
    assert step.context["item"] == other
    # Nothing of the form that was sent stands in the one that is shown.
    assert not step.context["forms"].decision.is_bound
    assert client.post(after, {"decision": "approve"}).status_code == 302
