"""The sources of the console, as the rules of the house read them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT: Path = settings.BASE_DIR
APPS = ("smsconsole", "accounts", "templates_app", "sending")


def modules(*, tests: bool = True) -> Iterator[Path]:
    """Yield every module of ours; migrations are Django's."""
    roots = [ROOT / name for name in (*APPS, "benchmarks")]
    for root in roots:
        for path in sorted(root.rglob("*.py")):
            parts = path.relative_to(ROOT).parts
            if "migrations" not in parts and (tests or "tests" not in parts):
                yield path


def html_templates() -> list[Path]:
    return sorted(path for name in APPS for path in (ROOT / name).rglob("templates/**/*.html"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(source(path))


def lines_matching(pattern: str, paths: Iterator[Path] | list[Path]) -> list[str]:
    """Return `file:line: text` for every line that matches."""
    expression = re.compile(pattern)
    return [
        f"{named(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(source(path).splitlines(), 1)
        if expression.search(line)
    ]
