"""The XML of a zipped workbook, inflated block by block within limits, and walked by expat."""

import codecs
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any
from xml.parsers import expat

from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import FileCode, FileRefused

BLOCK = 1 << 18
# About 300,000 rows of a sheet; longer entries are inflated again.
_MOST_KEPT = 32 << 20
# A tag or a comment that is longer than this is made to hurt: expat reads it again and again.
LONGEST_TOKEN = 1 << 20
_MOST_ELEMENTS = 200_000
# So many characters are read beyond an element that could not be taken; twice as many next time.
_FIRST_AHEAD = 64
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DECLARED = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']"
)
_ENCODINGS = frozenset(
    {
        *(f"cp125{n}" for n in range(9)),
        *(f"iso8859-{n}" for n in (1, 2, 5, 7, 9, 15)),
        *[
            "cp874",
            "cp932",
            "cp949",
            "cp950",
            "shift_jis",
            "euc_jp",
            "euc_kr",
            "gb2312",
            "gbk",
            "gb18030",
            "big5",
            "koi8-r",
        ],
    }
)
# What zipfile, zlib and expat raise when they meet a damaged file.
BROKEN = (
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    UnicodeError,
    ValueError,
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
)


class Unzipped:
    """The entries of a zip file, and how many bytes really came out of them."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.archive = archive
        self.limits = limits
        self._bytes = 0
        # (entry, its blocks): what is looked through and then read is inflated once.
        self._kept: tuple[str, list[bytes]] = ("", [])
        if len(archive.infolist()) > limits.entries:
            raise FileRefused(FileCode.TOO_COMPLEX, limit=limits.entries)

    def texts(self, entry: str, *, counted: bool = True) -> Generator[str, None, None]:
        """Yield the text of an XML entry in blocks; all line ends are "\n" (XML 1.0, 2.11).

        ECMA-376 part 2, 8.1.4 wants UTF-8 or UTF-16; what an entry declares is believed, too.
        Raises FileRefused UNZIPS_TOO_LARGE or FILE_TOO_COMPLEX, and BROKEN errors.
        """
        decode: Callable[..., str] | None = None
        entry_bytes = 0
        for block in self._blocks(entry):
            entry_bytes += len(block)
            self._bytes += len(block) if counted else 0
            self._check(entry_bytes, block)
            if decode is None:
                decoder = codecs.getincrementaldecoder(_encoding_of(block))()
                decode = io.IncrementalNewlineDecoder(decoder, translate=True).decode
            yield decode(block)
        if decode is not None:
            yield decode(b"", final=True)

    def octets(self, entry: str) -> Iterator[bytes]:
        """Yield an XML entry as it is, to look for something in it that is written in ASCII.

        UTF-16 loses its zeros. Raises FileRefused UNZIPS_TOO_LARGE, and BROKEN errors.
        """
        entry_bytes, wide = 0, False
        kept: list[bytes] = []
        for block in self._blocks(entry):
            wide = wide or (not entry_bytes and _encoding_of(block).startswith("utf-16"))
            entry_bytes += len(block)
            self._check(entry_bytes, block)
            if entry_bytes <= _MOST_KEPT:
                kept.append(block)
            yield block.replace(b"\0", b"") if wide else block
        self._kept = (entry, kept if entry_bytes <= _MOST_KEPT else [])

    def _blocks(self, entry: str) -> Iterator[bytes]:
        kept_entry, blocks = self._kept
        if kept_entry == entry and blocks:
            self._kept = ("", [])
            yield from blocks
            return
        info = self.archive.getinfo(entry)
        if info.compress_type not in _METHODS:
            raise FileRefused(FileCode.BROKEN)
        with self.archive.open(info) as file:
            while block := file.read(BLOCK):
                yield block

    def _check(self, entry_bytes: int, block: bytes) -> None:
        limits = self.limits
        if entry_bytes > limits.entry_bytes or self._bytes > limits.unzipped_bytes:
            raise FileRefused(FileCode.UNZIPS_TOO_LARGE, size_limit=limits.unzipped_bytes)
        if len(block) == BLOCK and (b"<" not in block or b">" not in block):
            # A cell holds 32,767 characters at most.
            raise FileRefused(FileCode.TOO_COMPLEX, limit=BLOCK)


def _encoding_of(head: bytes) -> str:
    """Return the encoding of XML by its first bytes (XML 1.0, appendix F)."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for mark, encoding in ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")):
        if head.startswith(mark):
            return encoding
    declared = _DECLARED.match(head)
    if declared is None:
        return "utf-8-sig"
    name = declared[1].decode("ascii")
    # Others would make text of anything, or are no encodings of text at all.
    known = codecs.lookup(name).name
    return known if known in _ENCODINGS else "utf-8-sig"


# Reads whole elements between two places of a text, and returns where it stopped. The text has no
# control characters but tabs and line ends.
Taker = Callable[[str, int, int], int]
# XML has no others (XML 1.0, 2.2).
_CONTROLS = bytes(set(range(32)) - set(b"\t\n"))


class Walker:
    """Expat over one entry; elements named `step_tag` may be read by someone faster.

    The handler of ends calls `step` for each of those elements that stands where they belong.
    """

    def __init__(
        self,
        start: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None] | None = None,
        step_tag: str = "",
    ) -> None:
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_dtd
        self._last_tag = f"</{step_tag}>"
        self._fed = 0
        self._stepped_at = -1
        self._ahead = 0

    def step(self) -> None:
        """Note the end of a step element."""
        self._stepped_at = self._parser.CurrentByteIndex

    def walk(self, blocks: Iterable[str], take: Taker) -> Iterator[None]:
        """Read an entry to its end, pausing after each block.

        Expat has the last word on every byte that `take` leaves. `take` is only asked where nothing
        is pending in expat (no comment, no open element below), so that leaving out whole elements
        does not change what the others mean.
        """
        rest = ""
        for block in blocks:
            text = rest + block
            end = text.rfind(self._last_tag) + len(self._last_tag)
            if end < len(self._last_tag):
                # Before the first element, after the last, or within one longer than a block.
                self.feed(text)
                rest = ""
            else:
                self._walk_to(end, text, take)
                rest = text[end:]
            yield
        self.feed(rest, last=True)
        yield

    def _walk_to(self, end: int, text: str, take: Taker) -> None:
        position = 0
        octets = text.encode()
        if len(octets.translate(None, _CONTROLS)) < len(octets):
            self.feed(text[:end])
            return
        while position < end:
            if self._in_step:
                taken = take(text, position, end)
                if taken > position:
                    self._ahead = 0
                position = taken
            elif position:
                # An end tag that ends nothing, in a comment perhaps: expat reads to the last one.
                self.feed(text[position:end])
                return
            if position < end:
                # Where nothing can be taken, asking at every element would cost more than reading.
                last = end - len(self._last_tag)
                start = min(position + self._ahead, last)
                stop = text.index(self._last_tag, start) + len(self._last_tag)
                self.feed(text[position:stop])
                position = stop
                self._ahead = min(2 * self._ahead + _FIRST_AHEAD, BLOCK)

    @property
    def _in_step(self) -> bool:
        """Whether the last bytes that were fed are the end tag of a step element."""
        return self._stepped_at == self._fed - len(self._last_tag)

    def feed(self, text: str, *, last: bool = False) -> None:
        """Let expat read on; raises FileRefused for tokens of absurd length."""
        data = text.encode()
        self._fed += len(data)
        self._parser.Parse(data, last)
        if not last and self._fed - self._parser.CurrentByteIndex > LONGEST_TOKEN:
            raise FileRefused(FileCode.TOO_COMPLEX, limit=LONGEST_TOKEN)


def _refuse_dtd(*_declaration: Any) -> None:
    raise FileRefused(FileCode.DTD)


def elements(unzipped: Unzipped, entry: str, wanted: frozenset[str]) -> list[Mapping[str, str]]:
    """Return the attributes of the wanted elements of a small entry, with their name under ""."""
    found: list[Mapping[str, str]] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        local = local_name(name)
        if local in wanted:
            found.append({"": local, **attributes})
            if len(found) > _MOST_ELEMENTS:
                raise FileRefused(FileCode.TOO_COMPLEX, limit=_MOST_ELEMENTS)

    walker = Walker(start, lambda _name: None)
    for text in unzipped.texts(entry):
        walker.feed(text)
    walker.feed("", last=True)
    return found


def local_name(name: str) -> str:
    """Return an element's name without the prefix of its namespace."""
    return name.rpartition(":")[2]
