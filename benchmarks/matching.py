"""`./console bench matching`: whole texts find their wording among a thousand.

Figures of one process without a database: microseconds a text for texts of a wording, for texts of
none, and for wordings and texts that are made to hurt.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks._bars import at_most, publish
from templates_app.matching import Matcher, compiled

WORDINGS = 1_000
TEXTS = 2_000
GOAL_US = 20.0
_GREETINGS = ("Dear {1}, ", "Hello {1}, ", "{1}, ", "", "Hi {1}! ")
_WORDS = (
    *("your", "order", "parcel", "invoice", "booking", "account", "payment", "table", "ticket"),
    *("seat", "driver", "courier", "shop", "is", "was", "will", "be", "ready", "late", "paid"),
    *("due", "open", "closed", "confirmed", "cancelled", "moved", "today", "tomorrow"),
)


def main() -> int:
    """Measure, print, and write the JSON; return 1 when the goal is missed."""
    parser = argparse.ArgumentParser(prog="console bench matching", description=__doc__)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    chance = random.Random(14)
    bodies = [_body(chance, number) for number in range(WORDINGS)]
    started = time.process_time()
    matcher = _matcher(bodies)
    compiling = time.process_time() - started
    texts = [_text(chance, chance.choice(bodies)) for _text_of in range(TEXTS)]
    assert all(matcher.match(text) for text in texts)
    strangers = [text + "?" for text in texts]
    assert not any(matcher.match(text) for text in strangers)
    same_edges = [f"{{1}} {' '.join(chance.sample(_WORDS, 8))} {n} {{2}}" for n in range(WORDINGS)]
    hostile = _matcher(["a".join(f"{{{n}}}" for n in range(1, 61)) + "b"])
    found = {
        "of a wording": _microseconds(matcher.match, texts),
        "of none": _microseconds(matcher.match, strangers),
        "the nearest three": _microseconds(matcher.nearest, strangers),
        "wordings that only differ inside": _microseconds(
            _matcher(same_edges).match, [_text(chance, body) for body in same_edges]
        ),
        "1,600 repeats, 60 variables": _microseconds(hostile.match, ["a" * 1_600] * 200),
    }
    for name, microseconds in found.items():
        print(f"{name:<40} {microseconds:>10,.1f} us a text")
    print(f"{'compiling':<40} {compiling * 1000:>10,.1f} ms for {WORDINGS:,} wordings")
    bars = [at_most("text of a wording", found["of a wording"], "us", GOAL_US, f"of {WORDINGS:,}")]
    publish(bars, {"us": found, "compiling_ms": compiling * 1000}, options.json)
    return 0 if all(bar.holds for bar in bars) else 1


def _matcher(bodies: Sequence[str]) -> Matcher:
    patterns = (compiled(number, "NOTIFICATION", body) for number, body in enumerate(bodies, 1))
    return Matcher([one for one in patterns if one], ["Lumen", "Harbourline"])


def _body(chance: random.Random, number: int) -> str:
    words = chance.choices(_WORDS, k=chance.randint(6, 14))
    greeting = chance.choice(_GREETINGS)
    variable = "{2}" if "{1}" in greeting else "{1}"
    return f"{greeting}{' '.join(words[:4])} {variable} {' '.join(words[4:])} (shop {number})."


def _text(chance: random.Random, body: str) -> str:
    values = {"{1}": f"Ann{chance.randint(1, 999)}", "{2}": f"No. {chance.randint(1, 10**6)}"}
    for placeholder, value in values.items():
        body = body.replace(placeholder, value)
    return f"[Lumen] {body}" if chance.random() < 0.5 else body


def _microseconds(ask: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return the processor time a text, the least of five runs."""
    best = float("inf")
    for _run in range(5):
        started = time.process_time()
        for text in texts:
            ask(text)
        best = min(best, time.process_time() - started)
    return best / len(texts) * 1e6


if __name__ == "__main__":
    sys.exit(main())
