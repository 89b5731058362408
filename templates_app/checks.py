"""What the editor and the review desk show of a text: findings, marks, figures, what it changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from templates_app import wording
from templates_app.comparison import Change, changes
from templates_app.lint import BODY_LIMIT, Finding, Severity, lint, lint_signature, passed
from templates_app.lint.findings import SIGNATURE_RULES
from templates_app.models import SignatureVersion, TextTemplateVersion
from templates_app.sentences import Said, kept, say


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a body as it was written; `mark` is chip, wrong, costs or empty."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Check:
    """All findings in words, what is in order, and the body with both marked."""

    said: tuple[Said, ...]
    kept: tuple[str, ...]
    runs: tuple[Run, ...]

    def _count(self, severity: Severity) -> int:
        return sum(one.finding.severity is severity for one in self.said)

    @property
    def errors(self) -> int:
        """Return how many findings must be corrected."""
        return self._count(Severity.ERROR)

    @property
    def costs(self) -> int:
        """Return how many findings make messages dearer."""
        return self._count(Severity.COST)

    @property
    def judges(self) -> int:
        """Return how many findings a reviewer decides about."""
        return self._count(Severity.JUDGE)


def check_text_template(
    body: str, sms_type: str, samples: Sequence[str], *, accepts_replies: bool | None
) -> Check:
    """Run the rules of text templates."""
    findings = lint(body, sms_type, samples, accepts_replies=accepts_replies)
    in_body = [one for one in findings if not one.code.startswith("VALUE_")]
    return Check(
        said=tuple(map(say, findings)),
        kept=tuple(kept(passed(sms_type, findings))) if body.strip() else (),
        runs=tuple(_runs(body[:BODY_LIMIT], in_body)),
    )


def check_signature(content: str) -> Check:
    """Run the rules of signatures."""
    findings = lint_signature(content)
    broken = {found.code for found in findings}
    return Check(
        said=tuple(map(say, findings)),
        kept=tuple(kept([code for code in SIGNATURE_RULES if code not in broken])),
        runs=tuple(_runs(content[:BODY_LIMIT], findings)),
    )


def _runs(text: str, findings: Sequence[Finding]) -> Iterator[Run]:
    """Yield the text with its variables as chips and what was found marked."""
    marks = [""] * len(text)
    for place in wording.PLACEHOLDER.finditer(text):
        marks[slice(*place.span())] = ["chip"] * len(place[0])
    for found in findings:
        # A rule about the whole text has no place to point at.
        if found.end - found.start < len(text):
            mark = "costs" if found.severity is Severity.COST else "wrong"
            marks[found.start : found.end] = [mark] * (min(found.end, len(text)) - found.start)
    # Neighbouring chips are two variables, hence the position of a placeholder's first brace.
    starts = {place.start() for place in wording.PLACEHOLDER.finditer(text)}
    parts: list[int] = []
    for position in range(len(text)):
        new = position in starts and marks[position] == "chip"
        parts.append((parts[-1] if parts else 0) + new)
    for (mark, _part), run in groupby(range(len(text)), key=lambda at: (marks[at], parts[at])):
        yield Run("".join(text[at] for at in run), mark)


def before(
    version: SignatureVersion | TextTemplateVersion,
) -> SignatureVersion | TextTemplateVersion | None:
    """Return the version to compare with: the one in use, or else the one before."""
    approved = version.thing.approved
    if approved is not None and approved.number < version.number:
        return approved
    earlier: SignatureVersion | TextTemplateVersion | None = (
        version.thing.versions.filter(number__lt=version.number).order_by("-number").first()
    )
    return earlier


def changed(earlier: str, text: str) -> tuple[Change, ...]:
    """Return what a text changes in an earlier one; nothing when they are the same.

    What is longer than a text may be is compared up to there.
    """
    return () if earlier == text else changes(earlier, text[:BODY_LIMIT])
