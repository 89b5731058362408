"""The locks: what they pin installs on the lowest Python, with hashes, and nothing is missing."""

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT: Path = settings.BASE_DIR
LOCKS = ("requirements", "requirements-dev", "requirements-tools")
INSTALLED = ("requirements", "requirements-dev")
"""Those of the environment in which tests run."""


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def lowest_python() -> str:
    found = re.search(r"^lowest=(\S+)", text("console"), re.MULTILINE)
    assert found
    return found[1]


def requirements(name: str) -> Iterator[Requirement]:
    """Yield the requirements of a file, without hashes and comments."""
    for line in text(name).splitlines():
        if line and not line.startswith(("#", " ")):
            yield Requirement(line.split(" #")[0].removesuffix("\\"))


def holds_on_lowest(marker: Marker | None, extra: str = "") -> bool:
    """Tell whether a marker holds on the lowest Python, on Linux."""
    if marker is None:
        return True
    lowest = lowest_python()
    return marker.evaluate(
        {
            "extra": extra,
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "python_full_version": lowest,
            "python_version": ".".join(lowest.split(".")[:2]),
            "sys_platform": "linux",
        }
    )


def pins_on_lowest(*locks: str) -> dict[str, str]:
    """Return the version by name of what is installed on the lowest Python."""
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for lock in locks
        for pin in requirements(f"{lock}.txt")
        if holds_on_lowest(pin.marker)
    }


def test_readme_script_and_tools_name_the_same_lowest_python() -> None:
    lowest = lowest_python()
    major, minor, _ = lowest.split(".")
    tools = tomllib.loads(text("pyproject.toml"))["tool"]
    assert lowest == f"{major}.{minor}.0", "README promises every release of it"
    assert f"Python {major}.{minor} or newer" in text("README.md")
    assert f"sys.version_info < ({major}, {minor})" in text("console")
    assert tools["ruff"]["target-version"] == f"py{major}{minor}"
    assert tools["mypy"]["python_version"] == f"{major}.{minor}"


@pytest.mark.parametrize("lock", INSTALLED)
def test_every_pin_runs_on_the_lowest_python(lock: str) -> None:
    too_new = {}
    for name, version in pins_on_lowest(lock).items():
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # A backport that only older Pythons need: it is for them.
        if distribution.version != version:
            continue  # The pin of a newer Python, which this one is.
        asked = distribution.metadata["Requires-Python"] or ""
        if not SpecifierSet(asked).contains(lowest_python()):
            too_new[f"{name}=={version}"] = asked
    assert too_new == {}


def test_nothing_that_the_lowest_python_needs_is_missing_from_the_locks() -> None:
    """With hashes, pip refuses whatever is needed and not pinned."""
    pins = pins_on_lowest(*INSTALLED)
    waiting = [need for lock in INSTALLED for need in requirements(f"{lock}.in")]
    seen: set[str] = set()
    missing: set[str] = set()
    while waiting:
        need = waiting.pop()
        name = canonicalize_name(need.name)
        if name not in pins:
            missing.add(str(need))
        if str(need) in seen or name not in pins:
            continue
        seen.add(str(need))
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # As above.
        waiting += [
            found
            for found in map(Requirement, needs)
            if any(holds_on_lowest(found.marker, extra) for extra in ("", *need.extras))
        ]
    assert missing == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", text(f"{lock}.txt"))
    assert [block for block in blocks if "    --hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index(lock: str) -> None:
    assert re.findall(r"https?:|--(?:extra-)?index-url|--find-links", text(f"{lock}.txt")) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_that_was_asked_for_is_pinned(lock: str) -> None:
    """A name in an .in file without `./console lock` would be missing on other machines."""
    pins = pins_on_lowest(lock)
    for need in requirements(f"{lock}.in"):
        assert canonicalize_name(need.name) in pins, f"{need}: run ./console lock"


def test_the_console_runs_without_packages_of_the_tests() -> None:
    assert [name for name in pins_on_lowest("requirements") if "pytest" in name] == []
