"""Migration operations that are applied as one."""

from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from accounts.models_together import ModelsTogether, models_together


def makes(name: str, **fields: Any) -> migrations.CreateModel:
    key = models.BigAutoField(primary_key=True)
    return migrations.CreateModel(name, [("id", key), *fields.items()])


def nothing(*_given: object) -> None:
    """Stand between what makes models."""


BOOK = makes("Book", by=models.ForeignKey("accounts.Writer", models.CASCADE))
WRITER = makes("Writer", best=models.ForeignKey("accounts.Book", models.CASCADE, null=True))


def test_only_what_makes_models_in_a_row_becomes_one() -> None:
    between = migrations.RunPython(nothing)
    first, *rest = models_together([BOOK, WRITER, between, BOOK])
    assert isinstance(first, ModelsTogether)
    assert (first.operations, rest[0]) == ([BOOK, WRITER], between)
    assert [each.operations for each in rest if isinstance(each, ModelsTogether)] == [[BOOK]]


@pytest.mark.parametrize("operations", [[BOOK, WRITER], [WRITER, BOOK]])
@pytest.mark.django_db(transaction=True)
def test_models_that_name_each_other_are_made_in_any_order(operations: list[Operation]) -> None:
    (both,) = models_together(operations)
    before, after = ProjectState(), ProjectState()
    assert not after.apps.get_models(), "classes of the state that was"
    both.state_forwards("accounts", after)
    tables = ("accounts_book", "accounts_writer")
    with connection.schema_editor() as editor:
        both.database_forwards("accounts", editor, before, after)
    try:
        with connection.cursor() as cursor:
            keys = [connection.introspection.get_relations(cursor, each) for each in tables]
        assert keys == [{"by_id": ("id", "accounts_writer")}, {"best_id": ("id", "accounts_book")}]
    finally:
        with connection.schema_editor() as editor:
            for model in after.apps.get_models():
                editor.delete_model(model)
