"""What makes a row a message or a customer, and what refuses it. Called once for every row."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, Protocol
from unicodedata import is_normalized
from zlib import crc32

from sending.intake.child.blocklist import Blocklist
from sending.intake.child.duplicates import Keep
from sending.intake.child.job import CONSENT, LANGUAGE, Form, Job
from sending.intake.child.known_numbers import KnownNumbers
from sending.intake.child.plus_one import PlusOne
from sending.intake.child.row_texts import RowText, RowTexts
from sending.sms import msisdn, replacements
from sending.sms.data_coding import DataCoding
from sending.sms.mobile_ranges import country_of_mobile
from sending.sms.routes import RouteKeys
from sending.spreadsheets.cell_errors import CellErrors
from sending.spreadsheets.cells import INVISIBLE_ENDS, Cell, Shown, text_of
from sending.spreadsheets.columns import Columns
from sending.spreadsheets.problems import Param, RowCode, RowRefused
from sending.spreadsheets.sample_rows import skipped_code
from templates_app.lint import OTP, lint_values, may_be_wrong

Row = Sequence[Cell]
# Members of an enumeration and their values are looked up slowly.
_CODES = {coding: int(coding) for coding in DataCoding}
_UCS2 = DataCoding.UCS2


class Rules(Protocol):
    """Turns rows into what is stored, one after the other."""

    gateways: list[int]
    plus_one: PlusOne

    def take(self, number: int, row: Row) -> Any:
        """Return the row as it is stored, without an id; raises RowRefused or MsisdnError."""


class Recipients:
    """Picks the number and the values of a row."""

    def __init__(self, columns: Columns, cell_errors: CellErrors, plus_one: PlusOne) -> None:
        self._columns = columns
        self._cell_errors = cell_errors
        self._plus_one = plus_one
        self._may_hold_samples = columns.description is not None
        wanted = (columns.number, *columns.variables)
        self._width = max(wanted) + 1
        self._wanted = wanted
        self._pick: Callable[[Row], tuple[Cell, ...]] = (
            itemgetter(*wanted) if len(wanted) > 1 else lambda row: (row[wanted[0]],)
        )

    def cells(self, number: int, row: Row) -> tuple[Cell, ...]:
        """Return the number's cell and those of the variables."""
        if self._may_hold_samples:
            self._refuse_sample(row)
        if self._cell_errors:
            self._refuse_cell_errors(number)
        try:
            return self._pick(row)
        except IndexError:
            return self._pick([*row, *[None] * self._width])

    def number(self, row: int, cell: Cell) -> tuple[str, str]:
        """Read a number's cell as (digits of the E.164 number, country); raises MsisdnError."""
        if isinstance(cell, str) and cell.isdecimal() and cell.isascii():
            # What nearly every cell is: asked directly, it needs no object.
            country = country_of_mobile(cell)
            if country is not None:
                if cell[0] == "1":
                    self._plus_one.accepted(row, cell)
                return cell, country
        elif isinstance(cell, bool):
            cell = text_of(cell)
        elif isinstance(cell, Shown):
            cell = cell.value
        try:
            to = msisdn.parse(cell)
        except msisdn.MsisdnError:
            self._plus_one.refused(cell)
            raise
        digits = to.e164[1:]
        if digits[0] == "1":
            self._plus_one.accepted_cell(row, digits, cell)
        return digits, to.country

    def _refuse_sample(self, row: Row) -> None:
        code = skipped_code(self._columns, row)
        if code is not None:
            raise RowRefused(code)

    def _refuse_cell_errors(self, number: int) -> None:
        for column in self._wanted:
            cell_error = self._cell_errors.at(number, column)
            if cell_error is not None:
                raise RowRefused(cell_error[0], column, shown=cell_error[1])


class MessageRules:
    """A row becomes a message: number, variables, text, segments, price, gateway."""

    def __init__(self, job: Job, columns: Columns, cell_errors: CellErrors, keep: Keep) -> None:
        self._job = job
        self._keep = keep
        self._columns = columns
        self.plus_one = PlusOne(confirmed=bool(job.reading.get("plus_one")))
        self._recipients = Recipients(columns, cell_errors, self.plus_one)
        self._blocklist = Blocklist(job.suppressed, job.countries)
        self._bars = bool(self._blocklist)
        self._known = KnownNumbers(job.known)
        self._knows_any = bool(self._known)
        self._texts = RowTexts(job, columns)
        self._judges_each = job.sms_type == OTP
        self._gateways = {(prefix, country): pk for prefix, country, pk in job.routes}
        self._routes = RouteKeys(self._gateways)
        self._one_gateway_a_country = self._routes.by_country_only
        self._copies = job.form is Form.COPY
        self._known_terms: dict[str, tuple[int, int]] = {}
        self.gateways: list[int] = []
        self.tally: Counter[tuple[str, int]] = Counter()
        self.ucs2_rows = 0
        self.costly: dict[str, list[int]] = {}
        # Messages, and segments they would save.
        self.in_parts = [0, 0]
        # Of all numbers and values, whatever their order.
        self.fingerprint = 0

    def languages(self) -> dict[str, object]:
        """Return how many rows got which language, of a text in several."""
        return self._texts.totals()

    def take(self, number: int, row: Row) -> Any:
        """Return the message without its id; raises RowRefused or MsisdnError."""
        cells = self._recipients.cells(number, row)
        digits, country = self._recipients.number(number, cells[0])
        if self._bars:
            self._blocklist.refuse(digits, country)
        to = int(digits)
        if self._knows_any and to in self._known:
            raise RowRefused(RowCode.IN_FIRST_TASK)
        text, language, reason = self._texts.pick(row, to)
        values = self._values(cells)
        rest = "".join(values)
        if self._judges_each or may_be_wrong(rest):
            self._judge(values, text.body)
        coding, count = text.count(values, rest)
        if count > self._job.max_segments:
            raise RowRefused(RowCode.MESSAGE_TOO_LONG, segments=count, limit=self._job.max_segments)
        price, gateway = self._known_terms.get(country) or self._terms(digits, country)
        self._keep(number, to, values)
        self.tally[country, count] += 1
        self.gateways.append(gateway)
        self._texts.note(language, reason)
        if coding is _UCS2:
            self.ucs2_rows += 1
            if count > 1:
                self._note_what_costs(text, values, rest, count)
        variables = f"[{', '.join(map(encode_basestring, values))}]"
        # A sum has no order; squares tell apart rows that have exchanged their values.
        said = crc32(f"{digits}{language}{variables}".encode("utf-8", "replace"))
        self.fingerprint += said * said
        code, cost = _CODES[coding], price * count
        if self._copies:
            # Of these only variables may hold what COPY wants escaped.
            copied = variables.replace("\\", "\\\\") if "\\" in variables else variables
            rest_of_line = f"{copied}\t{code}\t{count}\t{cost}\t{text.version_id}"
            return f"{number}\t+{digits}\t{country}\t{gateway}\t{rest_of_line}"
        return (
            *(number, "+" + digits, country, gateway, variables),
            *(code, count, cost, text.version_id),
        )

    def _values(self, cells: Sequence[Cell]) -> list[str]:
        """Return the texts of the variables, which follow the number."""
        values = [
            cell.strip(INVISIBLE_ENDS) if type(cell) is str else text_of(cell) for cell in cells[1:]
        ]
        if "" in values:
            index = values.index("")
            raise RowRefused(
                RowCode.VARIABLE_MISSING,
                self._columns.variables[index],
                variable=index + 1,
                needed=len(values),
            )
        if self._job.replace:
            values = [value if value.isascii() else replacements.apply(value) for value in values]
        return values

    def _judge(self, values: list[str], body: str) -> None:
        for found in lint_values(self._job.sms_type, values, beside=body):
            column = self._columns.variables[int(found.params["variable"] or 1) - 1]
            raise RowRefused(found.code, column, **_known(found.params))

    def _terms(self, digits: str, country: str) -> tuple[int, int]:
        """Return price a segment and gateway; the same for a country unless prefixes say more."""
        terms = (self._price(country), self._gateway(digits, country))
        if self._one_gateway_a_country:
            self._known_terms[country] = terms
        return terms

    def _price(self, country: str) -> int:
        price = self._job.prices.get(country, self._job.prices.get(""))
        if price is None:
            raise RowRefused(RowCode.NO_PRICE, country=country)
        return price

    def _gateway(self, digits: str, country: str) -> int:
        key = self._routes.key_of(digits, country)
        if key is None:
            raise RowRefused(RowCode.NO_ROUTE, country=country)
        return self._gateways[key]

    def _note_what_costs(self, text: RowText, values: list[str], rest: str, count: int) -> None:
        """Remember what makes a UCS-2 text longer than it has to be."""
        may_be_gsm = text.fixed_is_gsm and replacements.applies_to(rest)
        if may_be_gsm and self._note_costly(text, values, count):
            return
        if not is_normalized("NFC", rest):
            saved = count - text.segments([replacements.joined(value) for value in values])[1]
            if saved > 0:
                self.in_parts[0] += 1
                self.in_parts[1] += saved

    def _note_costly(self, text: RowText, values: list[str], count: int) -> bool:
        """Note characters that cost segments and have a cheaper look-alike; tell if there are."""
        special = [value for value in values if not value.isascii()]
        found = {char for value in special for char in replacements.suggest(value)}
        if not found:
            return False
        saved = count - text.segments([replacements.apply(value) for value in values])[1]
        if saved <= 0:
            return False
        for char in found:
            entry = self.costly.setdefault(char, [0, 0])
            entry[0] += 1
            entry[1] += saved
        return True


def _known(params: Mapping[str, str | int | None]) -> dict[str, Param]:
    return {name: value for name, value in params.items() if value is not None}


_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}")
_LANGUAGE_CHARS = 16
_FIELD_CHARS = 200
_CONSENT_CHARS = 300


class CustomerRules:
    """A row becomes a customer: number, country, and what else there is: name, further columns."""

    def __init__(self, job: Job, columns: Columns, cell_errors: CellErrors, keep: Keep) -> None:
        self.plus_one = PlusOne(confirmed=bool(job.reading.get("plus_one")))
        self._recipients = Recipients(columns, cell_errors, self.plus_one)
        self._keep = keep
        self._name = columns.name
        self._cell_errors = cell_errors
        wanted = columns.further
        self._further = [(key, wanted[key]) for key in job.further if key in wanted]
        self._aliases = job.aliases
        self.gateways: list[int] = []

    def take(self, number: int, row: Row) -> tuple[int, str, str, str, tuple[str, ...]]:
        """Return (row, msisdn, country, name, further texts); raises RowRefused or MsisdnError.

        The further texts are in the order of the job, of those columns that the sheet has.
        """
        cells = self._recipients.cells(number, row)
        digits, country = self._recipients.number(number, cells[0])
        name = ""
        if self._name is not None and self._name < len(row):
            name = text_of(row[self._name]).replace("\0", "")[:120]
        texts = self._texts(number, row) if self._further else ()
        self._keep(number, int(digits), [name, *texts])
        return (number, "+" + digits, country, name, texts)

    def _texts(self, number: int, row: Row) -> tuple[str, ...]:
        texts = []
        for key, column in self._further:
            cell_error = self._cell_errors.at(number, column) if self._cell_errors else None
            if cell_error is not None:
                raise RowRefused(cell_error[0], column, shown=cell_error[1])
            text = text_of(row[column]).replace("\0", "") if column < len(row) else ""
            if not text.isascii():
                # No database takes lone surrogates.
                text = text.encode("utf-8", "replace").decode()
            limit = _CONSENT_CHARS if key == CONSENT else _FIELD_CHARS
            if len(text) > limit:
                raise RowRefused(RowCode.FIELD_TOO_LONG, column, length=len(text), limit=limit)
            if key == LANGUAGE and text:
                code = text.strip().replace("_", "-").lower()
                text = self._aliases.get(code, code)
                if len(text) > _LANGUAGE_CHARS or _LANGUAGE.fullmatch(text) is None:
                    raise RowRefused(RowCode.LANGUAGE_UNKNOWN, column)
            texts.append(text)
        return tuple(texts)
