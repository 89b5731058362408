"""Of a million rows that are not sent, some are stored and all are counted."""

from sending.intake.child.kept_problems import MOST_CHARS, KeptProblems
from sending.models import Problem
from sending.spreadsheets.problems import RowProblem

HEADINGS = "mobile,SMS Content Variable 1,SMS Content Variable 2\n"


def test_of_each_problem_the_first_rows_are_kept_and_the_others_counted(checked):
    """One row is enough to see what is wrong with a million."""
    rows = "x,1,2\n" * 10_050 + "85261234567,,2\n" * 3 + "85261234567,1,2\n"
    task = checked((HEADINGS + rows).encode())
    kept = set(Problem.objects.filter(task=task).values_list("row", flat=True))
    assert kept == {*range(2, 10_002), 10_052, 10_053, 10_054}
    assert (task.refused, task.accepted) == (10_053, 1)
    assert task.facts["problem_codes"] == {"MSISDN_INVALID": 10_050, "VARIABLE_MISSING": 3}
    assert task.facts["problems_left_out"] == 50


def test_long_cells_fill_no_disk():
    """A text of 500 characters in 64 cells of each row costs a sheet next to nothing."""
    kept = KeptProblems()
    problem = RowProblem("REFUSED", 2, "A2", "MSISDN_INVALID", "x", {}, "", ["y" * 500] * 64)
    stored = sum(kept.keeps(problem) for _row in range(3_000))
    assert MOST_CHARS - 32_000 < stored * 32_000 <= MOST_CHARS
    assert kept.left_out == 3_000 - stored
    assert kept.codes == {"MSISDN_INVALID": 3_000}
