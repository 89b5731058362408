"""Sentences for people: what each rule found, what a text keeps, why something was rejected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.reasons import advice_of, title_of
from templates_app.lint import Finding, Severity
from templates_app.lint.findings import VALUE_RULES

Sentence = str | Promise

# Rule: what is wrong, what to do. Parameters are those of templates_app/lint/findings.py.
FINDINGS: Mapping[str, tuple[Sentence, Sentence]] = {
    "TEXT_MISSING": (
        gettext_lazy("There is no text."),
        gettext_lazy("Write the text of the message."),
    ),
    "TEXT_TOO_LONG": (
        gettext_lazy("The text has %(length)s characters."),
        gettext_lazy("Shorten it to %(limit)s characters or fewer."),
    ),
    "VARIABLE_FORMAT": (
        gettext_lazy("“%(found)s” is not a valid variable."),
        gettext_lazy("Write variables as {1}, {2} … with half-width braces, or remove the brace."),
    ),
    "VARIABLE_GAP": (
        gettext_lazy("{%(missing)s} is missing."),
        gettext_lazy("Number the variables from {1} without gaps."),
    ),
    "VARIABLES_ONLY": (
        gettext_lazy("The text contains only variables."),
        gettext_lazy(
            "Add words that say what the message is about, so that a reviewer can judge it."
        ),
    ),
    "VARIABLES_MANY": (
        gettext_lazy("The text has few words for its %(variables)s variables."),
        gettext_lazy("Add words that say what the message is about, or a reviewer will ask."),
    ),
    "SYMBOL_FORBIDDEN": (
        gettext_lazy("“%(found)s” is not allowed."),
        gettext_lazy(
            "Remove it. Brackets are for the signature, and networks refuse some symbols."
        ),
    ),
    "INVISIBLE_CHARACTER": (
        gettext_lazy("There is a hidden character, %(codepoint)s."),
        gettext_lazy("%(name)s. Delete it, or type the word again."),
    ),
    "OTP_CODE_WORD": (
        gettext_lazy("An OTP text must say that it is a code."),
        gettext_lazy("Include “code”, or the word for it in the language of the text."),
    ),
    "OTP_NO_VARIABLE": (
        gettext_lazy("An OTP text usually has a variable for the code."),
        gettext_lazy("Write {1} where the code goes, or choose another type."),
    ),
    "OTP_LINK": (
        gettext_lazy("An OTP text cannot contain a link."),
        gettext_lazy("Remove “%(found)s”, or change the type to Notification."),
    ),
    "LINK_TO_CHECK": (
        gettext_lazy("A reviewer will open “%(found)s”."),
        gettext_lazy("Make sure that it works and matches the text."),
    ),
    "OPTOUT_MISSING": (
        gettext_lazy("A marketing text must end with a way to opt out."),
        gettext_lazy("For example, “Reply STOP to opt out”, or an opt-out link."),
    ),
    "OPTOUT_NOT_LAST": (
        gettext_lazy("The opt-out must be at the end."),
        gettext_lazy("Move “%(found)s” after the %(after)s characters that follow it."),
    ),
    "OPTOUT_NO_REPLY": (
        gettext_lazy("“%(found)s” does not work with this originator."),
        gettext_lazy(
            "People cannot reply to a name. Add a link, or a number that accepts replies."
        ),
    ),
    "VALUE_CHARACTER": (
        gettext_lazy("The value of {%(variable)s} contains a hidden character, %(codepoint)s."),
        gettext_lazy("%(name)s. Type the value again."),
    ),
    "VALUE_LINK": (
        gettext_lazy("The value of {%(variable)s} contains a link, “%(found)s”."),
        gettext_lazy("Write the link in the text, where it is reviewed."),
    ),
    "VALUE_OTP_CODE": (
        gettext_lazy("The value of {%(variable)s} is not a code."),
        gettext_lazy("The first value of an OTP must be the code, up to %(digits)s digits."),
    ),
    "VALUE_OTP_LONG": (
        gettext_lazy("The value of {%(variable)s} has %(length)s characters."),
        gettext_lazy("In an OTP, values other than the code can have up to %(limit)s."),
    ),
    "MORE_FINDINGS": (
        gettext_lazy("More of the same: %(more)s."),
        gettext_lazy("Correct those above to see the rest."),
    ),
    "SCRIPT_UCS2": (
        gettext_lazy("This script is sent in UCS-2."),
        gettext_lazy("A segment holds 70 characters, or 67 each where there are several."),
    ),
    "VALUE_TOO_LONG": (
        gettext_lazy("The value of {%(variable)s} has %(length)s characters."),
        gettext_lazy("Shorten it to %(limit)s characters or fewer."),
    ),
    "SAME_TEXTS": (
        gettext_lazy("The text template “%(name)s” (number %(id)s) matches the same texts."),
        gettext_lazy(
            "Where programs send whole texts, the one with the lower number is used. Change the "
            "words of one of them if it matters which."
        ),
    ),
    "TEXTS_OF_ANOTHER": (
        gettext_lazy("The text template “%(name)s” (number %(id)s) matches some of the texts."),
        gettext_lazy("Where programs send whole texts, the one with more fixed words is used."),
    ),
    "SIGNATURE_LENGTH": (
        gettext_lazy("The signature has %(length)s characters."),
        gettext_lazy("Use %(minimum)s to %(maximum)s characters."),
    ),
    "SIGNATURE_GENERIC": (
        gettext_lazy("This name does not identify anyone."),
        gettext_lazy("Use the name of your company, app, website or brand."),
    ),
    "SIGNATURE_NO_LETTER": (
        gettext_lazy("A signature must contain a letter."),
        gettext_lazy("Digits alone could be mistaken for a phone number."),
    ),
}
_GLUED: Mapping[str, tuple[Sentence, Sentence]] = {
    "link": (
        gettext_lazy("A variable is part of a link."),
        gettext_lazy("{%(variable)s} is in “%(found)s”. A link must be the same in every message."),
    ),
    "number": (
        gettext_lazy("A variable is next to a digit."),
        gettext_lazy("Put a space or a word between {%(variable)s} and the digits next to it."),
    ),
}

# What a text keeps, where that says something; shown in one line.
KEPT: Mapping[str, Sentence] = {
    "OTP_CODE_WORD": gettext_lazy("says that it is a code"),
    "OPTOUT_NOT_LAST": gettext_lazy("opt-out at the end"),
    "VARIABLE_GAP": gettext_lazy("variables are numbered without a gap"),
    "VARIABLE_IN_LINK": gettext_lazy("no variable in a link or number"),
    "OTP_LINK": gettext_lazy("no links"),
    "LINK_TO_CHECK": gettext_lazy("no links"),
    "SYMBOL_FORBIDDEN": gettext_lazy("no forbidden symbols"),
    "VARIABLES_ONLY": gettext_lazy("words as well as variables"),
    "FORCES_UCS2": gettext_lazy("GSM 7-bit"),
    "SIGNATURE_LENGTH": gettext_lazy("2 to 15 characters"),
    "SIGNATURE_GENERIC": gettext_lazy("identifies the sender"),
}
# A rule whose sentence would be untrue while the other is broken.
_KEPT_ONLY_WITH: Mapping[str, str] = {
    "OPTOUT_NOT_LAST": "OPTOUT_MISSING",
    "VARIABLE_GAP": "VARIABLE_FORMAT",
    "FORCES_UCS2": "SCRIPT_UCS2",
}

REASONS: Mapping[str, Sentence] = {
    "OWNER_UNCLEAR": gettext_lazy("It is not clear who owns it"),
    "SIGNATURE_GENERIC": gettext_lazy("The name does not identify anyone"),
    "SYMBOL_FORBIDDEN": gettext_lazy("A symbol is not allowed"),
    "EVIDENCE_MISSING": gettext_lazy("The certificate is missing"),
    "EVIDENCE_UNREADABLE": gettext_lazy("The certificate cannot be read"),
    "EVIDENCE_MISMATCH": gettext_lazy("The certificate names someone else"),
    "SUBJECT_FORBIDDEN": gettext_lazy("The subject is not allowed"),
    "TYPE_WRONG": gettext_lazy("The type is wrong"),
    "CONTENT_UNCLEAR": gettext_lazy("The content is unclear"),
    "VARIABLE_FORMAT": gettext_lazy("A variable is not written correctly"),
    "VARIABLE_UNCLEAR": gettext_lazy("A variable is unclear"),
    "VARIABLE_IN_LINK": gettext_lazy("A variable is part of a link or number"),
    "VARIABLES_MANY": gettext_lazy("Too many variables for the text"),
    "OTP_CODE_WORD": gettext_lazy("It does not say that it is a code"),
    "OTP_LINK": gettext_lazy("An OTP contains a link"),
    "OPTOUT_MISSING": gettext_lazy("A way to opt out is missing"),
    "OPTOUT_NO_REPLY": gettext_lazy("The opt-out does not work"),
    "MARKETING_IN_NOTIFICATION": gettext_lazy("It is marketing, not a notification"),
    "LINK_INVALID": gettext_lazy("A link does not work or does not match the text"),
    "NOT_REGISTERED": gettext_lazy("It is not registered in the country"),
    "ABUSE_RISK": gettext_lazy("It could be abused"),
    "OUT_OF_DATE": gettext_lazy("It is out of date"),
    "PURPOSE_UNCLEAR": gettext_lazy("What will be sent, and to whom, is unclear"),
    "WEBSITE_UNREACHABLE": gettext_lazy("The website cannot be reached"),
    "VOLUME_UNCLEAR": gettext_lazy("The volume does not match the purpose"),
    "OTHER": gettext_lazy("Another reason"),
}

FIELDS: Mapping[str, Sentence] = {
    "name": gettext_lazy("Name"),
    "sms_type": gettext_lazy("Type"),
    "body": gettext_lazy("Body"),
    "samples": gettext_lazy("Samples"),
    "remarks": gettext_lazy("Remarks"),
    "content": gettext_lazy("Signature"),
    "kind": gettext_lazy("Signature type"),
    "for_others": gettext_lazy("On behalf of others"),
    "evidence": gettext_lazy("Certificate"),
    "address": gettext_lazy("Originator"),
    "legal_name": gettext_lazy("Registered name"),
    "country": gettext_lazy("Country"),
    "website": gettext_lazy("Website"),
    "purpose": gettext_lazy("What you will send"),
    "monthly_messages": gettext_lazy("Messages per month"),
}

# What a signature is shown before, where there is no text template to show.
EXAMPLE_TEXT: Sentence = gettext_lazy("Your order is ready. Thank you for shopping with us.")

# Tone and icon by severity, as the theme names them.
_LOOKS = {
    Severity.ERROR: ("bad", "failed"),
    Severity.COST: ("warn", "warn"),
    Severity.JUDGE: ("warn", "review"),
    Severity.NOTE: ("idle", "info"),
}


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding in words; `replace` names the code points that a button would replace."""

    finding: Finding
    title: str
    advice: str
    tone: str
    icon: str
    replace: str = ""
    replacement: str = ""

    @property
    def code(self) -> str:
        """Return the rule."""
        return self.finding.code

    @property
    def sample(self) -> str:
        """Return the id of the sample field that a finding about a value points to, or nothing."""
        if self.finding.code not in VALUE_RULES:
            return ""
        return f"sample-{self.finding.params['variable']}"


@dataclass(frozen=True, slots=True)
class ReasonText:
    """A reason of a rejection in words; `field` names a form field or is empty."""

    code: str
    field: str
    label: str
    field_label: str
    advice: str


def say(finding: Finding) -> FindingText:
    """Return a finding in words."""
    tone, icon = _LOOKS[finding.severity]
    if finding.code == "FORCES_UCS2":
        return _say_forces_ucs2(finding, tone, icon)
    if finding.code == "VARIABLE_IN_LINK":
        title, advice = _GLUED[str(finding.params["glued"])]
    else:
        title, advice = FINDINGS[finding.code]
    return FindingText(
        finding, str(title) % finding.params, str(advice) % finding.params, tone, icon
    )


def _say_forces_ucs2(finding: Finding, tone: str, icon: str) -> FindingText:
    """Say what a character costs, and what would be there instead."""
    params = {**finding.params}
    # A blank could not be seen in a sentence.
    if not str(params["character"]).strip() or not str(params["character"]).isprintable():
        params["character"] = params["codepoint"]
    title = _(
        "%(character)s turns every message into UCS-2: %(segments)s segments with the samples."
    )
    if params["segments"] == 1:
        title = _("%(character)s turns every message into UCS-2: 70 characters a segment, not 160.")
    name = f"{params['codepoint']}."
    # The newest characters are named by the code point alone.
    if params["name"] != params["codepoint"]:
        name = f"{str(params['name']).capitalize()}, {params['codepoint']}."
    replacement = params["replacement"]
    if replacement is None:
        advice = _("It is not in the GSM 7-bit alphabet. Keep it if the text needs it.")
        return FindingText(finding, title % params, f"{name} {advice}", tone, icon)
    if replacement == "":
        advice = _("Remove it to avoid its cost.")
    else:
        advice = _("Use %(replacement)s instead to avoid its cost.") % params
    return FindingText(
        finding,
        title % params,
        f"{name} {advice}",
        tone,
        icon,
        replace=str(params["codepoint"]).replace("U+", "").replace(" ", "-"),
        replacement=str(replacement),
    )


def kept(passed: Sequence[str]) -> list[str]:
    """Return what a text keeps in words, each once, in the order of importance."""
    codes = set(passed)
    return list(
        dict.fromkeys(
            str(sentence)
            for code, sentence in KEPT.items()
            if code in codes and _KEPT_ONLY_WITH.get(code, code) in codes
        )
    )


def reason_texts(reasons: Sequence[Mapping[str, Any]]) -> list[ReasonText]:
    """Return the reasons of a rejection in words; an unknown code stays as it is."""
    return [
        ReasonText(
            code=reason.get("code", ""),
            field=reason.get("field", ""),
            label=title_of(reason)
            or str(REASONS.get(reason.get("code", ""), reason.get("code", ""))),
            field_label=str(FIELDS.get(reason.get("field", ""), reason.get("field", ""))),
            advice=advice_of(reason),
        )
        for reason in reasons
    ]


def reason_lines(reasons: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the reasons of a rejection as lines of a notice."""
    lines = []
    for reason in reason_texts(reasons):
        where = f"{reason.label} ({reason.code})"
        if reason.field_label:
            where = f"{where}, {reason.field_label}"
        lines.append(f"{where}: {reason.advice}" if reason.advice else where)
    return lines
