"""Reads the presets: what an operator would otherwise copy out of an aggregator's manual."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "presets"


@dataclass(frozen=True, slots=True)
class Preset:
    """Settings as the form of a gateway has them; `<…>` in the address is for its operator."""

    name: str
    title: str
    manual: str
    settings: dict[str, str]


@cache
def presets() -> dict[str, Preset]:
    """Return {name: preset}, by title."""
    read = [_read(path) for path in _FOLDER.glob("*.toml")]
    return {one.name: one for one in sorted(read, key=lambda one: one.title.lower())}


def _read(path: Path) -> Preset:
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    settings = {name: str(value).strip() for name, value in written["settings"].items()}
    return Preset(path.stem, written["title"], written["manual"], settings)
