"""How many codes were sent, and how many led to a right answer: conversion."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import Organization
from sending.models import VerificationAttempt, VerifyService


@dataclass(frozen=True, slots=True)
class CodeFigures:
    """Codes sent, and those of verifications that were approved."""

    attempts: int
    converted: int
    country: str = ""

    @property
    def unconverted(self) -> int:
        """Return the codes that led to nothing, yet or for ever."""
        return self.attempts - self.converted

    @property
    def percentage(self) -> float:
        """Return the converted part of a hundred codes, with two decimals; 0 of none."""
        return round(100 * self.converted / self.attempts, 2) if self.attempts else 0.0


_CONVERTED: Any = Count("pk", filter=Q(converted_at__isnull=False))


def of_attempts(attempts: QuerySet[Any]) -> CodeFigures:
    """Return the figures of some attempts."""
    found = attempts.aggregate(all=Count("pk"), converted=_CONVERTED)
    return CodeFigures(found["all"], found["converted"])


def by_country(
    organization: Organization, service: VerifyService, since: datetime
) -> list[CodeFigures]:
    """Return the figures of a service by country, the most codes first."""
    own = VerificationAttempt.objects.for_organization(organization)
    rows = (
        own.filter(service=service, at__gte=since)
        .values("country")
        .annotate(all=Count("pk"), converted=_CONVERTED)
        .order_by("-all", "country")
    )
    return [CodeFigures(row["all"], row["converted"], row["country"]) for row in rows]
