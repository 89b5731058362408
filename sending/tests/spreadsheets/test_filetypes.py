"""Files by the name of a spreadsheet that are something else: each is called what it is."""

import zipfile

import pytest

from sending.intake.sentences import KINDS, file_sentence
from sending.spreadsheets.filetypes import FileType, OtherKind, detect
from sending.spreadsheets.problems import FileRefused

LIMIT = 1 << 20
XML = '<?xml version="1.0"?>\n'
OTHERS = [
    ("<html><body><table><tr><td>1</td></tr></table></body></html>", "html"),
    ("\ufeff  <!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>\n<html>", "html"),
    ("<table border=1><tr><td>Mobile</td></tr></table>", "html"),
    ("<meta http-equiv='Content-Type' content='text/html'><table>", "html"),
    ("<!-- made by us --><style>td {}</style><table>", "html"),
    (XML + '<html xmlns="http://www.w3.org/1999/xhtml">', "html"),
    (
        XML + '<?mso-application progid="Excel.Sheet"?><Workbook'
        ' xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "xml_2003",
    ),
    (
        '<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "xml_2003",
    ),
    (
        XML + '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' office:mimetype="application/vnd.oasis.opendocument.spreadsheet">',
        "flat_ods",
    ),
    (XML + "<customers><customer/></customers>", "xml"),
    ("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n", "mhtml"),
    ("%PDF-1.7", "pdf"),
    ('{"url": "https://docs.example/open?id=1", "doc_id": "1", "email": "a@b.example"}', "link"),
    ("[InternetShortcut]\r\nURL=https://docs.example/1\r\n", "link"),
    ('[{"mobile": "85251234567"}]', "json"),
    ('{"rows": []}', "json"),
    ("BEGIN:VCARD\r\nVERSION:3.0\r\nTEL:+85251234567\r\nEND:VCARD\r\n", "vcard"),
    ('ID;PWXL;N;E\r\nC;Y1;X1;K"Mobile"\r\nE\r\n', "sylk"),
    ('TABLE\r\n0,1\r\n"EXCEL"\r\n', "dif"),
]


def kind_of(path):
    with pytest.raises(FileRefused) as caught:
        detect(path, LIMIT)
    assert caught.value.code == "FILE_TYPE"
    said = file_sentence("FILE_TYPE", caught.value.params)
    assert said.what != file_sentence("FILE_TYPE", {}).what
    return caught.value.params["kind"]


@pytest.mark.parametrize(("content", "kind"), OTHERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_markup_is_called_what_it_is(tmp_path, content, kind, encoding):
    path = tmp_path / "report.xls"
    path.write_bytes(content.encode(encoding if kind != "pdf" else "utf-8"))
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    "head",
    [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\0", b"\x1f\x8b\x08\0", b"BZh9", b"\xfd7zXZ\0"],
)
def test_archives_are_told_to_be_unpacked(tmp_path, head):
    path = tmp_path / "report.xlsx"
    path.write_bytes(head + bytes(range(200)))
    assert kind_of(path) == "archive"


@pytest.mark.parametrize(
    ("entries", "kind"),
    [
        ({"[Content_Types].xml": "wordprocessingml.document.main+xml"}, "document"),
        ({"word/document.xml": ""}, "document"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}, "document"),
        ({"[Content_Types].xml": "vnd.ms-excel.sheet.binary.macroEnabled.main"}, "xlsb"),
        ({"xl/workbook.bin": ""}, "xlsb"),
        ({"Index/Document.iwa": ""}, "numbers"),
        ({"people.xlsx": "", "readme.txt": ""}, "zip"),
    ],
)
def test_other_packages_are_called_what_they_are(tmp_path, entries, kind):
    path = tmp_path / "report.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    "content",
    ["<Mobile>;<Name>\n", "<3 Anna,85251234567\n", "mobile,note\n1,<html>\n", "{1};{2};Mobile\n"],
)
def test_text_with_angle_brackets_is_still_text(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_text(content)
    assert detect(path, LIMIT) is FileType.TEXT


def test_every_kind_has_a_sentence():
    assert set(KINDS) == {kind.value for kind in OtherKind}
