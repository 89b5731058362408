"""SmartEncoded: GSM characters for typographic ones where that makes a text GSM 7-bit."""

from collections.abc import Sequence

from sending.acceptance import memory
from sending.sms import alphabet, replacements
from templates_app import wording
from templates_app.wording import Wording


def smart_values(text: Wording, values: Sequence[str]) -> tuple[str, ...]:
    """Return the values of a reviewed wording, with replacements if that saves anything."""
    if not replacements.suggest(text.render(values)):
        return tuple(values)
    plain = tuple(map(replacements.apply, values))
    return tuple(values) if alphabet.forces_ucs2(text.render(plain)) else plain


def smart_text(organization_id: int, text: str) -> str:
    """Return a whole text with replacements. Of an approved text, only its values are replaced."""
    if not replacements.suggest(text):
        return text
    known = memory.wordings(organization_id)
    found = known.matcher.match(text)
    if found is None:
        return replacements.apply(text)
    own = known.texts[found.id].wording
    return wording.complete(found.signature, own.render(smart_values(own, found.values)))
