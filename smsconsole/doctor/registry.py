"""What a check is, what it finds, and which there are.

A check is a function in a module of `checks/`, one noun a file, under `@check("noun")`. It yields a
`Diagnosis` of each thing it looked at, and touches nothing. A new file is found by itself.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from smsconsole.doctor import checks


class Level(StrEnum):
    """How bad it is. Only a PROBLEM makes the command fail."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at: a sentence, and what to do about it unless it is well.

    Neither holds a secret or a recipient's number. `about` is the setting, folder, gateway or
    worker that is meant.
    """

    level: Level
    about: str
    sentence: str
    fix: str = ""


def well(about: str, sentence: str) -> Diagnosis:
    """Return that nothing is to be done."""
    return Diagnosis(Level.OK, about, sentence)


def warning(about: str, sentence: str, fix: str) -> Diagnosis:
    """Return what works and should not stay so."""
    return Diagnosis(Level.WARNING, about, sentence, fix)


def problem(about: str, sentence: str, fix: str) -> Diagnosis:
    """Return what stops the console, or a part of it, from doing its work."""
    return Diagnosis(Level.PROBLEM, about, sentence, fix)


Look = Callable[[], Iterable[Diagnosis]]


@dataclass(frozen=True, slots=True)
class DoctorCheck:
    """One check. Those that need the database are left out while it does not answer."""

    noun: str
    look: Look
    needs_database: bool

    def run(self) -> list[Diagnosis]:
        """Return what it found; a check that breaks is a finding, too, and stops no other."""
        try:
            return list(self.look())
        except Exception as error:  # noqa: BLE001 - the doctor is asked when things are broken.
            return [
                problem(
                    self.noun,
                    f"This check itself failed: {type(error).__name__}.",
                    "Look for a cause among the other lines; if there is none, report it.",
                )
            ]


_registered: dict[str, DoctorCheck] = {}


def check(noun: str, *, needs_database: bool = True) -> Callable[[Look], Look]:
    """Register a check under the noun it is about."""

    def register(look: Look) -> Look:
        _registered[noun] = DoctorCheck(noun, look, needs_database)
        return look

    return register


@cache
def every_check() -> tuple[DoctorCheck, ...]:
    """Return all checks by noun, those first that need no database."""
    for module in pkgutil.iter_modules(checks.__path__):
        importlib.import_module(f"{checks.__name__}.{module.name}")
    return tuple(sorted(_registered.values(), key=lambda one: (one.needs_database, one.noun)))


def examine() -> Iterator[tuple[str, Diagnosis]]:
    """Yield (noun, finding) of all checks, as each of them ends."""
    database_works = True
    for one in every_check():
        if one.needs_database and not database_works:
            continue
        for finding in one.run():
            if one.noun in {"database", "migrations"} and finding.level is Level.PROBLEM:
                database_works = False
            yield one.noun, finding
