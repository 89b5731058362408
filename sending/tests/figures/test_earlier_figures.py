"""The migration counts anew what an earlier version had counted by states alone."""

from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from sending import migrations
from sending.models import Counter, DayTally, TallyKind
from sending.models.figures import Figures
from sending.tests.figures.test_recount import Traffic

pytestmark = pytest.mark.django_db


def the_migration():
    (path,) = Path(migrations.__file__).parent.glob("*_figures.py")
    return import_module(f"{migrations.__name__}.{path.stem}")


def told():
    """What pages are told of tasks, of the hours of programs, and of codes."""
    of_tasks = Counter.objects.exclude(task_id=None).figures_by("task_id", Figures)
    of_programs = Counter.objects.filter(task_id=None).figures_by("hour", Figures)
    codes = DayTally.objects.filter(kind=TallyKind.CODE.value).by_country()
    return of_tasks, of_programs, codes


def test_what_was_counted_before_is_counted_anew():
    traffic = Traffic(11)
    # Before anything is archived.
    for _round in range(5):
        traffic.a_task()
        traffic.of_programs()
        traffic.some_steps()
        traffic.some_steps()
    before = told()
    assert any(figures.handed_over for figures in before[0].values())
    Counter.objects.update(given_up_later=False)
    DayTally.objects.all().delete()

    with connection.cursor() as cursor:
        for sql in the_migration()._FROM_NOW_ON:
            cursor.execute(sql)

    assert told() == before
