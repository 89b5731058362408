"""Requesting originators, deciding about them, and choosing one for an application."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.actions.decision import Reason, reviewer_decision, step_decided
from accounts.errors import Conflict, Refusal
from accounts.models import (
    ApplicationOriginator,
    AuditEntry,
    Organization,
    Originator,
    OriginatorState,
    SmsApplication,
    User,
)
from accounts.notices import NoticeKind, tell
from accounts.review_clock import due_after

MOST_ORIGINATORS = 100
"""Open ones of one organization."""


class NotOneOfYours(Refusal):
    """An originator was chosen that the organization may not show."""

    field = "originator"


@transaction.atomic
def request_originator(
    *, organization: Organization, actor: User, address: str, country: str = "", remarks: str = ""
) -> Originator:
    """Ask to be shown as `address` in a country, or everywhere; raises Conflict if it was."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    own = Originator.objects.for_organization(organization)
    live = own.filter(state__in=[OriginatorState.PENDING.value, OriginatorState.APPROVED.value])
    if live.count() >= MOST_ORIGINATORS:
        raise Conflict(
            _("An organization can have %(most)d originators. Withdraw one first.")
            % {"most": MOST_ORIGINATORS}
        )
    now = shared_time.now()
    try:
        with transaction.atomic():
            originator = Originator.objects.create(
                organization=organization,
                address=address,
                country=country,
                remarks=remarks,
                submitted_by=actor,
                submitted_at=now,
                due_at=due_after(now),
            )
    except IntegrityError:
        raise Conflict(
            _("“%(address)s” is already approved or waiting for review.") % {"address": address}
        ) from None
    _record("originator.submitted", originator, actor)
    return originator


@transaction.atomic
def decide_originator(
    *,
    originator: Originator,
    reviewer: User,
    approve: bool,
    reasons: Sequence[Reason] = (),
    note: str = "",
) -> Originator:
    """Approve or reject; raises what `reviewer_decision` raises, and Conflict if it is decided."""
    decision = reviewer_decision(
        organization=originator.organization,
        reviewer=reviewer,
        approve=approve,
        reasons=reasons,
        note=note,
    )
    step_decided(
        Originator.objects.for_organization(originator.organization).filter(pk=originator.pk),
        OriginatorState.APPROVED if approve else OriginatorState.REJECTED,
        decision,
        **decision.stored,
    )
    originator.refresh_from_db()
    _record(
        "originator.approved" if approve else "originator.rejected",
        originator,
        reviewer,
        by_own_organization=decision.by_own_organization,
    )
    _tell(originator)
    return originator


def _tell(originator: Originator) -> None:
    """Tell the submitter and the contacts what was decided."""
    tell(
        NoticeKind.REVIEW,
        originator.organization,
        people=[originator.submitted_by] if originator.submitted_by else [],
        contacts=True,
        path=reverse("accounts:originators"),
        what="originator",
        approved=originator.state == OriginatorState.APPROVED.value,
        thing=originator.address,
        reasons=originator.advice,
        note=originator.note,
    )


@transaction.atomic
def withdraw_originator(*, originator: Originator, actor: User) -> None:
    """Give one up, or take it away: no message shows it from now on; raises Conflict when over.

    Applications that had chosen it have chosen nothing instead.
    """
    rows = Originator.objects.for_organization(originator.organization).filter(pk=originator.pk)
    if not rows.step(OriginatorState.WITHDRAWN, decided_at=shared_time.now()):
        raise Conflict(_("“%(address)s” is no longer in use.") % {"address": originator.address})
    originator.chosen_in.all().delete()
    own = SmsApplication.objects.for_organization(originator.organization)
    if not originator.country:
        own.filter(originator=originator.address).update(originator="")
    _record("originator.withdrawn", originator, actor)


def approved_for(
    organization: Organization, address: str, country: str = "", *, lock: bool = False
) -> Originator:
    """Return the approved originator of the organization; raises NotOneOfYours."""
    rows = Originator.objects.for_organization(organization).approved().filter(address=address)
    rows = rows.filter(country__in={"", country}).order_by("country")
    if lock:
        rows = rows.select_for_update()
    found: Originator | None = rows.first()
    if found is not None:
        return found
    raise NotOneOfYours(
        _("“%(address)s” is not an approved originator of your organization. Request it first.")
        % {"address": address}
    )


@transaction.atomic
def choose_originator(
    *, application: SmsApplication, actor: User, country: str, originator: str
) -> None:
    """Let an application show another originator in one country; raises NotOneOfYours."""
    chosen = approved_for(application.organization, originator, country, lock=True)
    application.country_originators.update_or_create(
        country=country, defaults={"originator": chosen}
    )
    _record_choice(application, actor, country=country, originator=chosen.address)


@transaction.atomic
def unchoose_originator(*, choice: ApplicationOriginator, actor: User) -> None:
    """Let an application show in a country what it shows everywhere else."""
    choice.delete()
    _record_choice(choice.application, actor, country=choice.country, originator="")


def _record(action: str, originator: Originator, actor: User, **details: Any) -> None:
    AuditEntry.record(
        action=action,
        subject=originator.address,
        organization=originator.organization,
        actor=actor,
        country=originator.country,
        originator_id=originator.pk,
        **details,
    )


def _record_choice(application: SmsApplication, actor: User, **details: Any) -> None:
    AuditEntry.record(
        action="smsapplication.originator_chosen",
        subject=application,
        organization=application.organization,
        actor=actor,
        **details,
    )
