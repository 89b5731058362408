"""What every code of the check means to people: what happened, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext_lazy as counted

from sending.intake.formatting import Words, formatted


@dataclass(frozen=True)
class Sentence:
    """What happened, and what to do; the second may be empty."""

    what: str
    to_do: str = ""


# code -> (what happened, what to do); %(name)s are the params of the code.
FILES: Mapping[str, tuple[Words, Words]] = {
    "FILE_TYPE": (
        lazy("This file is not a spreadsheet we can read."),
        lazy("Save it as xlsx, xls, ods or csv and upload it again."),
    ),
    "FILE_EMPTY": (
        lazy("The file is empty."),
        lazy("Upload a file with headings and one row for each recipient."),
    ),
    "FILE_TOO_LARGE": (
        lazy("The file is %(size)s. The largest we can read is %(size_limit)s."),
        lazy("Split it into several files, or save it as csv, which is smaller."),
    ),
    "FILE_BROKEN": (
        lazy("The file is damaged: it starts like a spreadsheet but we cannot read all of it."),
        lazy("Open it in your spreadsheet program, save it under a new name and upload that."),
    ),
    "FILE_ENCRYPTED": (
        lazy("The workbook is protected by a password."),
        lazy("Save a copy without a password and upload that."),
    ),
    "FILE_ENCODING": (
        lazy("We cannot read the characters of this text file."),
        lazy("Save it as “CSV UTF-8”, or choose its encoding."),
    ),
    "ENCODING_UNCERTAIN": (
        lazy("The letters of this text file can be read in more than one way."),
        lazy("Choose the encoding in which the names look right. Nothing was sent or added."),
    ),
    "FILE_QUOTES": (
        lazy("A quotation mark that begins near row %(row)s never ends."),
        lazy("Close it, or save the file again from your spreadsheet program."),
    ),
    "FILE_DTD": (
        lazy("The workbook contains a document type definition, which spreadsheets never need."),
        lazy("Save it again from your spreadsheet program and upload that."),
    ),
    "UNZIPS_TOO_LARGE": (
        lazy("The workbook is larger than %(size_limit)s when unpacked."),
        lazy("Copy only the cells you need into a new workbook, or save it as csv."),
    ),
    "FILE_TOO_COMPLEX": (
        lazy("The workbook is too complex to read: it has far more cells than recipients need."),
        lazy("Copy only the columns you need into a new workbook, or save it as csv."),
    ),
    "TOO_MANY_ROWS": (
        lazy("The sheet has more than %(limit)s rows, the most one task can have."),
        lazy("Split it into several files."),
    ),
    "TOO_MANY_FLAWS": (
        lazy("More than %(limit)s cells hold errors, or formulas without a result."),
        lazy("Paste the sheet as values into a new one, and upload that."),
    ),
    "SHEET_EMPTY": (
        lazy("The sheet “%(sheet)s” is empty."),
        lazy("Add headings and rows to it, or choose another sheet."),
    ),
    "SHEET_MISSING": (
        lazy("There is no visible sheet “%(sheet)s”."),
        lazy("Choose one of these: %(sheets)s."),
    ),
    "NO_SHEETS": (
        lazy("This workbook has no worksheet, only charts or nothing at all."),
        lazy("Put the recipients on a worksheet and upload it again."),
    ),
    "SHEETS_ALL_HIDDEN": (
        lazy("All sheets of this workbook are hidden; hidden sheets are not read."),
        lazy("Unhide the one with the recipients and upload it again."),
    ),
    "NO_ROWS": (
        lazy("There are headings but no rows under them."),
        lazy("Put one recipient on each row."),
    ),
    "NUMBERS_IN_ONE_ROW": (
        lazy("Row %(row)s has %(count)s numbers side by side."),
        lazy("Put each number on a row of its own: copy the row and paste it transposed."),
    ),
    "NO_NUMBER_COLUMN": (
        lazy("We found no column of mobile numbers. The headings are: %(headings)s."),
        lazy("Name the column “Recipient's Mobile Number”."),
    ),
    "NUMBER_COLUMN_TWICE": (
        lazy("Two columns could hold the mobile numbers: %(headings)s."),
        lazy("Keep the heading of one of them and rename the other."),
    ),
    "VARIABLE_COLUMN_MISSING": (
        counted(
            "The text template needs %(needed)s variable. The sheet has %(found)s.",
            "The text template needs %(needed)s variables. The sheet has %(found)s.",
            "needed",
        ),
        lazy("Add a column with the heading “SMS Content Variable N” for each of: %(missing)s."),
    ),
    "VARIABLE_COLUMN_TWICE": (
        lazy("Two columns are for variable %(number)s: %(headings)s."),
        lazy("Keep one of them and rename the other."),
    ),
    "COUNTRY_CODE_UNCLEAR": (
        lazy(
            "Are these numbers with the country code 1, or mobile numbers of the Chinese mainland"
            " without 86? Numbers that could be either: %(count)s, the first in row %(row)s."
        ),
        lazy(
            "Write + before numbers of the United States, Canada and other countries with +1; for"
            " a file you can confirm it below. Remove mainland numbers; we send only outside it."
        ),
    ),
    "UPLOAD_GONE": (
        lazy("The stored file no longer exists."),
        lazy("Upload it again."),
    ),
    "CHECK_FAILED": (
        lazy("Something went wrong on our side while checking the file. Nothing was sent."),
        lazy("Try again. If it happens again, tell the operator of this console."),
    ),
}

_SAVE_AS_XLSX = lazy("Open it in your spreadsheet program, save it as xlsx and upload that.")
# What FILE_TYPE can name -> the same as above.
KINDS: Mapping[str, tuple[Words, Words]] = {
    "html": (lazy("This is a web page, not a spreadsheet."), _SAVE_AS_XLSX),
    "mhtml": (lazy("This is a saved web page, not a spreadsheet."), _SAVE_AS_XLSX),
    "xml_2003": (lazy("This is an XML Spreadsheet 2003, which is not read."), _SAVE_AS_XLSX),
    "flat_ods": (
        lazy("This is a flat OpenDocument file (fods), which is not read."),
        _SAVE_AS_XLSX,
    ),
    "xml": (lazy("This is an XML file, not a spreadsheet."), _SAVE_AS_XLSX),
    "xlsb": (lazy("This is an Excel binary workbook (xlsb), which is not read."), _SAVE_AS_XLSX),
    "pdf": (
        lazy("This is a PDF, not a spreadsheet."),
        lazy("Upload the spreadsheet that it was made from."),
    ),
    "numbers": (
        lazy("This is a document of Apple Numbers."),
        lazy("In Numbers, choose File, Export To, Excel or CSV, and upload that."),
    ),
    "document": (
        lazy("This is a document of another kind, not a spreadsheet."),
        lazy("Copy its table into a spreadsheet, save it as xlsx and upload that."),
    ),
    "zip": (
        lazy("This is a zip archive with spreadsheets in it."),
        lazy("Unpack it and upload one of them."),
    ),
    "archive": (
        lazy("This is an archive of packed files, not a spreadsheet."),
        lazy("Unpack it and upload the spreadsheet."),
    ),
    "link": (
        lazy("This is a link to a document on the web, not the document."),
        lazy("Open it, download it as Microsoft Excel (xlsx) and upload that."),
    ),
    "json": (lazy("This is a JSON file, not a spreadsheet."), _SAVE_AS_XLSX),
    "vcard": (
        lazy("This is a vCard file of contacts, not a spreadsheet."),
        lazy("Export the contacts as CSV and upload that."),
    ),
    "sylk": (lazy("This is a SYLK file, which is not read."), _SAVE_AS_XLSX),
    "dif": (lazy("This is a DIF file, which is not read."), _SAVE_AS_XLSX),
}

# code -> (label for a tab, what is wrong, what to do)
ROWS: Mapping[str, tuple[Words, Words, Words]] = {
    "MSISDN_MISSING": (
        lazy("Number missing"),
        lazy("There is no mobile number."),
        lazy("Enter a number, or delete the row"),
    ),
    "MSISDN_INVALID": (
        lazy("Not a number"),
        lazy("This is not a valid mobile number."),
        lazy("Write country code and number, without +"),
    ),
    "MSISDN_MAINLAND": (
        lazy("Chinese mainland"),
        lazy("This is a Chinese mainland number. Global SMS only sends to numbers outside it."),
        lazy("Remove the row"),
    ),
    "MSISDN_PREMIUM": (
        lazy("Premium rate"),
        lazy("This is a premium-rate or shared-cost number."),
        lazy("Remove the row, or ask the recipient for a mobile number"),
    ),
    "MSISDN_NOT_MOBILE": (
        lazy("Not mobile"),
        lazy("This is not a mobile number, so it cannot receive texts."),
        lazy("Ask the recipient for a mobile number"),
    ),
    "MSISDN_DIGITS_LOST": (
        lazy("Digits lost"),
        lazy("The spreadsheet program rounded this number, so its last digits are lost."),
        lazy("Format the column as text and enter the number again"),
    ),
    "DUPLICATE": (
        lazy("Duplicate"),
        lazy("Same number as row %(first)s. The first row is kept."),
        lazy("Nothing to do, or correct the number if two people were meant"),
    ),
    "DUPLICATE_EARLIER": (
        lazy("Duplicate"),
        lazy("Same number as row %(last)s. The last row is kept."),
        lazy("Nothing to do, or correct the number if two people were meant"),
    ),
    "DUPLICATE_DIFFERS": (
        lazy("Duplicate, different values"),
        lazy("Other rows have the same number with different values. None of them is used."),
        lazy("Delete all but one of these rows, or choose to keep the first or the last"),
    ),
    "SENT_BEFORE": (
        lazy("Sent before"),
        lazy("This row is one of those that were sent as the first part of this task."),
        lazy("Nothing to do"),
    ),
    "IN_FIRST_TASK": (
        lazy("In the first task"),
        lazy("The task that this file corrects already has this number."),
        lazy("Nothing to do: it gets the text from that task"),
    ),
    "FORMULA_NO_VALUE": (
        lazy("Formula"),
        lazy("The cell holds a formula without a stored result."),
        lazy("Paste the column as values, or save the file in your spreadsheet program"),
    ),
    "CELL_ERROR": (
        lazy("Cell error"),
        lazy("The cell shows the error %(shown)s."),
        lazy("Correct the formula, or enter the value"),
    ),
    "VARIABLE_MISSING": (
        lazy("Variable missing"),
        lazy("Variable %(variable)s is missing; the text template needs %(needed)s."),
        lazy("Enter a value for {%(variable)s}"),
    ),
    "VALUE_CHARACTER": (
        lazy("Character"),
        lazy("Variable %(variable)s has a character that cannot be sent: %(name)s."),
        lazy("Remove the character"),
    ),
    "VALUE_LINK": (
        lazy("Link"),
        lazy("Variable %(variable)s contains a link. Links must be part of the reviewed text."),
        lazy("Remove the link, or submit a template that contains it"),
    ),
    "VALUE_OTP_CODE": (
        lazy("Not a code"),
        lazy("Variable %(variable)s of an OTP template must be a code of up to %(digits)s digits."),
        lazy("Enter digits only, or use a Notification template"),
    ),
    "VALUE_OTP_LONG": (
        lazy("Too long"),
        lazy("Variable %(variable)s has %(length)s characters; an OTP template allows %(limit)s."),
        lazy("Shorten it, or use a Notification template"),
    ),
    "VALUE_TOO_LONG": (
        lazy("Too long"),
        lazy("Variable %(variable)s has %(length)s characters, more than a message can hold."),
        lazy("Shorten it"),
    ),
    "MESSAGE_TOO_LONG": (
        lazy("Too long"),
        lazy("The message needs %(segments)s segments; at most %(limit)s can be sent."),
        lazy("Shorten the values"),
    ),
    "NO_PRICE": (
        lazy("No price"),
        lazy("There is no price for this country (%(country)s)."),
        lazy("Ask the operator of this console"),
    ),
    "NO_ROUTE": (
        lazy("No route"),
        lazy("No gateway reaches this country (%(country)s)."),
        lazy("Ask the operator of this console"),
    ),
    "SUPPRESSED": (
        lazy("Suppressed"),
        lazy("This number has been on the suppression list since %(since)s."),
        lazy("Remove the row. Only take the number off the list if its owner asks for texts"),
    ),
    "COUNTRY_NOT_ALLOWED": (
        lazy("Country not allowed"),
        lazy("Your organization does not send to this country (%(country)s)."),
        lazy("Remove the row, or have an administrator allow the country under Settings"),
    ),
    "FIELD_TOO_LONG": (
        lazy("Too long"),
        lazy("The value has %(length)s characters; a column of customers can hold %(limit)s."),
        lazy("Shorten it"),
    ),
    "LANGUAGE_UNKNOWN": (
        lazy("Not a language"),
        lazy("No language has this name or code."),
        lazy("Write its name, such as French, or its code, such as fr, or leave the cell empty"),
    ),
    "NOT_A_CUSTOMER": (
        lazy("Not a customer"),
        lazy("This number is not among your customers, and this import only updates them."),
        lazy("Import the row again, and choose to add new customers too"),
    ),
    "SAMPLE_ROW": (
        lazy("Sample row"),
        lazy("This is the sample row from the sample file. It is skipped."),
        lazy("Nothing to do"),
    ),
    "INSTRUCTIONS_ROW": (
        lazy("Instructions row"),
        lazy("This is the instructions row from the sample file. It is skipped."),
        lazy("Nothing to do"),
    ),
}

NOTES: Mapping[str, Words] = {
    "COLUMNS_IGNORED": lazy("These columns are ignored: %(columns)s."),
    "SHEETS_NOT_READ": lazy("Sheet “%(sheet)s” was read. These sheets were not: %(sheets)s."),
    "SHEET_CHOSEN": lazy(
        "Sheet “%(sheet)s” was read because it looks like recipients. "
        "These sheets were not: %(sheets)s."
    ),
    "SHEETS_HIDDEN": lazy("Hidden sheets are not read: %(sheets)s."),
    "ROWS_HIDDEN": counted(
        "%(count)s hidden row was read like the others.",
        "%(count)s hidden rows were read like the others.",
        "count",
    ),
    "COLUMNS_HIDDEN": counted(
        "%(count)s hidden column was read like the others.",
        "%(count)s hidden columns were read like the others.",
        "count",
    ),
    "CELLS_MERGED": counted(
        "%(count)s group of merged cells: only its first cell was read.",
        "%(count)s groups of merged cells: only the first cell of each was read.",
        "count",
    ),
    "FORMATS_INEXACT": counted(
        "Column %(column)s: %(count)s number format can look different in another program."
        " Row %(row)s shows “%(shown)s”.",
        "Column %(column)s: %(count)s number formats can look different in another program."
        " Row %(row)s shows “%(shown)s”.",
        "count",
    ),
    "ENCODING_GUESSED": lazy("The text file was read as %(encoding)s."),
    "NO_HEADINGS": lazy("There are no headings, so we read the numbers from the first column."),
}


def file_sentence(code: str, params: Mapping[str, Any]) -> Sentence:
    """Return why a whole file was refused."""
    what, to_do = FILES.get(code, FILES["CHECK_FAILED"])
    if code == "FILE_TYPE":
        what, to_do = KINDS.get(str(params.get("kind", "")), (what, to_do))
    return Sentence(formatted(what, params), formatted(to_do, params))


def row_sentence(
    code: str, params: Mapping[str, Any], value: str = "", suggestion: str = ""
) -> Sentence:
    """Return why a row is not sent; a suggested spelling comes first in what to do."""
    known = ROWS.get(code)
    if known is None:
        return Sentence(_("This row cannot be sent."), _("Correct the cell"))
    what, to_do = formatted(known[1], params), formatted(known[2], params)
    if suggestion and suggestion != value:
        to_do = _("Perhaps %(suggestion)s is meant") % {"suggestion": suggestion}
    return Sentence(what, to_do)


def problem_label(code: str) -> str:
    """Return the few words by which a list of problems is filtered."""
    known = ROWS.get(code)
    return str(known[0]) if known else code


def note_sentence(code: str, params: Mapping[str, Any]) -> str:
    """Return something to know about how the file was read."""
    return formatted(NOTES[code], params) if code in NOTES else code
