"""The one word by which every query of an organization's data begins."""

from typing import Any, Self

from django.db import models


class OrganizationQuerySet(models.QuerySet[Any]):
    """Rows that belong to organizations; ask `for_organization` before anything else."""

    def for_organization(self, organization: Any) -> Self:
        """Return only the rows of `organization`."""
        return self.filter(organization_id=organization.pk)
