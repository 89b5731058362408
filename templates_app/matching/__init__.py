"""Which reviewed wording a whole text was made of, in time linear in its length."""

from templates_app.matching.matcher import LONGEST, Matched, Matcher
from templates_app.matching.normal import normalise
from templates_app.matching.pattern import WordingPattern, compiled

__all__ = ["LONGEST", "Matched", "Matcher", "WordingPattern", "compiled", "normalise"]
