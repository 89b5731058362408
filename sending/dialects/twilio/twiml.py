"""The answer of a program to a reply: TwiML, of which the text of one message is read.

There is no document type in it, so no entity can grow; the parser goes on in one pass, without
recursion, over as much as an answer may have.
"""

from xml.parsers import expat

_LONGEST_TEXT = 1_600


class _Forbidden(Exception):
    """A document type: nobody needs one here."""


class _TwimlReader:
    """Takes the text of the first Message of a Response, or of its first Body."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._texts: list[str] = []
        self._bodies: list[str] = []
        self.is_done = False
        self.is_response = False

    def begin(self, name: str, _attributes: object) -> None:
        self._open.append(name)
        self.is_response = self.is_response or self._open == ["Response"]

    def end(self, _name: str) -> None:
        if self._open == ["Response", "Message"]:
            self.is_done = True
        self._open.pop()

    def text(self, said: str) -> None:
        if self.is_done:
            return
        if self._open == ["Response", "Message"]:
            self._texts.append(said)
        elif self._open == ["Response", "Message", "Body"]:
            self._bodies.append(said)

    @property
    def found(self) -> str:
        return "".join(self._bodies or self._texts).strip()


def _refuse(*_declaration: object) -> None:
    raise _Forbidden


def message_in(document: bytes) -> str:
    """Return the text that a program wants to answer with; empty for none, or what is no TwiML."""
    reader = _TwimlReader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(document, True)  # noqa: FBT003 - that it is all of it.
    except (expat.ExpatError, _Forbidden, ValueError, LookupError):
        return ""
    text = reader.found if reader.is_response else ""
    return text if len(text) <= _LONGEST_TEXT else ""
