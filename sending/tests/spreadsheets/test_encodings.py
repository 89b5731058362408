"""Encodings of text files: proven, agreed on by spelling and numbers, or asked; never a guess."""

from itertools import combinations
from pathlib import Path

import pytest

from sending.spreadsheets.encodings import ENCODINGS, find_encoding
from sending.spreadsheets.problems import FileRefused
from sending.spreadsheets.reader import Reading, open_table

# language -> (encoding, a number of its country, names)
NAMES = {
    "polish": ("cp1250", 48601234567, ("Łukasz Żółć", "Święta", "Paweł Dąbrowski", "Grażyna")),
    "czech": ("cp1250", 420601234567, ("Jiří Dvořák", "Kučera", "Růžena", "Zdeněk")),
    "slovak": ("cp1250", 421901234567, ("Ľubomír", "Ján Kováč", "Miloš Žák", "Štefan")),
    "hungarian": ("cp1250", 36201234567, ("László Szőke", "Kovács Győző", "Ágnes", "Tűzkő")),
    "romanian": ("cp1250", 40721234567, ("Ştefan", "Ioana Bălan", "Mihăilă", "Gheorghiţă")),
    "croatian": ("cp1250", 385911234567, ("Željko Šarić", "Đorđe", "Horvat Ćosić", "Čedomir")),
    "russian": ("cp1251", 79161234567, ("Иван Петров", "Ольга", "Сергей Щукин", "Артём")),
    "russian in koi8": ("koi8-r", 79161234567, ("Иван Петров", "Ольга", "Сергей", "Юрий")),
    "ukrainian": ("cp1251", 380501234567, ("Олексій", "Їжакевич", "Ганна Ґудзь", "Андрій")),
    "bulgarian": ("cp1251", 359881234567, ("Георги", "Петър", "Иванка Стоянова", "Ангел")),
    "serbian": ("cp1251", 381601234567, ("Љубица", "Ђорђе", "Новак Ђоковић", "Јован")),
    "greek": ("cp1253", 306912345678, ("Γιώργος", "Ελένη", "Νίκος Παπαδόπουλος", "ΜΑΡΙΑ")),
    "turkish": ("cp1254", 905321234567, ("Şükrü Işık", "Çağdaş", "Gülşen", "İbrahim", "Ayşe")),
    "hebrew": ("cp1255", 972501234567, ("דוד", "שרה כהן", "משה לוי", "יעקב", "מרים")),
    "arabic": ("cp1256", 966551234567, ("محمد علي", "فاطمة", "أحمد", "خالد", "عبدالله")),
    "persian": ("cp1256", 989121234567, ("محمد", "پريسا", "گلناز", "علي")),
    "lithuanian": ("cp1257", 37061234567, ("Jonas Žukauskas", "Rūta", "Eglė", "Kęstutis")),
    "latvian": ("cp1257", 37121234567, ("Jānis", "Anna Bērziņa", "Kārlis Ozoliņš", "Ģirts")),
    "estonian": ("cp1257", 37251234567, ("Jüri", "Tõnu", "Ülle Õunapuu", "Märt")),
    "thai": ("cp874", 66812345678, ("สมชาย", "มานี", "ปิยะ", "กิตติ", "ณัฐพล")),
    "japanese": ("cp932", 819012345678, ("山田太郎", "田中花子", "鈴木さくら", "ヤマダ")),
    "korean": ("cp949", 821012345678, ("김철수", "이영희", "박지성", "최민호", "정다은")),
    "simplified": ("gb18030", 85261234567, ("张伟", "王芳", "李娜", "刘洋", "陈静", "赵敏")),
    "traditional": ("big5", 886912345678, ("陳大文", "王小明", "林美玲", "張家豪", "黃淑芬")),
    "french": ("cp1252", 33612345678, ("Hélène", "Jérôme", "François", "Noël", "Benoît")),
    "german": ("cp1252", 491711234567, ("Jürgen Müller", "Größe", "Käthe", "Björn Voß")),
    "spanish": ("cp1252", 34612345678, ("José", "Peña", "María Núñez", "Ángel")),
    "portuguese": ("cp1252", 351912345678, ("João", "Conceição", "Antônio", "Luís", "Inês")),
    "italian": ("cp1252", 393331234567, ("Niccolò", "Nicolò", "Mosè", "Città")),
    "swedish": ("cp1252", 46701234567, ("Åsa", "Björn", "Örjan Sjöström", "Märta")),
    "danish": ("cp1252", 4520123456, ("Søren", "Jørgen", "Åse", "Kær")),
    "icelandic": ("cp1252", 3546112345, ("Guðrún", "Þór", "Sigurður", "Björk")),
    "french on a Mac": ("mac-roman", 33612345678, ("Hélène", "Jérôme", "François")),
}
PROVEN = ENCODINGS[: ENCODINGS.index("cp1252")]
ASKED = "ENCODING_UNCERTAIN"
# The same names as programs of DOS, Unix and old Macs write them.
ELSEWHERE = {
    "polish": ("iso8859-2", "cp852", "mac-latin2"),
    "czech": ("iso8859-2", "cp852", "mac-latin2"),
    "slovak": ("iso8859-2", "cp852"),
    "hungarian": ("iso8859-2", "mac-latin2"),
    "croatian": ("iso8859-2", "cp852"),
    "russian": ("iso8859-5", "cp866", "mac-cyrillic"),
    "ukrainian": ("iso8859-5", "koi8-u", "mac-cyrillic"),
    "greek": ("iso8859-7", "cp737", "mac-greek"),
    "turkish": ("iso8859-9", "cp857", "mac-turkish"),
    "french": ("cp850", "cp437", "mac-roman", "iso8859-15"),
    "german": ("cp850", "cp437", "mac-roman", "iso8859-15"),
    "spanish": ("cp850", "cp437", "mac-roman"),
    "portuguese": ("cp850", "mac-roman"),
    "italian": ("cp850", "mac-roman"),
    "swedish": ("cp850", "mac-roman"),
    "danish": ("cp850", "mac-roman"),
    "japanese": ("euc_jp",),
}
PLACES = [(language, encoding) for language, found in ELSEWHERE.items() for encoding in found]
# Kanji alone are Chinese to any rule, and the text of some lists fits more than one page.
STILL_ASKED = {("japanese", "euc_jp"), ("portuguese", "mac-roman"), ("french", "mac-roman")}


def sheet(encoding: str, number: int, names: tuple[str, ...]) -> bytes:
    rows = [f"{number + at};{name}" for at, name in enumerate(names)]
    return "\r\n".join(["Mobile;1", *rows, ""]).encode(encoding)


def outcome(path: Path, content: bytes) -> str:
    """Return what the file is read as, or that it is asked."""
    path.write_bytes(content)
    try:
        return content.decode(find_encoding(path).encoding)
    except FileRefused as refused:
        return refused.code


@pytest.mark.parametrize("language", NAMES)
def test_three_names_are_read_as_they_were_written_or_asked_about(tmp_path, language):
    encoding, number, names = NAMES[language]
    for chosen in (*combinations(names, 1), *combinations(names, 3)):
        content = sheet(encoding, number, chosen)
        assert outcome(tmp_path / "a.csv", content) in {content.decode(encoding), ASKED}


@pytest.mark.parametrize("language", sorted(NAMES.keys() - {"french on a Mac"}))
def test_a_list_of_people_of_the_country_is_read_without_a_question(tmp_path, language):
    encoding, number, names = NAMES[language]
    content = sheet(encoding, number, names)
    assert outcome(tmp_path / "a.csv", content) == content.decode(encoding)


@pytest.mark.parametrize("language", NAMES)
def test_people_of_one_country_with_numbers_of_another_are_never_read_wrong(tmp_path, language):
    encoding, _number, names = NAMES[language]
    for number in {number for _encoding, number, _names in NAMES.values()}:
        content = sheet(encoding, number, names[:3])
        assert outcome(tmp_path / "a.csv", content) in {content.decode(encoding), ASKED}


def encodable(names: tuple[str, ...], encoding: str) -> tuple[str, ...]:
    """Return the names that an encoding has the letters for."""
    return tuple(name for name in names if name.encode(encoding, "ignore").decode(encoding) == name)


@pytest.mark.parametrize(("language", "encoding"), PLACES)
def test_other_pages_than_those_of_windows_are_read_right_or_asked_about(
    tmp_path, language, encoding
):
    _page, number, names = NAMES[language]
    names = encodable(names, encoding)
    for size in (1, 2, len(names)):
        for chosen in combinations(names, size):
            for calling in {number, 4915112345678, 33612345678, 85261234567}:
                content = sheet(encoding, calling, chosen)
                right = content.decode(encoding)
                assert outcome(tmp_path / "a.csv", content) in {right, ASKED}


@pytest.mark.parametrize(("language", "encoding"), PLACES)
def test_they_are_found_or_stand_among_the_choices(tmp_path, language, encoding):
    _page, number, names = NAMES[language]
    content = sheet(encoding, number, encodable(names, encoding))
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    try:
        found = [find_encoding(path).encoding]
        assert (language, encoding) not in STILL_ASKED
    except FileRefused as refused:
        assert (language, encoding) in STILL_ASKED
        found = refused.params["candidates"]
    assert content.decode(encoding) in [content.decode(name) for name in found]


@pytest.mark.parametrize(
    ("head", "encoding", "name"),
    [
        ("\u0422\u0435\u043b\u0435\u0444\u043e\u043d;1", "cp1251", "\u0418\u0432\u0430\u043d"),
        ("\u0422\u0435\u043b\u0435\u0444\u043e\u043d;1", "cp866", "\u0418\u0432\u0430\u043d"),
        ("\u624b\u673a;1", "gb18030", "\u5f20\u4f1f"),
        ("\u96fb\u8a71\u756a\u53f7;1", "euc_jp", "\u5c71\u7530"),
        ("\ud734\ub300\ud3f0;1", "cp949", "\uae40"),
        ("\u039a\u03b9\u03bd\u03b7\u03c4\u03cc;1", "cp1253", "\u0386\u03bd\u03bd\u03b1"),
    ],
)
def test_a_known_heading_settles_it_wherever_people_live(tmp_path, head, encoding, name):
    content = f"{head}\r\n447400123456;{name}\r\n".encode(encoding)
    assert outcome(tmp_path / "a.csv", content) == content.decode(encoding)


def test_two_korean_names_are_enough(tmp_path):
    content = sheet("cp949", 821012345678, ("\uae40\ucca0\uc218", "\uc774\uc601\ud76c"))
    assert outcome(tmp_path / "a.csv", content) == content.decode("cp949")


@pytest.mark.parametrize("name", ["Ji\u0159\u00ed Dvo\u0159\u00e1k", "Jaroslav \u0158\u00edha"])
def test_a_few_letters_of_a_mac_that_are_utf_8_by_chance_are_no_proof(tmp_path, name):
    content = sheet("mac-latin2", 420601234567, (name,))
    assert content.decode("utf-8")
    assert outcome(tmp_path / "a.csv", content) in {content.decode("mac-latin2"), ASKED}


def test_the_question_shows_the_first_texts_as_each_encoding_reads_them(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("mobile;1\n48601234567;Łukasz\n48601234568;Ewa Żak\n".encode("cp1250"))
    assert find_encoding(path).encoding == "cp1250"
    path.write_bytes("mobile;1\n447400123456;Łukasz\n447400123457;Ewa Żak\n".encode("cp1250"))
    with pytest.raises(FileRefused) as caught:
        find_encoding(path)
    offered = dict(
        zip(caught.value.params["candidates"], caught.value.params["shown"], strict=True)
    )
    assert next(iter(offered)) == "cp1250"
    assert offered["cp1250"] == "Łukasz, Ewa Żak"
    assert offered["cp1252"] == "£ukasz, Ewa ¯ak"


@pytest.mark.parametrize("encoding", ["ascii", *PROVEN])
def test_what_bytes_prove_is_never_asked(tmp_path, encoding):
    text = "mobile,1\n85251234567,Anna\n85251234568," + ("Bob" if encoding == "ascii" else "Žofie")
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    table = open_table(path, 1)
    assert next(row for _number, row in table.rows) == ["85251234567", "Anna"]
    assert not table.opening_notes


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_byte_order_marks_of_either_order(tmp_path, mark):
    path = tmp_path / "a.csv"
    path.write_bytes("\ufeffmobile,1\n85251234567,安娜\n".encode(mark))
    assert [row for _number, row in open_table(path, 1).rows] == [["85251234567", "安娜"]]


def test_a_letter_far_below_is_part_of_the_evidence(tmp_path):
    rows = "".join(f"{33612000000 + at};Benoît François Noël Hélène\n" for at in range(30_000))
    path = tmp_path / "a.csv"
    path.write_bytes(f"mobile;1\n{rows}".encode("cp1252"))
    assert find_encoding(path).encoding == "cp1252"
    path.write_bytes(f"mobile;1\n{rows}33612345678;Strauß\n".encode("cp1252"))
    with pytest.raises(FileRefused) as caught:
        find_encoding(path)
    assert caught.value.code == "ENCODING_UNCERTAIN"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_can_be_chosen(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("mobile,1\n85251234567,Anna\n".encode(encoding))
    table = open_table(path, 1, Reading(encoding=encoding))
    assert [row[-1] for _number, row in table.rows] == ["Anna"]
