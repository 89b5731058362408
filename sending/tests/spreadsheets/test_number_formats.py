"""Number formats: what a cell shows, as spreadsheet programs in English show it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.spreadsheets.number_formats.builtin import BUILT_IN, BY_LANGUAGE
from sending.spreadsheets.number_formats.formats import number_format

ACCOUNTING = '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)'
PHONE = "[<=9999999]###-####;(###) ###-####"
SHOWN = [
    ("000000", 4711, "004711"),
    ("0%", 0.25, "25%"),
    ("$#,##0.00", 1234.5, "$1,234.50"),
    ("0.00", 1158.6060000000002, "1158.61"),
    ("[h]:mm", 1.0833333333333333, "26:00"),
    ("d mmmm yyyy", 46086, "5 March 2026"),
    ("h:mm", 0.5, "12:00"),
    ("d/m/yyyy h:mm", 41655.666666, "16/1/2014 16:00"),
    ("#,##0", 1234567, "1,234,567"),
    ("#,##0", 0, "0"),
    ("#,##0", -5, "-5"),
    ("0.0", -0.01, "0.0"),
    ("#.##", 5, "5."),
    ("#", 0, ""),
    ("0.00E+00", 12345, "1.23E+04"),
    ("##0.0E+0", 12345, "12.3E+3"),
    ("# ?/?", 2.5, "2 1/2"),
    ("# ??/??", 0.3333, "1/3"),
    ("?/8", 0.375, "3/8"),
    ("0,", 12345, "12"),
    ("0.0,,", 12345678, "12.3"),
    (ACCOUNTING, -1234.5, "(1,234.50)"),
    (ACCOUNTING, 0, "-"),
    ("(000) 000-0000", 8005551234, "(800) 555-1234"),
    ("000-00-0000", 123456789, "123-45-6789"),
    ("[$€-407]#,##0.00", 5, "€5.00"),
    ('[>100]"big";[<-5]"neg"0;"mid"0', 150, "big"),
    ('[>100]"big";[<-5]"neg"0;"mid"0', -10, "neg10"),
    (PHONE, 5551234, "555-1234"),
    (PHONE, 8005551234, "(800) 555-1234"),
    ("yyyy-mm-dd hh:mm:ss", 45000.5, "2023-03-15 12:00:00"),
    ("h:mm AM/PM", 0.75, "6:00 PM"),
    ("mm:ss.0", 0.0012345, "01:46.7"),
    ("[mm]:ss", 0.0512, "73:44"),
    ("dddd, mmmm dd, yyyy", 45000, "Wednesday, March 15, 2023"),
    ("mmmmm", 45000, "M"),
    ("0.00", 1.005, "1.01"),
    ("0", 2.5, "3"),
    ("0.0##", 1.5, "1.5"),
    ("0.???", 1.5, "1.5"),
    ('General" kg"', 2.5, "2.5 kg"),
    ("0;-0;;@", 0, ""),
    (";;;", 5, ""),
    ("yyyy年m月d日", 45000, "2023年3月15日"),
    ('#,##0.00 "€"', 1000000.0, "1,000,000.00 €"),
    ("0.00%", 0.12345, "12.35%"),
    ("00000-0000", 123456789, "12345-6789"),
    ("#,###", 999, "999"),
    ("#,###", 0, ""),
    ("0,000", 5, "0,005"),
    ("m/d/yy", 1, "1/1/00"),
    ("d", 60, "29"),
    ("?0", 5, "5"),
    ('0.0" "', 3, "3.0"),
    ("# ##0", 1234567, "1234 567"),
    ("# ##0.00", 1234.5, "1 234.50"),
    ("+0;-0", 5, "+5"),
    ("[Red]-0", 5, "-5"),
    ("\\+0", 85251234567, "+85251234567"),
    ('0"."00', 1234, "12.34"),
    ("0.00;[Red]0.00", -5, "5.00"),
    ('[=1]"one";[=2]"two";0', 1, "one"),
    ('[=1]"one";[=2]"two";0', -7, "-7"),
    ('[=0]"zero";General', 3.5, "3.5"),
    ('[=0]"zero";General', -3.5, "-3.5"),
    ("#/#", 1.5, "3/2"),
    ("0/0", 0.5, "1/2"),
    ("[h]:mm:ss", -0.5, "-12:00:00"),
    ("0E+0", 0, "0E+0"),
    ("0.0E-0", 0.00012, "1.2E-4"),
    ('#,##0.0,"K"', 12345, "12.3K"),
    ("mmm-yy", 45000, "Mar-23"),
    ("m", 45000, "3"),
    ("h:m", 0.5, "12:0"),
    ("m:s", 0.5, "0:0"),
    ("ss.000", 0.5000001, "00.009"),
    ("hh:mm:ss", 0.999999, "00:00:00"),
    ("h:mm;@", 0.5, "12:00"),
    ("[$-409]d-mmm-yy;@", 45000, "15-Mar-23"),
    ("[$-F800]dddd, mmmm dd, yyyy", 45000, "Wednesday, March 15, 2023"),
    ("[$USD] #,##0.00", 5, "USD 5.00"),
    ('[>=1000]0,"K";[<=-1000]-0,"K";0', -2500, "-3K"),
    ('[>=1000]0,"K";[<=-1000]-0,"K";0', -20, "-20"),
    ("[<0]0.0;0", -5, "5.0"),
    ("[<-5]0.0;0", -142, "-142.0"),
    ("#,##0.0###", 143897025.7305495, "143,897,025.7305"),
    ("0%", 73.115, "7312%"),
    ("[$\u20ac-2] #,##0.00", -5, "-\u20ac 5.00"),
    ('"\u00a3"#,##0.00', 1234.5, "\u00a31,234.50"),
    ("#,##0\\ [$\u20bd-419]", 1500, "1,500 \u20bd"),
    ("0.00E+00", 9.999e9, "1.00E+10"),
    ("# ?/?", 0.99, "1"),
    ("# ?/?", 0, "0"),
    ("0.000000000000000", 0.1, "0.100000000000000"),
    ("0", 1e20, "100000000000000000000"),
    ("#,##0.00", 0.005, "0.01"),
    ("#,##0.00", 2.675, "2.68"),
    ("0.0%", -0.125, "-12.5%"),
    ("0%%", 0.5, "5000%%"),
    ("[Blue]+0.0;[Red]-0.0;0", 0, "0"),
    ("\u4e0a\u5348/\u4e0b\u5348h:mm", 0.75, "\u4e0b\u53486:00"),
    ("[s]", 0.5, "43200"),
    ("[hh]:mm:ss.00", 1.5, "36:00:00.00"),
    ("yy/m/d", 36526, "00/1/1"),
    ('"Nr. "0000', 7, "Nr. 0007"),
    ("00 00 00 00 00", 612345678, "06 12 34 56 78"),
    ("####-###-###", 987654321, "987-654-321"),
    (".00", 12.5, "12.50"),
    (".00", 0.5, ".50"),
    ("$.##", 3.25, "$3.25"),
    ('"x".0', 41, "x41.0"),
    ('General" kg"', 25, "25 kg"),
    ("0;;", -5, ""),
    ("0.000000000000000", 99.995, "99.995000000000000"),
    ("0.0000000000", 1234567.891, "1234567.8910000000"),
    ("#,##0.00", 305.27, "305.27"),
    ("d-mmm-yy", 45000.999999, "16-Mar-23"),
    ("d-mmm-yy", 45000.9, "15-Mar-23"),
]


# Where LibreOffice shows something else: Excel keeps the point of a code, writes the halves of the
# day as the code does, rounds seconds, halves and percent up, and has a calendar of its own until
# March 1900. Codes that LibreOffice does not know are the last.
AS_EXCEL = [
    ("0.#", 1, "1."),
    ("#.##%", 0, ".%"),
    ("0.###E+0", 1, "1.E+0"),
    ("h:mm A/P", 0.75, "6:00 P"),
    ("h:mm a/p", 0.75, "6:00 p"),
    ("[$-409]A/P h", 0.25, "A 6"),
    ("h:mm am/pm", 0.75, "6:00 PM"),
    ("hh:mm:ss", 0.999, "23:58:34"),
    ("s.0", 0.0416666, "0.0"),
    ("yyyy-mm-dd hh:mm", 35059.68055555555, "1995-12-26 16:20"),
    ("# ?/10", 0.25, "3/10"),
    ("?/2", 0.25, "1/2"),
    ("0%", 1.005, "101%"),
    ("yyyy-mm-dd", 59, "1900-02-28"),
    ("d.m.yyyy h:mm", 0.5, "0.1.1900 12:00"),
    ('General" kg"', 1e-10, "1E-10 kg"),
    ("[s].00", 0.5, "43200.00"),
    ("[hhh]:mm", 0.5, "012:00"),
    ("0,0", 1000, "1,000"),
    ("e", 45000, "2023"),
    ("0 / 0", 0.5, "1 / 2"),
    ("?/ ?", 0.25, "1/ 4"),
]
FRACTIONS = [
    ("# 0/0", 1, "1 0/1"),
    ("# 0/0", 0.5, "1/2"),
    ("0 0/0", 0, "0 0/1"),
    ("# 00/00", 0.5, "01/02"),
    ("# 00/00", 1.05, "1 01/20"),
    ("?/4", -0.1, "0/4"),
    ("?/4", -0.5, "-2/4"),
]
# Nobody put these in quotation marks, and they hold letters of days and times.
WORDS = [
    ("Rs. #,##0", 1234.5, "Rs. 1,235"),
    ("Rs.0.00", 12, "Rs.12.00"),
    ("Rs #,##0.00", -3, "-Rs 3.00"),
    ("0 kg", 3, "3 kg"),
    ("USD #,##0.00", 3, "USD 3.00"),
    ("#,##0 GBP", 3, "3 GBP"),
    ("AED 0.0", 2, "AED 2.0"),
    ("h:mm Uhr", 0.5, "12:00 Uhr"),
]
NO_WORDS = [
    ("yyyy-mm-ddThh:mm:ssZ", 45000.5, "2023-03-15T12:00:00Z"),
    ("DD.MM.YYYY HH:MM", 45000.5, "15.03.2023 12:00"),
    ("DDD D MMM", 45000, "Wed 15 Mar"),
    ("hmm", 0.5, "1200"),
]


@pytest.mark.parametrize(
    ("code", "number", "shown"), [*SHOWN, *AS_EXCEL, *FRACTIONS, *WORDS, *NO_WORDS]
)
def test_a_number_shows_as_its_format_says(code, number, shown):
    assert number_format(code).show(number).strip() == shown


@pytest.mark.parametrize(
    ("code", "text", "shown"),
    [
        ('@" kg"', "5", "5 kg"),
        ('0;-0;0;"Dear "@', "Anna", "Dear Anna"),
        (";;;", "secret", ""),
    ],
)
def test_a_text_shows_as_its_section_says(code, text, shown):
    assert number_format(code).text(text) == shown


@pytest.mark.parametrize("code", ["0;-0;0;@", ACCOUNTING, "0.00", "0;@"])
def test_most_formats_leave_texts_alone(code):
    assert number_format(code).text is None


@pytest.mark.parametrize("code", ["General", "", "@", "GENERAL", " general "])
def test_general_is_no_format(code):
    assert number_format(code) is None


@pytest.mark.parametrize("since_1904", [False, True])
def test_days_count_from_the_day_of_the_workbook(since_1904):
    shown = number_format("yyyy-mm-dd", since_1904=since_1904).show(1.0)
    assert shown == ("1904-01-02" if since_1904 else "1900-01-01")


@pytest.mark.parametrize(
    ("code", "number", "exact"),
    [
        ("d mmmm yyyy", 45000, True),
        ("[$-407]d. mmmm yyyy", 45000, False),
        ("[$-407]dd.mm.yyyy", 45000, True),
        ("[$-809]d mmmm yyyy", 45000, True),
        ("[$-F800]dddd", 45000, False),
        ("#,##0.00 [$\u20ac-407]", 5, False),
        ("0 [$\u20ac-407]", 5, True),
        ("[$$-409]#,##0.00", 5, True),
        ("[DBNum1]0", 5, False),
        ("ggge", 45000, False),
        ("[>=1000]0;0.0", -5, False),
        ("[>=1000]0;0.0", 5, True),
        ("yyyy", -1, False),
        ("yyyy", 3_000_000, False),
        ("x" * 2_000, 5, False),
        ("0 kg", 5, False),
        ("kr 0", 5, True),
    ],
)
def test_what_depends_on_language_or_calendar_is_known(code, number, exact):
    assert number_format(code).is_exact(number) is exact


@pytest.mark.parametrize("code", [*BUILT_IN.values(), *BY_LANGUAGE.values()])
@pytest.mark.parametrize("number", [0, 1, -1, 0.5, 45000.75, 1e15, -1e-15])
def test_built_in_formats_show_something(code, number):
    made = number_format(code)
    assert made is None or made.show(number)


CODES = st.text(st.sampled_from('0#?.,%/E+-;@"\\_*[]$hmsydbeg<>=: AMP1a\u5e74'), max_size=24)


@given(code=CODES, number=st.floats(allow_nan=False, allow_infinity=False))
def test_any_code_shows_some_text_of_any_number(code, number):
    made = number_format(code)
    if made is not None:
        assert isinstance(made.show(number), str)
        assert isinstance(made.is_exact(number), bool)


@given(number=st.integers(-(10**14), 10**14), places=st.integers(0, 6))
def test_separators_and_decimals_are_those_of_python(number, places):
    code = "#,##0" + ("." + "0" * places if places else "")
    value = number / 1_000
    made = number_format(code).show(value).replace(",", "")
    assert abs(float(made) - value) <= 0.5 * 10**-places * 1.001 + abs(value) * 1e-14
