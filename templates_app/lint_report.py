"""What lint says of a text, as the editor and the review desk show it: findings and marks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from templates_app import wording
from templates_app.lint import BODY_LIMIT, Finding, Severity, lint, lint_signature, passed
from templates_app.lint.findings import SIGNATURE_RULES
from templates_app.sentences import FindingText, kept, say


@dataclass(frozen=True, slots=True)
class MarkedRun:
    """A run of a body as it was written; `mark` is chip, wrong, costs or empty."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class LintReport:
    """All findings in words, what is in order, and the body with both marked."""

    said: tuple[FindingText, ...]
    kept: tuple[str, ...]
    runs: tuple[MarkedRun, ...]

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


def text_template_report(
    body: str,
    sms_type: str,
    samples: Sequence[str],
    *,
    accepts_replies: bool | None,
    beside: Sequence[Finding] = (),
) -> LintReport:
    """Run the rules of text templates; `beside` is what was found beside others of them."""
    findings = lint(body, sms_type, samples, accepts_replies=accepts_replies)
    in_body = [one for one in findings if not one.code.startswith("VALUE_")]
    return LintReport(
        said=tuple(map(say, [*findings, *beside])),
        kept=tuple(kept(passed(sms_type, findings))) if body.strip() else (),
        runs=tuple(_runs(body[:BODY_LIMIT], in_body)),
    )


def signature_report(content: str) -> LintReport:
    """Run the rules of signatures."""
    findings = lint_signature(content)
    broken = {found.code for found in findings}
    return LintReport(
        said=tuple(map(say, findings)),
        kept=tuple(kept([code for code in SIGNATURE_RULES if code not in broken])),
        runs=tuple(_runs(content[:BODY_LIMIT], findings)),
    )


def _runs(text: str, findings: Sequence[Finding]) -> Iterator[MarkedRun]:
    """Yield the text with its variables as chips and what was found marked."""
    marks = [""] * len(text)
    for place in wording.PLACEHOLDER.finditer(text):
        marks[slice(*place.span())] = ["chip"] * len(place[0])
    for found in findings:
        # A rule about the whole text has no place to point at.
        if found.end - found.start < len(text):
            mark = "costs" if found.severity is Severity.COST else "wrong"
            marks[found.start : found.end] = [mark] * (min(found.end, len(text)) - found.start)
    # Two variables side by side are two chips, though their mark is the same.
    variables = {place.start() for place in wording.PLACEHOLDER.finditer(text)}
    start = 0
    for end in range(1, len(text) + 1):
        new_chip = end in variables and marks[start] == "chip"
        if end == len(text) or marks[end] != marks[start] or new_chip:
            yield MarkedRun(text[start:end], marks[start])
            start = end
