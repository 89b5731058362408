"""Headings are matched however people write them, and never guessed when two would do."""

import pytest

from sending.spreadsheets.columns import match_columns
from sending.spreadsheets.problems import FileRefused


@pytest.mark.parametrize(
    "heading",
    [
        "Recipient's Mobile Number",
        "RECIPIENT’S  MOBILE\u00a0NUMBER",
        "recipients mobile number",
        "phone",
        "Phone No.",
        "Mobile",
        "Ｍｏｂｉｌｅ",
        "number",
        "MSISDN",
        "手机号",
        "手機號碼",
        "携帯電話番号",
        "휴대폰 번호",
        "Téléphone portable",
        "Número de móvil",
        "Мобильный телефон",
        "เบอร์มือถือ",
        "رقم الجوال",
        "Số điện thoại",
        "\ufeffphone_number",
    ],
)
def test_number_headings(heading):
    assert match_columns(["Notes", heading], 1, 0).number == 1


@pytest.mark.parametrize(
    "heading",
    [
        "SMS Content Variable 1",
        "variable1",
        "Var 1",
        "{1}",
        " { 1 } ",
        "1",
        "变量1",
        "短信内容变量 1",
    ],
)
def test_variable_headings(heading):
    assert match_columns(["phone", "Notes", heading], 1, 1).variables == (2,)


def test_variables_may_stand_in_any_order():
    columns = match_columns(["{2}", "phone", "{1}", "{3}"], 1, 2)
    assert columns.variables == (2, 0)
    assert columns.ignored == ("{3}",)


def test_the_mobile_number_is_preferred_to_the_phone():
    assert match_columns(["Phone", "Mobile", "Number"], 1, 0).number == 1


def test_extra_columns_are_ignored_and_named():
    columns = match_columns(["Name", "Phone", "Notes", "", "City"], 1, 0)
    assert columns.ignored == ("Name", "Notes", "City")


def test_a_name_is_read_where_rows_may_have_one():
    columns = match_columns(["Name", "Phone", "Notes", "", "City"], 1, 0, named=True)
    assert columns.name == 0
    assert columns.ignored == ("Notes", "City")


@pytest.mark.parametrize(
    ("headings", "variables", "code"),
    [
        (["a", "b"], 0, "NO_NUMBER_COLUMN"),
        (["Mobile", "mobile no"], 0, "NUMBER_COLUMN_TWICE"),
        (["Mobile", "{1}"], 2, "VARIABLE_COLUMN_MISSING"),
        (["Mobile", "{1}", "Variable 1"], 1, "VARIABLE_COLUMN_TWICE"),
    ],
)
def test_headings_that_cannot_be_matched(headings, variables, code):
    with pytest.raises(FileRefused) as caught:
        match_columns(headings, 1, variables)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "heading",
    [
        *("Phone 1 - Value", "Mobile Phone", "Primary Phone", "Mobile 1", "Phone : mobile"),
        *("TEL;CELL", "Mobile (with country code)", "Phone number [required]", "手机号（必填）"),
        *("Mobile No.*", "GSM", "WhatsApp number", "Contact Number", "Handynummer", "Handy-Nr."),
        *("Mobiltelefon", "Mobilfunknummer", "Mobiele telefoon", "Mobilnummer", "Matkapuhelin"),
        *("Farsími", "N° de portable", "Tél. mobile", "Teléfono móvil", "Nº celular", "Telemóvel"),
        *("Telefon mòbil", "Cellulare", "Număr de telefon", "Telefon komórkowy", "Nr telefonu"),
        *("Mobilní telefon", "Mobilné číslo", "Mobilszám", "Mobitel", "Mobilna številka"),
        *("Mobilusis telefonas", "Mobilā telefona numurs", "Mobiiltelefon", "Numri i celularit"),
        *("Мобильный", "Сотовый телефон", "Номер телефону", "Мобилен телефон", "Број телефона"),
        *("Κινητό", "ΚΙΝΗΤΟ ΤΗΛΕΦΩΝΟ", "Τηλέφωνο", "Cep Telefonu", "CEP NO", "טלפון נייד"),
        *("رقم الهاتف المحمول", "موبايل", "شماره موبایل", "موبائل نمبر", "मोबाइल नंबर"),
        *("মোবাইল নম্বর", "หมายเลขโทรศัพท์มือถือ", "SĐT", "Số di động", "No. HP", "Nomor Ponsel"),
        *("No. Telefon Bimbit", "联系电话", "移动电话", "流動電話", "行動電話", "聯絡電話"),
        *("携帯電話番号", "連絡先電話番号", "핸드폰 번호", "연락처", "მობილური", "Selfoonnommer"),
    ],
)
def test_what_people_and_contact_books_call_the_number(heading):
    assert match_columns(["Notes", heading, "E-mail 1 - Value", "Town"], 1, 0).number == 1


def test_the_contacts_of_google_and_outlook():
    google = ["First Name", "Last Name", "Phone 1 - Label", "Phone 1 - Value", "Phone 2 - Value"]
    columns = match_columns(google, 1, 0, named=True)
    assert (columns.number, columns.name) == (3, 0)
    outlook = ["First Name", "Home Phone", "Business Phone", "Primary Phone", "Mobile Phone"]
    assert match_columns(outlook, 1, 0).number == 4


@pytest.mark.parametrize("heading", ["Fax", "Home Phone", "Value", "Mobility", "Telefax", "(", ""])
def test_what_is_no_heading_of_a_number(heading):
    with pytest.raises(FileRefused) as caught:
        match_columns(["Notes", heading], 1, 0)
    assert caught.value.code == "NO_NUMBER_COLUMN"


def test_a_heading_of_any_length_costs_little():
    with pytest.raises(FileRefused):
        match_columns(["(" * 1_000_000, "[" * 1_000_000], 1, 0)
