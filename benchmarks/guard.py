"""`./console bench guard`: what judging a message costs, and what attacks cost.

`cost` is processor time of acceptance, `attacks` are those of the tests through acceptance, and
`signup` are scripts at a sign-up form (`examples/signup.py`) that asks a live console.
"""

import sys

from benchmarks._bars import Bar, at_most
from benchmarks._parted import Found, run_parts

MOST_MS = 0.2
"""Processor time of the guard for one message."""


def _cost(found: Found) -> list[Bar]:
    bars = []
    many = {"1, 20 at once": found["at_once"], "1, a million an hour": found["load"]}
    for size, cost in (found["costs"] | many).items():
        note = f"{cost['without']:.2f} ms without, {cost['ratio']:.2f} times as much with"
        if size == "1":
            note += f"; its statements alone {found['floor']:.2f} ms"
        bars.append(at_most(f"guard, requests of {size}", cost["guard"], "ms CPU", MOST_MS, note))
    return bars


def _attacks(found: Found) -> list[Bar]:
    bars = []
    for name, attack in found["attacks"].items():
        note = f"{attack['left']} of {attack['offered']} codes left"
        bars.append(at_most(f"attack {name}", attack["spent"], "currency", attack["bound"], note))
        bars.append(
            at_most(f"attack {name}: honest stopped", attack["honest_stopped"], "people", 0, "")
        )
    return bars


def _signup(found: Found) -> list[Bar]:
    bars = []
    for one in found["outcomes"]:
        note = f"{one['left']} of {one['asked']} codes left"
        bars.append(at_most(one["name"], one["spent"], "currency", one["bound"], note))
        note = f"of {one['honest']} who signed up meanwhile"
        bars.append(at_most("  honest blocked", one["honest_blocked"], "people", 0, note))
    return bars


if __name__ == "__main__":
    sys.exit(run_parts("guard", __doc__, {"cost": _cost, "attacks": _attacks, "signup": _signup}))
