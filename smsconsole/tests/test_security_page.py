"""docs/security.md answers each requirement once, and the tests it names are there."""

import re
from collections import Counter

from django.conf import settings

PAGE = (settings.BASE_DIR / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| V\d", line)
]
# Requirements of levels 1 and 2 in each chapter of ASVS 5.0.0.
ASKED = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13,
    14: 9, 15: 13, 16: 16, 17: 7,
}  # fmt: skip


def test_every_requirement_is_answered_once() -> None:
    ids = [id_ for row in ROWS for id_ in re.findall(r"V(\d+)\.\d+\.\d+", row[0])]
    assert {chapter: ids.count(str(chapter)) for chapter in ASKED} == ASKED
    named = Counter(id_ for row in ROWS for id_ in re.findall(r"V[\d.]+\d", row[0]))
    assert [id_ for id_, times in named.items() if times > 1] == []


def test_every_answer_says_how_or_why_not() -> None:
    for id_, asked, state, how, _tests in ROWS:
        assert asked, id_
        assert state in {"met", "partly", "not met", "n/a"}, id_
        assert how, id_


def test_no_row_is_left_to_be_checked() -> None:
    assert "CHECK" not in PAGE


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE)
    assert len(named) > 100
    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (settings.BASE_DIR / path).exists()
        or not re.search(rf"def {test}\(", (settings.BASE_DIR / path).read_text(encoding="utf-8"))
    ]
    assert missing == []
