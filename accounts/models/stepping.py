"""How the state of a row changes: one conditional UPDATE, and only along the steps of its kind.

Messages and tasks have `sending/models/stepping.py`, which also keeps the figures in step.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from accounts.models.organization_queryset import OrganizationQuerySet

Steps = Mapping[Any, frozenset[Any]]


def sources_of(steps: Steps, to: StrEnum) -> frozenset[Any]:
    """Return the states from which a row may step to `to`."""
    return frozenset(state for state, targets in steps.items() if to in targets)


class StepQuerySet(OrganizationQuerySet):
    """Rows with a `state`; `step` is the only way to change it.

    A subclass names its `steps`: each state, and the states that may follow it.
    """

    steps: ClassVar[Steps] = {}

    def step(self, to: StrEnum, *, only_from: StrEnum | None = None, **fields: Any) -> int:
        """Move the rows that may go to `to`; return how many did.

        Of two callers at the same moment exactly one moves a row. `fields` are written with the
        step; `only_from` narrows the states that may be left.
        """
        sources = sources_of(self.steps, to)
        if only_from is not None:
            sources &= {only_from}
        return self.filter(state__in=[state.value for state in sources]).update(
            state=to.value, **fields
        )
