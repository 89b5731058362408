"""The audit trail: who did what, when. Rows are only ever added, and each is sealed to the last."""

import json
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts import security_log, shared_time
from accounts.acting import acting_key
from accounts.masking import mask_numbers
from accounts.models.moment import MomentField
from accounts.models.organization import Organization
from accounts.models.organization_queryset import OrganizationQuerySet
from accounts.sealing import NOTHING_BEFORE, seal

CONSOLE_CHAIN = 0
"""The chain of acts that belong to no organization: sign-ins, staff, gateways."""


class AuditEntry(models.Model):
    """One act of a person, or of the console itself when `actor` is null.

    While a program acts (accounts/acting.py), `details` name its API key and there is no actor.

    The database refuses to change or delete a row (accounts/append_only.py). Subject and details
    name no recipient: a number is masked, because nothing here can be erased later.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", null=True, blank=True
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    # Whose account, membership or login was touched; those acts stand in that person's trail too.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    # noun.participle, for example "send_task.sent"
    action = models.CharField(_("action"), max_length=60)
    subject = models.CharField(_("subject"), max_length=120)
    details = models.JSONField(_("details"), default=dict, blank=True)
    at = MomentField(_("at"), default=shared_time.now, editable=False)
    # The place in its chain, from 1, and the seal over the entry and the seal before it.
    position = models.PositiveBigIntegerField(_("position"), editable=False)
    seal = models.CharField(_("seal"), max_length=64, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        indexes = [
            # The settings page lists an organization's newest entries.
            models.Index(fields=["organization", "-id"], name="audit_newest"),
            # What one person did there, and who did anything at all.
            models.Index(fields=["organization", "actor", "-id"], name="audit_of_actor"),
            # Operators see the acts of the last day.
            models.Index(fields=["organization", "at"], name="audit_by_time"),
            # The page of one's own account lists a person's newest entries.
            models.Index(fields=["person", "-id"], name="audit_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "position"], name="audit_one_chain"),
            models.UniqueConstraint(
                fields=["position"],
                condition=models.Q(organization=None),
                name="audit_one_console_chain",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

    @property
    def chain(self) -> int:
        """Return the id of the chain the entry belongs to."""
        return self.organization_id or CONSOLE_CHAIN

    def sealed_facts(self) -> list[Any]:
        """Return what the seal covers; migration 0007 and verify_trail must agree on it."""
        return [
            self.chain,
            self.position,
            self.at.isoformat(),
            self.action,
            self.subject,
            self.actor_id,
            self.person_id,
            self.details,
        ]

    @classmethod
    def record(
        cls,
        *,
        action: str,
        subject: object,
        organization: Organization | None,
        actor: Any = None,
        person: Any = None,
        **details: Any,
    ) -> "AuditEntry":
        """Add one entry, and a line to the security log once it is committed.

        Call it inside the transaction of the act itself and as its last step: the chain of the
        organization stays locked until that transaction ends. Whoever locks a row that others
        refer to first, such as the organization, does so with `no_key`: PostgreSQL looks for the
        rows an entry names at the commit, when the chain is locked already.
        """
        if (key := acting_key()) is not None:
            actor, details = None, {**details, "api_key": key}
        entry = cls(
            organization=organization,
            actor=actor,
            person=person,
            action=action,
            # An id is no number of anybody; what people wrote may quote one.
            subject=str(subject) if isinstance(subject, int) else mask_numbers(str(subject))[:120],
            # As it comes back from a database; what is not whole would come back in another form.
            details=json.loads(json.dumps(_masked(details)), parse_float=str),
            at=shared_time.now(),
        )
        with transaction.atomic(savepoint=False):
            AuditChain.append(entry)
            facts = {
                "actor": entry.actor_id,
                "person": entry.person_id,
                "organization": entry.organization_id,
                "entry": entry.pk,
                "position": entry.position,
                "seal": entry.seal,
            }
            security_log.write_on_commit(action, at=entry.at, **facts)
        return entry


# A network reads like a number.
_NETWORKS = frozenset({"network", "networks"})


def _masked(value: Any) -> Any:
    """Return details without numbers: nothing is ever erased from the trail."""
    if isinstance(value, dict):
        return {key: one if key in _NETWORKS else _masked(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(one) for one in value]
    return mask_numbers(value) if isinstance(value, str) else value


class AuditChain(models.Model):
    """The end of the chain of one organization (its id), or of the console (0).

    Its row is locked while an entry is added, so that no two entries follow the same one.
    """

    id = models.PositiveBigIntegerField(primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64, default=NOTHING_BEFORE)

    class Meta:
        verbose_name = _("chain of the audit trail")
        verbose_name_plural = _("chains of the audit trail")

    def __str__(self) -> str:
        return f"{self.pk}:{self.length}"

    @classmethod
    def append(cls, entry: AuditEntry) -> None:
        """Store an entry behind the last one of its chain; needs a transaction."""
        chain = cls._locked(entry.chain)
        entry.position = chain.length + 1
        entry.seal = seal(entry.sealed_facts(), chain.seal)
        entry.save(force_insert=True)
        cls.objects.filter(pk=chain.pk).update(length=entry.position, seal=entry.seal)

    @classmethod
    def _locked(cls, pk: int) -> Self:
        locked = cls.objects.select_for_update()
        if (chain := locked.filter(pk=pk).first()) is None:
            # Of two first entries at the same moment the later waits here for the earlier.
            cls.objects.bulk_create([cls(pk=pk)], ignore_conflicts=True)
            chain = locked.get(pk=pk)
        return chain
