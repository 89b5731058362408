"""Decisions of the desk: held while they can be taken back, then applied, and only then told."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.actions import decide_activation, decide_originator
from accounts.actions.decision import Reason, reviewer_decision
from accounts.errors import Conflict, NotAllowed, Refusal
from accounts.models import AuditEntry, Originator, ServiceActivation, User
from accounts.review_clock import time_taken
from templates_app.actions import decide
from templates_app.actions.decisions import check_another
from templates_app.desk.actions.claims import hold, release
from templates_app.desk.actions.quality import sample
from templates_app.desk.queries import DECIDED_BY_ANOTHER, Item, item
from templates_app.models import DecisionState, DeskDecision

log = logging.getLogger(__name__)

A_ROUND = 500
"""Decisions applied by one call."""


@transaction.atomic
def give(
    *,
    item: Item,
    reviewer: User,
    approve: bool,
    reasons: Sequence[Reason] = (),
    note: str = "",
    given_with: DeskDecision | None = None,
) -> DeskDecision:
    """Decide about an item; nothing happens, and nobody is told, for REVIEW_UNDO_SECONDS.

    Raises what `reviewer_decision` raises, NotAllowed where another reviewer must decide, and
    Conflict when somebody else holds the item or it is decided.
    """
    decision = reviewer_decision(
        organization=item.row.organization,
        reviewer=reviewer,
        approve=approve,
        reasons=reasons,
        note=note,
    )
    _check(item, reviewer, approve=approve)
    if given_with is None:
        _check_claim(item, reviewer)
    now = shared_time.now()
    wait = timedelta(seconds=settings.REVIEW_UNDO_SECONDS)
    try:
        given = DeskDecision.objects.create(
            organization=item.row.organization,
            kind=item.kind,
            item_id=item.row.pk,
            thing=item.title[:200],
            reviewer=reviewer,
            approved=decision.approved,
            reasons=decision.reasons,
            note=decision.note,
            given_at=now,
            final_at=now + wait,
            seconds=int(time_taken(item.row.due_at, now).total_seconds()),
            was_overdue=item.is_overdue,
            given_with=given_with,
        )
    except IntegrityError:
        # All of it is undone, so that no savepoint is needed.
        raise Conflict(_("Someone has just decided about this.")) from None
    release(item, reviewer)
    if not settings.REVIEW_UNDO_SECONDS:
        _apply(given)
        given.refresh_from_db()
    return given


def _check(item: Item, reviewer: User, *, approve: bool) -> None:
    if not item.is_open:
        raise Conflict(_("Someone has already approved, rejected or withdrawn this."))
    if item.kind in DECIDED_BY_ANOTHER:
        check_another(item.row, reviewer)
    first = _of_item(item).filter(state=DecisionState.FIRST.value, reviewer=reviewer)
    if approve and first.exists():
        raise NotAllowed(_("You have approved it. Another reviewer must approve it too."))


def _check_claim(item: Item, reviewer: User) -> None:
    held = hold(item, reviewer)
    if held is not None and held.reviewer_id != reviewer.pk:
        raise Conflict(
            _("%(reviewer)s is working on this. Choose another item.") % {"reviewer": held.reviewer}
        )


def give_together(*, items: Sequence[Item], reviewer: User, note: str = "") -> list[DeskDecision]:
    """Approve an item and identical texts; those that somebody else works on are left out.

    Raises what `give` raises for the first of them.
    """
    leader = give(item=items[0], reviewer=reviewer, approve=True, note=note)
    given = [leader]
    for one in items[1:]:
        if not one.is_free_for(reviewer):
            continue
        try:
            given.append(
                give(item=one, reviewer=reviewer, approve=True, note=note, given_with=leader)
            )
        except Refusal:
            # Somebody was faster, or must not decide about this one.
            continue
    return given


@transaction.atomic
def take_back(*, decision: DeskDecision, reviewer: User) -> int:
    """Take back one's own decision and what was given with it; return how many were.

    Raises Conflict when it has taken effect.
    """
    # Any organization: a reviewer takes back their own decision.
    own = DeskDecision.objects.filter(reviewer=reviewer, final_at__gt=shared_time.now())
    together = own.filter(pk=decision.pk) | own.filter(given_with=decision)
    taken = together.step(DecisionState.TAKEN_BACK, only_from=DecisionState.HELD)
    if not taken:
        raise Conflict(_("The decision has taken effect, so it cannot be taken back."))
    AuditEntry.record(
        action="desk_decision.taken_back",
        subject=decision.thing,
        organization=None,
        actor=reviewer,
        decision_id=decision.pk,
        decisions=taken,
    )
    return taken


def apply_due() -> int:
    """Let decisions take effect that can no longer be taken back; return how many did."""
    # Any organization: what is due.
    due = DeskDecision.objects.filter(
        state=DecisionState.HELD.value, final_at__lte=shared_time.now()
    ).order_by("final_at", "pk")
    applied = 0
    for decision in due.select_related("organization", "reviewer")[:A_ROUND]:
        try:
            applied += _apply(decision)
        except Refusal:
            # It was withdrawn meanwhile, or its reviewer may not decide any more.
            log.info("decision %s of the desk could not take effect", decision.pk)
            _rows(decision).step(DecisionState.VOID, only_from=DecisionState.HELD)
        except Exception:
            # One that cannot be applied delays no other.
            log.exception("decision %s of the desk cannot be applied", decision.pk)
    return applied


@transaction.atomic
def _apply(decision: DeskDecision) -> int:
    """Let one decision take effect, once; return 1 if it did. Raises what deciding raises."""
    about = item(decision.kind, decision.item_id)
    if about is None:
        raise Conflict(_("It no longer exists."))
    first = _of_item(about).filter(state=DecisionState.FIRST.value)
    wants_second = (
        decision.approved and decision.kind in settings.REVIEW_FOUR_EYES and not first.exists()
    )
    to = DecisionState.FIRST if wants_second else DecisionState.APPLIED
    if not _rows(decision).step(to, only_from=DecisionState.HELD):
        return 0
    if wants_second:
        AuditEntry.record(
            action="desk_decision.first_of_two_approvals",
            subject=decision.thing,
            organization=None,
            actor=decision.reviewer,
            decision_id=decision.pk,
        )
        return 1
    first.step(DecisionState.APPLIED if decision.approved else DecisionState.VOID)
    _decide(about, decision)
    if decision.approved:
        sample(decision)
    return 1


def _decide(about: Item, decision: DeskDecision) -> None:
    values: dict[str, Any] = {
        "reviewer": decision.reviewer,
        "approve": decision.approved,
        "reasons": decision.reasons,
        "note": decision.note,
    }
    if isinstance(about.row, ServiceActivation):
        decide_activation(activation=about.row, **values)
    elif isinstance(about.row, Originator):
        decide_originator(originator=about.row, **values)
    else:
        decide(version=about.row, **values)


def _rows(decision: DeskDecision) -> Any:
    rows = DeskDecision.objects.for_organization(decision.organization)
    return rows.filter(pk=decision.pk)


def _of_item(about: Item) -> Any:
    rows = DeskDecision.objects.for_organization(about.row.organization)
    return rows.filter(kind=about.kind, item_id=about.row.pk)
