"""Migration operations that are applied as one, for the squashed migrations of a new database.

After each operation Django makes classes of the state of all models that are related to what
changed. With a hundred models that is nearly all of the time that a new database takes.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db.migrations import CreateModel, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class ModelsTogether(Operation):
    """Makes models that know of each other from the beginning: classes are made once for all."""

    reversible = False

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add all to the state; its classes are made anew when somebody asks for them."""
        state.__dict__.pop("apps", None)
        state.is_delayed = False
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the tables, in the order of the operations."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say what it does."""
        return "; ".join(operation.describe() for operation in self.operations)


def models_together(operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations, with those that make models in a row as one."""
    found: list[Operation] = []
    for makes_models, group in groupby(operations, _makes_models):
        row = list(group)
        found += [ModelsTogether(row)] if makes_models else row
    return found


def _makes_models(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return all(map(_makes_models, operation.state_operations))
    return isinstance(operation, CreateModel)
