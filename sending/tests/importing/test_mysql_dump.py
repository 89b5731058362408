"""Dumps of MySQL: rows of chosen tables, whatever stands between them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.importing.mysql_dump import DumpUnreadable, rows


def read(text: str) -> list:
    lines = enumerate(text.split("\n"), 1)
    return list(rows(lines, lambda name: "t" if name == "t" else None))


CREATED = "CREATE TABLE `t` (\n  `a` int,\n  `b` text,\n  KEY `a` (`a`)\n) X;\n"
OTHER = "INSERT INTO `u` VALUES ('INSERT INTO `t` (a,b) VALUES (1,2);',\n'x');\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INSERT INTO `t` (`a`, `b`) VALUES (1,'x'),(-2.5,NULL);", [("1", "x"), ("-2.5", "")]),
        ("insert ignore into t (a,b) values\n('',''),\n('(;',''');');", [("", ""), ("(;", "');")]),
        (rf"{CREATED}INSERT INTO `t` VALUES (_binary 'q\\','\n\'\"');", [("q\\", "\n'\"")]),
        (f"{OTHER}INSERT INTO `t` (a,b) VALUES (1,2);", [("1", "2")]),
    ],
)
def test_rows(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(row["a"], row["b"]) for _table, _line, row in read(text)] == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\nINSERT INTO `t` VALUES (1);", 2),
        ("INSERT INTO `t` (a) VALUES (1,2);", 1),
        ("INSERT INTO `t` (a) VALUES ('cut", 1),
        ("INSERT INTO `t` (a) VALUES\n(1),\n(2),\nhello;", 4),
        ("INSERT INTO `t` (a) VALUES 1;", 1),
    ],
)
def test_what_is_no_dump_is_named_by_its_line(text: str, line: int) -> None:
    with pytest.raises(DumpUnreadable) as refusal:
        read(text)
    assert refusal.value.line == line


@given(st.text(max_size=200))
def test_any_text_gives_rows_or_a_refusal(text: str) -> None:
    with contextlib.suppress(DumpUnreadable):
        read("INSERT INTO `t` (a) VALUES " + text)
