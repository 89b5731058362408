"""Which encoding a text file has: proven by its bytes, agreed on by all evidence, or asked."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sending.spreadsheets.code_pages import (
    LEGACY,
    MULTIBYTE,
    UTF_16_32,
    of_country,
    windows_page,
)
from sending.spreadsheets.filetypes import looks_utf_16, looks_utf_32
from sending.spreadsheets.orthography import (
    Text,
    fits,
    has_known_heading,
    is_surely_korean,
)
from sending.spreadsheets.problems import FileCode, FileRefused

ENCODINGS = ("utf-8", "utf-8-sig", *UTF_16_32, *LEGACY)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # Before UTF-16, whose little-endian mark it begins with.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 20
_SAMPLE = 1 << 18
_LIBRARY_SAMPLE = 1 << 12
_OFFERED = 8
_SHOWN_TEXTS = 3
_SHOWN_CHARS = 30
_ASCII = bytes(range(0x80))
_NUMBER = re.compile(rb"\+?\d[\d ().-]{7,20}\d")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_MIXED = re.compile(r"[A-Za-z][\u0370-\u07ff]|[\u0370-\u07ff][A-Za-z]")
_CHANCES = 8
_NOT_DIGITS = bytes(set(range(256)) - set(b"0123456789"))
_CELL = re.compile(r'[^,;|\t\r\n"]+')


@dataclass(frozen=True, slots=True)
class Found:
    """An encoding; `guessed` when only likelihood speaks for it, though all of it agrees."""

    encoding: str
    guessed: bool = False


def find_encoding(path: Path) -> Found:
    """Return the encoding of a text file.

    Raises FileRefused: FILE_ENCODING when none fits all bytes; ENCODING_UNCERTAIN when more than
    one can be meant, with `candidates` and, for each of them, the first texts as it `shown` them.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return _proven(path, encoding)
    if wide := looks_utf_32(head) or looks_utf_16(head):
        return _proven(path, wide)
    if decodes(path, "utf-8") and not _is_chance(head):
        return Found("utf-8")
    return _legacy(path)


def decodes(path: Path, encoding: str) -> bool:
    """Tell whether every byte of the file can be read in that encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _is_chance(head: bytes) -> bool:
    """Tell whether another encoding may have made a few sequences of UTF-8, in Latin words."""
    text = head.decode("utf-8", "ignore")
    return _MIXED.search(text) is not None and len(_BEYOND.findall(text)) < _CHANCES


def _proven(path: Path, encoding: str) -> Found:
    if not decodes(path, encoding):
        raise FileRefused(FileCode.ENCODING, encoding=encoding)
    return Found(encoding)


def _legacy(path: Path) -> Found:
    """Return the one encoding that spelling and numbers both speak for; raises FileRefused."""
    sample, others = _sample(path)
    texts = {
        encoding: text
        for encoding in LEGACY
        # One byte at a time, the sample and the others are all bytes there are.
        if (text := _text(sample, others, encoding)) is not None
        and (encoding not in MULTIBYTE or decodes(path, encoding))
    }
    if not texts:
        raise FileRefused(FileCode.ENCODING)
    spelt = [encoding for encoding, text in texts.items() if fits(text, encoding)]
    home = _home_encodings(sample)
    named = [encoding for encoding in spelt if has_known_heading(texts[encoding])]
    likely = named or spelt
    if {"cp949"} & home & set(likely) and is_surely_korean(texts["cp949"]):
        likely = ["cp949"]
    if likely:
        first = next((encoding for encoding in likely if encoding in home), likely[0])
        same = {encoding for encoding in texts if texts[encoding] == texts[first]}
        if (named or home & same) and same.issuperset(likely):
            return Found(first, guessed=True)
    raise _question(texts, spelt, home, sample)


def _sample(path: Path) -> tuple[bytes, bytes]:
    """Return the first lines with bytes above 127, and all such bytes that only the rest has."""
    sample, others = b"", set[int]()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if not sample and not block.isascii():
                sample = _lines_with_high_bytes(block)
            others |= set(block.translate(None, _ASCII))
    return sample, bytes(sorted(others - set(sample)))


def _lines_with_high_bytes(block: bytes) -> bytes:
    lines = block.replace(b"\r", b"\n").split(b"\n")
    kept: list[bytes] = []
    size = 0
    for line in lines:
        if not line.isascii():
            kept.append(line[:_SAMPLE])
            size += len(line) + 1
        if size > _SAMPLE:
            break
    return b"\n".join(kept)


def _text(sample: bytes, others: bytes, encoding: str) -> Text | None:
    """Return the sample in an encoding, and the letters that only the rest of the file has."""
    try:
        text = sample.decode(encoding, "ignore" if len(sample) >= _SAMPLE else "strict")
        return Text(text, "" if encoding in MULTIBYTE else others.decode(encoding))
    except UnicodeError:
        return None


def _home_encodings(sample: bytes) -> frozenset[str]:
    """Return the encodings of the countries that most of the numbers belong to."""
    counted: Counter[str] = Counter()
    numbers = 0
    for match in _NUMBER.finditer(sample):
        digits = match[0].translate(None, _NOT_DIGITS).decode().removeprefix("00")
        if not 9 <= len(digits) <= 15:
            continue
        numbers += 1
        counted.update(of_country(digits))
    pages = {page for page, count in counted.items() if count * 2 > numbers}
    return frozenset(encoding for encoding in LEGACY if windows_page(encoding) in pages)


def _question(
    texts: dict[str, Text], spelt: list[str], home: frozenset[str], sample: bytes
) -> FileRefused:
    """Return what asks people for the encoding, with the likeliest first."""
    likely = _by_library(sample, texts)
    order = sorted(
        texts,
        key=lambda name: (name not in spelt, name not in home, likely.index(name)),
    )
    offered: dict[str, str] = {}
    for encoding in order:
        shown = ", ".join(_first_texts(texts[encoding].words))
        if shown not in offered.values():
            offered[encoding] = shown
        if len(offered) == _OFFERED:
            break
    return FileRefused(
        FileCode.ENCODING_UNCERTAIN, candidates=list(offered), shown=list(offered.values())
    )


def _by_library(sample: bytes, encodings: Iterable[str]) -> list[str]:
    """Order encodings by what charset-normalizer makes of the text."""
    # Files in UTF-8 need not wait for its tables.
    from charset_normalizer import from_bytes

    names = list(encodings)
    found = from_bytes(sample[:_LIBRARY_SAMPLE], cp_isolation=names, enable_fallback=False)
    known = {codecs.lookup(name).name: name for name in names}
    likely = [
        known[name]
        for match in found
        for name in map(_codec_name, match.could_be_from_charset)
        if name in known
    ]
    return list(dict.fromkeys([*likely, *names]))


def _codec_name(name: str) -> str:
    return codecs.lookup(name).name


def _first_texts(text: str) -> Iterator[str]:
    """Yield the first cells that can be read in several ways."""
    count = 0
    for cell in dict.fromkeys(_CELL.findall(text)):
        if not cell.isascii() and count < _SHOWN_TEXTS:
            count += 1
            yield "".join(c for c in cell if c.isprintable()).strip()[:_SHOWN_CHARS]
