"""Which encoding a text file has: proven by its bytes, agreed on by all evidence, or asked."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sending.spreadsheets.filetypes import looks_utf_16, looks_utf_32
from sending.spreadsheets.orthography import Text, fits, is_surely_korean
from sending.spreadsheets.problems import FileCode, FileRefused

# Those that cannot be proven, the commonest first. Of several that give the same text the first
# one is taken.
LEGACY = (
    "cp1252",
    "cp1250",
    "cp1251",
    "gb18030",
    "big5",
    "cp950",
    "big5hkscs",
    "cp932",
    "cp949",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "cp874",
    "koi8-r",
    "mac-roman",
)
_UTF_16_32 = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
ENCODINGS = ("utf-8", "utf-8-sig", *_UTF_16_32, *LEGACY)
_MULTIBYTE = frozenset({"gb18030", "big5", "cp950", "big5hkscs", "cp932", "cp949"})
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
_NOT_DIGITS = bytes(set(range(256)) - set(b"0123456789"))
_CELL = re.compile(r'[^,;|\t\r\n"]+')

# Calling code -> the encodings of a spreadsheet program in that country.
_CODE_PAGES = {
    "cp1252": "1 27 31 32 33 34 351 352 353 354 358 39 41 43 44 45 46 47 49 51 52 54 55 56 57 58"
    " 61 64 298 500 501 502 503 504 505 506 507 509 590 591 592 593 594 595 596 597 598 60 62 63"
    " 65 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241"
    " 242 243 244 245 250 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 297 299"
    " 376 377 852 853 350",
    "cp1250": "36 40 48 355 381 382 385 386 387 420 421 383",
    "cp1251": "7 359 373 374 375 380 381 387 389 976 992 993 996 998",
    "koi8-r": "7 380 375",
    "cp1253": "30 357",
    "cp1254": "90 994",
    "cp1255": "972",
    "cp1256": "20 212 213 216 218 249 92 93 98 961 962 963 964 965 966 967 968 970 971 973 974 222",
    "cp1257": "370 371 372",
    "cp1258": "84",
    "cp874": "66",
    "cp932": "81",
    "cp949": "82",
    "gb18030": "86 852 853 65",
    "big5": "886 852 853",
}


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
    if decodes(path, "utf-8"):
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
        and (encoding not in _MULTIBYTE or decodes(path, encoding))
    }
    if not texts:
        raise FileRefused(FileCode.ENCODING)
    spelt = [encoding for encoding, text in texts.items() if fits(text, encoding)]
    home = _home_encodings(sample)
    if {"cp949"} & home & set(spelt) and is_surely_korean(texts["cp949"]):
        spelt = ["cp949"]
    if spelt:
        first = next((encoding for encoding in spelt if encoding in home), spelt[0])
        same = {encoding for encoding in texts if texts[encoding] == texts[first]}
        if home & same and all(encoding in same for encoding in spelt):
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
        return Text(text, "" if encoding in _MULTIBYTE else others.decode(encoding))
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
        prefix = next((digits[:n] for n in (3, 2, 1) if digits[:n] in _BY_CALLING_CODE), "")
        counted.update(_BY_CALLING_CODE.get(prefix, ()))
    return frozenset(encoding for encoding, count in counted.items() if count * 2 > numbers)


def _by_calling_code() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for encoding, codes in _CODE_PAGES.items():
        for code in codes.split():
            found.setdefault(code, set()).add(encoding)
    return {code: frozenset(encodings) for code, encodings in found.items()}


_BY_CALLING_CODE = _by_calling_code()


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
