"""Two wordings that match the same texts: found by texts that either would be sent as."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from templates_app import wording
from templates_app.lint import OTP
from templates_app.matching.index import Index
from templates_app.matching.normal import normalise
from templates_app.matching.pattern import WordingPattern

_CODE = "482913"
_WORD = "Qx"


@dataclass(frozen=True, slots=True)
class Overlap:
    """Texts of a wording are also of another one, by its id.

    `is_tie` says that both fix as many characters, so that the lower id is taken; otherwise the
    one that fixes more is.
    """

    id: int
    is_tie: bool


def overlaps(pattern: WordingPattern, others: Iterable[WordingPattern]) -> list[Overlap]:
    """Return the wordings that match texts of this one, or whose texts it matches.

    Texts with ordinary values are tried: some text that both match could be made up for nearly any
    two wordings that have a variable.
    """
    known = {other.id: other for other in others if other.id != pattern.id}
    index = Index(known.values())
    found = {match.id for text in _texts(pattern) for match, _values in index.matches(text)}
    alone = Index([pattern])
    for other in known.values():
        if other.id not in found and any(any(alone.matches(text)) for text in _texts(other)):
            found.add(other.id)
    return [Overlap(pk, known[pk].weight == pattern.weight) for pk in sorted(found)]


def _texts(pattern: WordingPattern) -> Iterator[str]:
    """Yield normalised texts of a wording: with codes, and with words where it may have them."""
    parsed = wording.parse(pattern.body)
    yield normalise(parsed.render([_CODE] * parsed.variables))
    if pattern.sms_type == OTP:
        values = [_CODE, *[_WORD] * (parsed.variables - 1)][: parsed.variables]
    else:
        values = [_WORD] * parsed.variables
    yield normalise(parsed.render(values))
