"""Finds every string that is marked for translation: in Python, and in Django's templates.

It needs neither GNU gettext nor a settled order: what is found is a set.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from smsconsole.translations.catalogues import IN_CONTEXT, ROOT, Texts

# What marks a string, by how many literals it takes: with a context, or one for each number.
_MARKS = {
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
    "pgettext": 2,
    "pgettext_lazy": 2,
}
# What `templatize` writes for a tag: a call with one literal, or two.
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(
    rf"\b(?P<mark>_|n?gettext|pgettext)\((?P<texts>\s*{_LITERAL}\s*(?:,\s*{_LITERAL})?)", re.DOTALL
)

# A name stands for a string that is marked elsewhere.
_PUT_TOGETHER = (ast.JoinedStr, ast.BinOp, ast.Call)


class NotLiteral(ValueError):
    """A string is put together before it is translated, so that nobody can translate it."""


def strings_of(app: str) -> set[Texts]:
    """Return what an app says: each as one text, or as singular and plural."""
    found: set[Texts] = set()
    for path in sorted((ROOT / app).rglob("*")):
        parts = path.relative_to(ROOT).parts
        if not path.is_file() or "tests" in parts or "migrations" in parts:
            continue
        if path.suffix == ".py":
            found.update(_in_python(path))
        elif "templates" in parts and path.suffix in {".html", ".txt"}:
            found.update(_in_template(path))
    return found


def _in_python(path: Path) -> Iterator[Texts]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in _MARKS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            mark = names[node.func.id]
            texts = node.args[: _MARKS[mark]]
            if all(isinstance(each, ast.Constant) for each in texts):
                yield _marked(mark, tuple(ast.literal_eval(each) for each in texts))
            elif any(isinstance(each, _PUT_TOGETHER) for each in texts):
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                raise NotLiteral(f"{where}: mark a whole string; fill it in afterwards.")


def _in_template(path: Path) -> Iterator[Texts]:
    for match in _IN_TEMPLATE.finditer(templatize(path.read_text(encoding="utf-8"))):
        yield _marked(match["mark"], ast.literal_eval(f"({match['texts']},)"))


def _marked(mark: str, texts: Texts) -> Texts:
    return (IN_CONTEXT.join(texts),) if mark.startswith("p") else texts
