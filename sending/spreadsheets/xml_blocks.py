"""The XML of a zipped workbook, inflated block by block within limits, and walked by expat."""

import codecs
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any
from xml.parsers import expat

from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import FileCode, FileRefused

BLOCK = 1 << 18
# A tag or a comment that is longer than this is made to hurt: expat reads it again and again.
_LONGEST_TOKEN = 1 << 20
_MOST_ELEMENTS = 200_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile, zlib and expat raise when they meet a damaged file.
BROKEN = (
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
        if len(archive.infolist()) > limits.entries:
            raise FileRefused(FileCode.TOO_COMPLEX, limit=limits.entries)

    def texts(self, entry: str) -> Generator[str, None, None]:
        """Yield the text of an XML entry in blocks; ECMA-376 part 2, 8.1.4 wants UTF-8.

        Raises FileRefused UNZIPS_TOO_LARGE or FILE_TOO_COMPLEX, and BROKEN errors.
        """
        info = self.archive.getinfo(entry)
        if info.compress_type not in _METHODS:
            raise FileRefused(FileCode.BROKEN)
        decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        entry_bytes = 0
        with self.archive.open(info) as file:
            while block := file.read(BLOCK):
                entry_bytes += len(block)
                self._bytes += len(block)
                self._check(entry_bytes, block)
                yield decode(block)
        yield decode(b"", final=True)

    def _check(self, entry_bytes: int, block: bytes) -> None:
        limits = self.limits
        if entry_bytes > limits.entry_bytes or self._bytes > limits.unzipped_bytes:
            raise FileRefused(FileCode.UNZIPS_TOO_LARGE, size_limit=limits.unzipped_bytes)
        if len(block) == BLOCK and (b"<" not in block or b">" not in block):
            # A cell holds 32,767 characters at most.
            raise FileRefused(FileCode.TOO_COMPLEX, limit=BLOCK)


# Reads whole elements at a place of a text, and returns where it stopped.
Taker = Callable[[str, int], int]


class Walker:
    """Expat over one entry; elements named `step_tag` may be read by somebody faster.

    The handler of ends calls `step` for each of those elements that stands where they belong.
    """

    def __init__(
        self,
        start: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None] | None = None,
        step_tag: str = "",
    ) -> None:
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_dtd
        self._last_tag = f"</{step_tag}>"
        self._fed = 0
        self._stepped_at = -1

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
        while position < end:
            if self._in_step:
                position = take(text, position)
            elif position:
                # An end tag that ends nothing, in a comment perhaps: expat reads to the last one.
                self.feed(text[position:end])
                return
            if position < end:
                stop = text.index(self._last_tag, position) + len(self._last_tag)
                self.feed(text[position:stop])
                position = stop

    @property
    def _in_step(self) -> bool:
        """Whether the last bytes that were fed are the end tag of a step element."""
        return self._stepped_at == self._fed - len(self._last_tag)

    def feed(self, text: str, *, last: bool = False) -> None:
        """Let expat read on; raises FileRefused for tokens of absurd length."""
        data = text.encode()
        self._fed += len(data)
        self._parser.Parse(data, last)
        if not last and self._fed - self._parser.CurrentByteIndex > _LONGEST_TOKEN:
            raise FileRefused(FileCode.TOO_COMPLEX, limit=_LONGEST_TOKEN)


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
