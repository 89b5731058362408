"""The rules of the house for HTML, style sheets and scripts; each failure names file and line."""

import re
from pathlib import Path

import pytest

from smsconsole.tests.sources import ROOT, html_templates, lines_matching, named, source

LONGEST_HTML_LINE = 120


def long_lines(paths: list[Path]) -> list[str]:
    """Return `file:line` of every line of HTML that nobody can read without scrolling."""
    return [
        f"{named(path)}:{number}"
        for path in paths
        for number, line in enumerate(source(path).splitlines(), 1)
        if len(line) > LONGEST_HTML_LINE
    ]


def test_no_line_of_html_is_longer_than_120_characters() -> None:
    pages = html_templates()
    assert len(pages) > 100
    assert long_lines(pages) == []


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"<[^>]*\sstyle\s*=", id="style attribute"),
        pytest.param(r"<style\b", id="inline style sheet"),
        pytest.param(r"<script\b(?![^>]*\bsrc\s*=)", id="inline script"),
        pytest.param(r"<[^>]*\son[a-z]+\s*=\s*[\"']", id="inline handler"),
        pytest.param(r"<(?!a\s)[^>]*\s(src|href|action)=[\"']\s*(https?:)?//", id="another server"),
        pytest.param(r"javascript:", id="script address"),
    ],
)
def test_html_keeps_to_the_content_security_policy(pattern: str) -> None:
    # E-mails are no pages, and a plain link to another site loads nothing.
    pages = [path for path in html_templates() if "email" not in named(path)]
    found = [
        f"{named(path)}: {match.group(0)[:80]}"
        for path in pages
        for match in re.finditer(pattern, source(path))
    ]
    assert found == []


def test_every_vendored_library_carries_its_licence() -> None:
    libraries = [path for path in (ROOT / "static" / "vendor").iterdir() if path.is_dir()]
    assert libraries
    without = [named(path) for path in libraries if not list(path.glob("LICEN[SC]E*"))]
    assert without == []


def test_every_icon_is_in_the_sprite() -> None:
    sprite = (ROOT / "static" / "vendor" / "lucide" / "icons.svg").read_text(encoding="utf-8")
    there = set(re.findall(r'id="i-([a-z-]+)"', sprite))
    named_in_pages = {
        name
        for path in html_templates()
        for name in re.findall(r"""(?:{% icon |\bicon=)["']([a-z-]+)["']""", source(path))
    }
    assert len(named_in_pages) > 30
    assert named_in_pages - there == set()


def test_nothing_is_loaded_from_another_server() -> None:
    own = [path for kind in ("css", "js") for path in (ROOT / "static" / kind).rglob(f"*.{kind}")]
    assert own
    assert lines_matching(r"(url\(|@import|import\s|fetch\()[\s\"'(]*(https?:)?//", own) == []


def test_how_a_page_looks_does_not_depend_on_its_words() -> None:
    # Captions are translated; what a rule or a script means needs a name of its own.
    by_caption = r"\[\s*(data-label|data-short|aria-label|title|alt|placeholder)\s*[~|^$*]?="
    words = r"content:\s*[\"'][^\"']*[A-Za-z]{2}"
    own = [path for kind in ("css", "js") for path in (ROOT / "static" / kind).rglob(f"*.{kind}")]
    assert lines_matching(rf"{by_caption}|{words}", own) == []


def test_commas_between_facts_are_those_of_the_language() -> None:
    sentences = re.compile(r"{%-? blocktranslate.*?endblocktranslate -?%}", re.DOTALL)
    # A translated comma keeps the line break behind it: a gap in Chinese. `{% comma %}` does not.
    bare = re.compile(r"""(}}|%}|</\w+>),\s*({|<|\n)|{% translate ["'], ["']""")
    pages = [path for path in html_templates() if "email" not in named(path)]
    found = [
        f"{named(path)}: {match.group(0)!r}"
        for path in pages
        for match in bare.finditer(sentences.sub("{% sentence %}", source(path)))
    ]
    assert found == []
