"""What a cell shows is what is stored to be sent, and the check page says where that may differ."""

import json

from openpyxl import Workbook

from sending.intake import sentences
from sending.lifecycle import TaskState
from sending.models import Message, Problem

BODY = "Dear {1}, your order total is {2}."


def book(tmp_path, rows):
    made = Workbook()
    made.active.append(["Mobile", "Variable 1", "Variable 2"])
    for number, row in enumerate(rows, 2):
        for column, (value, code) in enumerate(row, 1):
            cell = made.active.cell(number, column, value)
            cell.number_format = code
    made.save(tmp_path / "a.xlsx")
    return (tmp_path / "a.xlsx").read_bytes()


def test_messages_hold_what_the_cells_show(checked, tmp_path):
    number = 85261234567
    content = book(
        tmp_path,
        [
            [(number, "0.00E+00"), (4711, "000000"), (1234.5, "$#,##0.00")],
            [(number + 1, "General"), (0.25, "0%"), (46086, "[$-407]d. mmmm yyyy")],
        ],
    )
    task = checked(content, body=BODY, name="a.xlsx")
    assert task.state == TaskState.READY
    stored = Message.objects.filter(task_id=task.pk).order_by("row")
    assert [(one.msisdn, json.loads(one.variables)) for one in stored] == [
        ("+85261234567", ["004711", "$1,234.50"]),
        ("+85261234568", ["25%", "5. March 2026"]),
    ]
    notes = [sentences.note_sentence(*note) for note in task.facts["notes"]]
    assert any(note.startswith("Column C: 1 number format can") for note in notes)
    assert any("Row 3 shows “5. March 2026”" in note for note in notes)


def test_a_row_under_an_error_is_refused_and_the_rest_is_read(checked, tmp_path):
    content = book(
        tmp_path,
        [
            [(85261234567, "0"), ("#N/A", "General"), (1, "0")],
            [(85261234568, "0"), (True, "General"), (2, "0")],
        ],
    )
    task = checked(content, body=BODY, name="a.xlsx")
    assert [p.code for p in Problem.objects.filter(task=task)] == ["CELL_ERROR"]
    assert json.loads(Message.objects.get(task_id=task.pk).variables) == ["TRUE", "2"]
