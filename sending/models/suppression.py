"""Numbers that an organization must not send to."""

import re
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from sending.models.customer import LastDigits
from sending.models.msisdn_field import MsisdnField
from sending.models.number_digest import MARK, number_digest, number_digests

REASON_CHARS = 120
# Reasons that the console itself writes are kept in English, and shown in the reader's language.
REPLIED_STOP = gettext_noop("Replied STOP on %(at)s")
IN_THE_INBOX = gettext_noop("Suppressed in the inbox")
_REPLIED_STOP = re.compile(r"Replied STOP on (?P<at>\d{4}-\d\d-\d\d \d\d:\d\d \S+)")


class SuppressionQuerySet(OrganizationQuerySet):
    """Suppressed numbers; of those that were erased only a digest is known."""

    def readable(self) -> Self:
        """Return those whose number was not erased."""
        return self.filter(msisdn__gte="+", msisdn__lt=",")

    def erased(self) -> Self:
        """Return those whose number was erased."""
        return self.filter(msisdn__gte=MARK, msisdn__lt=chr(ord(MARK) + 1))

    def of_number(self, msisdn: str, organization_id: int) -> Self:
        """Return the row of a number, whether it was erased or not."""
        known_as = [msisdn, *number_digests(msisdn, organization_id)]
        return self.filter(organization_id=organization_id, msisdn__in=known_as)

    def suppressed(self, organization_id: int, numbers: Iterable[str]) -> set[str]:
        """Return those of the numbers that get nothing from the organization."""
        own = self.filter(organization_id=organization_id)
        known_as = {number: number for number in numbers}
        if own.erased().exists():
            for number in list(known_as):
                known_as |= dict.fromkeys(number_digests(number, organization_id), number)
        found = own.filter(msisdn__among=known_as).values_list("msisdn", flat=True)
        return {known_as[each] for each in found}


class Suppression(models.Model):
    """A number that gets nothing from the organization, whoever uploads or chooses it."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="suppressions")
    # Once erased a digest, so that its owner still gets nothing.
    msisdn = MsisdnField(_("mobile number"))
    reason = models.CharField(_("reason"), max_length=REASON_CHARS, blank=True)
    since = MomentField(_("since"), auto_now_add=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed number")
        verbose_name_plural = _("suppressed numbers")
        constraints = [
            models.UniqueConstraint(fields=["organization", "msisdn"], name="suppression_once"),
        ]
        indexes = [
            models.Index(models.F("organization"), LastDigits("msisdn"), name="suppression_last"),
        ]

    def __str__(self) -> str:
        return self.msisdn

    @property
    def shown_reason(self) -> str:
        """Return the reason, in the reader's language where it is one of ours."""
        if self.reason == IN_THE_INBOX:
            return gettext(IN_THE_INBOX)
        said_stop = _REPLIED_STOP.fullmatch(self.reason)
        return gettext(REPLIED_STOP) % said_stop.groupdict() if said_stop else self.reason

    @property
    def is_erased(self) -> bool:
        """Tell whether only a digest of the number is left."""
        return self.msisdn.startswith(MARK)

    def erase(self) -> None:
        """Keep a digest instead of the number, and no reason: it may name somebody."""
        digest = number_digest(self.msisdn, self.organization_id)
        if type(self).objects.filter(organization=self.organization_id, msisdn=digest).exists():
            self.delete()
            return
        self.msisdn, self.reason = digest, ""
        self.save(update_fields=["msisdn", "reason"])
