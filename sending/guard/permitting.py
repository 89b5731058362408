"""What people decide: who is let pass, what is stopped by hand, what is released. All recorded."""

import ipaddress
from datetime import UTC, datetime, timedelta

from django.db import transaction

from accounts import shared_time
from accounts.masking import masked
from accounts.models import AuditEntry, Organization, User
from sending.guard import holds
from sending.guard.questions import minute_of
from sending.guard.rules.names import MINUTES, AllowKind, Dimension, GuardAction, Rule
from sending.guard.rules.ranges import ranges_of, shown
from sending.models import GuardAllow, GuardBlock
from sending.models.guard_digest import guard_digest

LONGEST_BLOCK = timedelta(days=30)
"""Of what people stop by hand; it is seen until then, and not forgotten for years."""
LONGEST_ALLOW = timedelta(days=366)


@transaction.atomic
def allow(
    organization: Organization,
    kind: AllowKind,
    value: str,
    *,
    reason: str,
    until: datetime,
    actor: User | None,
) -> GuardAllow:
    """Let something pass F2 to F8 until then; raise ValueError where the value is none.

    `value` is an E.164 number for NUMBER and RANGE (the block of 1,000 that it lies in), an ISO
    3166 code, a network, or the id of a key. The guard knows it within a second or so.
    """
    now = shared_time.now()
    if not now < until <= now + LONGEST_ALLOW:
        raise ValueError("it must end within a year")
    stored, read = _stored(organization, kind, value)
    rule = GuardAllow.objects.create(
        organization=organization,
        kind=kind.value,
        value=stored,
        shown=read,
        reason=reason,
        created_by_id=actor.pk if actor else None,
        until=until,
    )
    AuditEntry.record(
        action="guard.allowed",
        subject=read,
        organization=organization,
        actor=actor,
        kind=kind.value,
        reason=reason,
        until=until.isoformat(timespec="minutes"),
    )
    return rule


@transaction.atomic
def end_allow(rule: GuardAllow, *, actor: User | None) -> None:
    """Let it pass no more."""
    rows = GuardAllow.objects.filter(pk=rule.pk, until__gt=shared_time.now())
    if rows.update(until=shared_time.now()):
        AuditEntry.record(
            action="guard.allow_ended",
            subject=rule.shown,
            organization=rule.organization,
            actor=actor,
        )


@transaction.atomic
def stop(
    organization: Organization,
    dimension: Dimension,
    bucket: str,
    *,
    action: GuardAction,
    reason: str,
    until: datetime,
    actor: User | None,
) -> GuardBlock:
    """Stop a block of numbers or a country by hand until then, 30 days at most.

    `bucket` is the digits of the block, or an ISO 3166 code. It holds whatever the mode of a rule.
    """
    now = shared_time.now()
    if not now < until <= now + LONGEST_BLOCK:
        raise ValueError("it must end within 30 days")
    rule = _RULE_OF[dimension] if action is not GuardAction.CHALLENGE else Rule.COUNTRY_BUDGET
    read = bucket if dimension is Dimension.COUNTRY else shown(dimension, int(bucket))
    made, _is_new = GuardBlock.objects.update_or_create(
        organization_id=organization.pk,
        rule=rule.value,
        dimension=dimension.value,
        bucket=bucket,
        defaults={
            "shown": read,
            "action": action.value,
            "started_at": now,
            "until": until,
            "created_by_id": actor.pk if actor else 0,
            "reason": reason,
        },
    )
    AuditEntry.record(
        action="guard.stopped",
        subject=read,
        organization=organization,
        actor=actor,
        reason=reason,
        until=until.isoformat(timespec="minutes"),
    )
    return made


@transaction.atomic
def end_block(block: GuardBlock, organization: Organization, *, actor: User | None) -> None:
    """End what the guard or a person stopped.

    What a cap of money stopped goes on with the next hour or day, or once the cap is raised.
    """
    rows = GuardBlock.objects.for_organization(organization).filter(pk=block.pk)
    if block.rule == Rule.MONEY:
        ended = rows.update(until=_end_of_stretch(Dimension(block.dimension)))
    else:
        ended = rows.delete()[0]
    if ended:
        AuditEntry.record(
            action="guard.block_ended", subject=block.shown, organization=organization, actor=actor
        )


def _end_of_stretch(dimension: Dimension) -> datetime:
    """Return when the hour or the day (UTC) that a counter of money is of is over."""
    now = shared_time.now()
    length = timedelta(minutes=MINUTES[dimension])
    begun = datetime.fromtimestamp(minute_of(dimension, now.timestamp()) * 60, UTC)
    return begun + length


def forget_caps(organization: Organization) -> None:
    """End what caps of money stopped, because a person has changed the caps."""
    own = GuardBlock.objects.for_organization(organization)
    own.filter(rule=Rule.MONEY.value).delete()


@transaction.atomic
def release(organization: Organization, message_ids: list[int], *, actor: User | None) -> int:
    """Send what is held, a few hundred at most; enqueue `tasks.submit` on commit."""
    released = holds.release(organization.pk, message_ids)
    if released:
        AuditEntry.record(
            action="guard.released",
            subject=str(released),
            organization=organization,
            actor=actor,
        )
    return released


_RULE_OF = {
    Dimension.COUNTRY: Rule.COUNTRY,
    Dimension.THOUSAND: Rule.THOUSAND,
    Dimension.TEN_THOUSAND: Rule.TEN_THOUSAND,
    Dimension.HUNDRED_THOUSAND: Rule.HUNDRED_THOUSAND,
}


def _stored(organization: Organization, kind: AllowKind, value: str) -> tuple[str, str]:
    """Return what is kept of a value, and what is shown of it."""
    if kind is AllowKind.NUMBER:
        return str(guard_digest(value, organization.pk)), masked(value)
    if kind is AllowKind.RANGE:
        thousand = ranges_of(value).thousand
        if not thousand:
            raise ValueError("the number lies in no block of 1,000")
        return str(thousand), shown(Dimension.THOUSAND, thousand)
    if kind is AllowKind.NETWORK:
        network = str(ipaddress.ip_network(value))
        return network, network
    if kind is AllowKind.KEY:
        return str(int(value)), str(int(value))
    return value, value
