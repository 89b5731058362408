"""What the doctor found, for people and for programs."""

import json
from collections import Counter
from collections.abc import Iterable

from smsconsole.doctor.registry import Diagnosis, Level

_MARKS = {Level.OK: "  ok ", Level.WARNING: " warn", Level.PROBLEM: "PROBLEM"}


def line(finding: Diagnosis) -> str:
    """Return one finding as a person reads it, with the fix below it."""
    text = f"{_MARKS[finding.level]:>7}  {finding.about}: {finding.sentence}"
    return f"{text}\n         → {finding.fix}" if finding.fix else text


def summary(findings: Iterable[Diagnosis]) -> str:
    """Return how many of each there are."""
    count = Counter(finding.level for finding in findings)
    return (
        f"{count[Level.PROBLEM]} problems, {count[Level.WARNING]} warnings, {count[Level.OK]} well."
    )


def as_json(found: Iterable[tuple[str, Diagnosis]]) -> str:
    """Return {"healthy", "findings": [{"check", "level", "about", "sentence", "fix"}]}."""
    rows = [
        {
            "check": noun,
            "level": one.level.value,
            "about": one.about,
            "sentence": one.sentence,
            "fix": one.fix,
        }
        for noun, one in found
    ]
    healthy = all(row["level"] != Level.PROBLEM.value for row in rows)
    return json.dumps({"healthy": healthy, "findings": rows}, ensure_ascii=False, indent=1)
