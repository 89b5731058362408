"""What a message says: an approved wording with values, named by a program or found by its text."""

import json
from dataclasses import dataclass
from typing import NamedTuple

from sending.acceptance import memory
from sending.acceptance.memory import ApprovedSignature, ApprovedText, NotInUse
from sending.acceptance.refusals import Refused
from sending.acceptance.request import RefusalCode
from sending.lifecycle import Lane
from sending.models import FreeTextRight
from sending.sms import segments
from sending.spreadsheets.problems import RowCode
from templates_app import wording
from templates_app.lint import lint_values
from templates_app.lint.characters import codepoint, invisible, name
from templates_app.lint.links import first_link
from templates_app.lint.values import OTP_CODE_DIGITS
from templates_app.lint.words import FORBIDDEN

_NO_SIGNATURE = ApprovedSignature(None, "")


@dataclass(frozen=True, slots=True)
class Content:
    """A text as it is sent to one number or to many."""

    text_template_version_id: int
    signature_version_id: int | None
    # As a message stores them.
    variables: str
    text: str
    data_coding: int
    segments: int
    lane: Lane


class TemplateAndValues(NamedTuple):
    """What a program names: a text template by its id, a signature by its words, and values."""

    text_template_id: int
    signature: str
    values: tuple[str, ...]
    code_digits: int = OTP_CODE_DIGITS


def content_of(organization_id: int, named: TemplateAndValues) -> Content:
    """Return what a program means by names; raise Refused."""
    text = _text(organization_id, named.text_template_id)
    signature = _signature(organization_id, named.signature)
    return _made_of(text, signature, named.values, named.code_digits)


class TextAndTemplate(NamedTuple):
    """A text as a program sends it, perhaps with the signature and text template that it names.

    A signature beside the text need not be in it. `text_template_id` is 0 where none is named.
    """

    text: str
    signature: str
    text_template_id: int


def content_of_text(organization_id: int, whole: TextAndTemplate) -> Content | None:
    """Return what a whole text was made of, None if of nothing approved; raise Refused."""
    _check_length(segments.count(whole.text)[1])
    known = memory.wordings(organization_id)
    found = known.matcher.match(whole.text, whole.signature, whole.text_template_id)
    if found is None and whole.text_template_id:
        named = _text(organization_id, whole.text_template_id)
        raise Refused(RefusalCode.TEXT_UNMATCHED, nearest=named.name)
    if found is None:
        return None
    signed = known.signatures.get(found.signature) or _signature(organization_id, found.signature)
    return _made_of(known.texts[found.id], signed, found.values)


def unmatched(organization_id: int, whole: str) -> Refused:
    """Return why a text that was made of nothing approved is refused, as helpfully as we know."""
    known = memory.wordings(organization_id)
    if content := known.matcher.unapproved_signature(whole):
        return Refused(RefusalCode.SIGNATURE_UNKNOWN, name=content)
    names = [known.texts[pk].name for pk in known.matcher.nearest(whole)]
    return Refused(RefusalCode.TEXT_UNMATCHED, nearest=", ".join(names) or "–")


def content_as_it_is(right: FreeTextRight, whole: str, signature: str) -> Content:
    """Return a text that nobody reviewed, by the right of its organization; raise Refused."""
    signed = _signature(right.organization_id, signature)
    text = whole.replace("\r\n", "\n").strip()
    if signature:
        text = text.removeprefix(f"[{signature}]").lstrip()
    if not text:
        raise Refused(RowCode.VARIABLE_MISSING, variable=1)
    _check_free(text, links_allowed=right.links_allowed)
    complete = wording.complete(signed.content, text)
    coding, count = segments.count(complete)
    _check_length(count)
    variables = json.dumps([text], ensure_ascii=False)
    return Content(
        right.version_id,
        signed.version_id,
        variables,
        complete,
        int(coding),
        count,
        Lane(right.lane),
    )


def _check_free(text: str, *, links_allowed: bool) -> None:
    """Refuse what no reviewer would let pass; brackets may be a signature's."""
    hidden = next((letter for _place, letter in invisible(text)), None)
    symbol = next((one[0] for one in FORBIDDEN.finditer(text) if one[0] not in "[]【】"), None)
    if found := hidden or symbol:
        raise Refused(RefusalCode.TEXT_CHARACTER, codepoint=codepoint(found), name=name(found))
    if not links_allowed and (link := first_link(text)):
        raise Refused(RefusalCode.TEXT_LINK, found=link)


def _made_of(
    text: ApprovedText,
    signature: ApprovedSignature,
    values: tuple[str, ...],
    code_digits: int = OTP_CODE_DIGITS,
) -> Content:
    """Return the message; raise Refused where its values do not fit."""
    needed = text.wording.variables
    if len(values) != needed:
        raise Refused(RefusalCode.VALUE_COUNT, name=text.name, needed=needed, given=len(values))
    if "" in values:
        raise Refused(RowCode.VARIABLE_MISSING, variable=values.index("") + 1)
    for found in lint_values(text.sms_type, values, beside=text.body, code_digits=code_digits):
        raise Refused(found.code, **found.params)
    complete = wording.complete(signature.content, text.wording.render(values))
    coding, count = segments.count(complete)
    _check_length(count)
    return Content(
        text.version_id,
        signature.version_id,
        json.dumps(values, ensure_ascii=False) if values else "[]",
        complete,
        int(coding),
        count,
        text.lane,
    )


def _check_length(count: int) -> None:
    if count > segments.MOST_SEGMENTS:
        raise Refused(RowCode.MESSAGE_TOO_LONG, segments=count, limit=segments.MOST_SEGMENTS)


def _text(organization_id: int, text_template_id: int) -> ApprovedText:
    found = memory.text((organization_id, text_template_id))
    if found is None:
        raise Refused(RefusalCode.TEMPLATE_UNKNOWN, id=str(text_template_id))
    if isinstance(found, NotInUse):
        raise Refused(RefusalCode.TEMPLATE_NOT_APPROVED, name=found.name)
    return found


def _signature(organization_id: int, content: str) -> ApprovedSignature:
    if not content:
        return _NO_SIGNATURE
    found = memory.signature((organization_id, content))
    if found is None:
        raise Refused(RefusalCode.SIGNATURE_UNKNOWN, name=content)
    if isinstance(found, NotInUse):
        raise Refused(RefusalCode.SIGNATURE_NOT_APPROVED, name=found.name)
    return found
