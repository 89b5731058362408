"""The spreadsheets of the journeys: good, bad and magic rows, and what becomes of each."""

from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from sending.management.demo.numbers import magic_number, mobile_numbers

HEADINGS = ("Recipient's Mobile Number", "SMS Content Variable 1", "SMS Content Variable 2")
ROWS = 1_000
FIRST_ROW = 2
"""The headings stand in row 1."""
MANY = 1_001
"""More than the demo's organization sends without a second person."""

# (cells, code): what the check refuses. None stands for an empty cell.
BAD: tuple[tuple[tuple[object, ...], str], ...] = (
    (("8613800138000", "4821", "5"), "MSISDN_MAINLAND"),
    (("not a number", "4822", "5"), "MSISDN_INVALID"),
    (("+85 2555", "4823", "5"), "MSISDN_INVALID"),
    (("1.23E+11", "4824", "5"), "MSISDN_DIGITS_LOST"),
    (("=A2", "4825", "5"), "FORMULA_NO_VALUE"),
    ((None, "4826", "5"), "MSISDN_MISSING"),
    (("442071838750", "4827", "5"), "MSISDN_NOT_MOBILE"),
    (("85251230147", "4828", None), "VARIABLE_MISSING"),
    (("FIRST", "4829", "5"), "DUPLICATE"),
    (("8526666xxxx", "4830", "5"), "SAMPLE_ROW"),
)
# The last four digits of a number, and the state that the simulator leads its message to.
MAGIC = {
    "9901": "Undeliverable",
    "9902": "Expired",
    "9903": "Rejected",
    "9904": "Rejected",
    "9905": "Delivered",
    "9907": "Delivered",
    "9911": "Rejected",
    "9912": "Delivered",
}
REFUSED_BY_GATEWAY = {"9904", "9911"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The file, {row: code} of what is refused, {row: state} and {row: digits} of what goes."""

    path: Path
    refused: dict[int, str]
    states: dict[int, str]
    numbers: dict[int, str]

    @property
    def accepted_by_simulator(self) -> list[tuple[str, str]]:
        """Return the (digits, code) that the simulator's log must hold once each."""
        return [
            (digits, code_of(row))
            for row, digits in self.numbers.items()
            if digits[-4:] not in REFUSED_BY_GATEWAY
        ]


def code_of(row: int) -> str:
    """Return the code that a row's message brings: four digits, which no other text here has."""
    return f"{1000 + row}"


def thousand_rows(folder: Path) -> Sheet:
    """Write the sheet: two rows of each bad kind and the magic numbers among ordinary ones."""
    numbers = [number[1:] for number in mobile_numbers(ROWS, seed=1_000)]
    specials = [*BAD, *BAD]
    special_rows = {FIRST_ROW + 7 + 40 * n: special for n, special in enumerate(specials)}
    magic_rows = {FIRST_ROW + 11 + 40 * n: ending for n, ending in enumerate(MAGIC)}
    refused, states, sent = {}, {}, {}
    book = Workbook()
    book.active.append(HEADINGS)
    for row, number in enumerate(numbers, FIRST_ROW):
        if row in special_rows:
            cells, refused[row] = special_rows[row]
            book.active.append([numbers[0] if cells[0] == "FIRST" else cells[0], *cells[1:]])
            continue
        ending = magic_rows.get(row)
        sent[row] = magic_number(ending)[1:] if ending else number
        states[row] = MAGIC[ending] if ending else "Delivered"
        book.active.append([sent[row], code_of(row), "5"])
    path = folder / "a thousand rows.xlsx"
    book.save(path)
    return Sheet(path, refused, states, sent)


def orders(folder: Path) -> Path:
    """Write three rows for the demo's template that waits for review (three variables)."""
    book = Workbook()
    book.active.append([*HEADINGS, "SMS Content Variable 3"])
    for number, name in zip(mobile_numbers(3, seed=3), ("Ann", "Ben", "Eve"), strict=True):
        book.active.append([number[1:], name, "HL-20417", "Friday"])
    path = folder / "orders.xlsx"
    book.save(path)
    return path


def many_numbers(folder: Path) -> Path:
    """Write so many numbers that somebody else must approve them."""
    path = folder / "many.csv"
    numbers = mobile_numbers(MANY, seed=77)
    path.write_text("\n".join([HEADINGS[0], *(number[1:] for number in numbers)]))
    return path
