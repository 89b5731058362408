"""Which of the rows that are not sent are stored one by one; the others are counted."""

from collections import Counter

from sending.spreadsheets.problems import RowProblem

MOST_OF_A_CODE = 10_000
MOST_CHARS = 50_000_000
"""Of all cells that are kept: a file may repeat a long text in every row."""


class KeptProblems:
    """Counts what is kept, and what is left out."""

    def __init__(self) -> None:
        self.codes: Counter[str] = Counter()
        self.left_out = 0
        self._chars = 0

    def keeps(self, problem: RowProblem) -> bool:
        """Count a problem; tell whether it is one of the first with its code."""
        self.codes[problem.code] += 1
        chars = sum(map(len, problem.cells))
        if self.codes[problem.code] > MOST_OF_A_CODE or self._chars + chars > MOST_CHARS:
            self.left_out += 1
            return False
        self._chars += chars
        return True
