"""Rules for what may be said, run as people write, for reviewers, and on every value sent."""

from templates_app.lint.body import BODY_LIMIT, lint, passed, rules_for
from templates_app.lint.findings import OTP, RULES, Finding, Severity
from templates_app.lint.signature import SIGNATURE_MAX, SIGNATURE_MIN, lint_signature
from templates_app.lint.values import lint_values, may_be_wrong

__all__ = [
    "BODY_LIMIT",
    "OTP",
    "RULES",
    "SIGNATURE_MAX",
    "SIGNATURE_MIN",
    "Finding",
    "Severity",
    "lint",
    "lint_signature",
    "lint_values",
    "may_be_wrong",
    "passed",
    "rules_for",
]
