"""May anything leave, or is the console held after a restore?"""

from collections.abc import Iterator

from accounts.models import Standing
from smsconsole.doctor.registry import Diagnosis, check, problem, well


@check("held")
def held() -> Iterator[Diagnosis]:
    """Look whether an operator must compare and release first."""
    if Standing.current().is_held:
        yield problem(
            "held",
            "The console is held: no message, callback or notice leaves.",
            "Compare and release: ./console manage held, or Operations, Held.",
        )
    else:
        yield well("held", "The console is not held.")
