"""Every string in every language, whole; the catalogues that processes read are the newest."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation

from smsconsole.translations import catalogues, extracting, renewing
from smsconsole.translations.checking import faults, problems

LOCALE = "zh_Hans"


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_every_string_is_translated(locale: str) -> None:
    # `./console manage translations` writes what is missing into a file to fill in.
    assert list(problems(locale)) == []


def catalog(id_: str | tuple[str, str], string: str | tuple[str, ...]) -> Catalog:
    made = Catalog(locale=LOCALE)
    made.add(id_, string)
    return made


@pytest.mark.parametrize(
    ("id_", "string"),
    [
        ("Send", ""),
        ("Sent to %(n)s", "已发送"),
        ("Sent to %(n)s", "已发送至 %(m)s"),
        ("Write {1}.", "请写 {2}。"),
        ("100%% sure, %s", "100%% 确定"),
        ("<strong>Stop</strong> now", "<b>停止</b>"),
        ('<a href="%(url)s">Stop</a>', '<a href="%(url)s">停止'),
        ("Send", "发送 "),
        (("%(n)s day", "%(n)s days"), ("%(n)s 天", "%(n)s 天")),
        (("%(n)s day", "%(n)s days"), ("",)),
        (("One day", "%(n)s days"), ("%(m)s 天",)),
    ],
)
def test_a_broken_translation_is_found(id_: str | tuple[str, str], string: str) -> None:
    assert list(faults(catalog(id_, string)))


def test_a_guess_is_found() -> None:
    made = catalog("Send", "发送")
    made["Send"].flags.add("fuzzy")
    assert list(faults(made)) == ["'Send' is fuzzy."]


def test_a_translation_may_turn_its_words_around() -> None:
    made = catalog("%(a)s of <b>%(b)s</b>", "<b>%(b)s</b> 的 %(a)s")
    assert not list(faults(made))
    assert not list(faults(catalog(("One day", "%(n)s days"), ("%(n)s 天",))))


def test_what_is_put_together_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "ROOT", tmp_path)
    (tmp_path / "app").mkdir()
    source = tmp_path / "app" / "said.py"
    source.write_text("from django.utils.translation import gettext as _\n_(f'{1} left')\n")
    with pytest.raises(extracting.NotLiteral, match=r"said\.py:2"):
        extracting.strings_of("app")


def test_strings_are_found_where_they_are_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extracting, "ROOT", tmp_path)
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "said.py").write_text(
        "from django.utils.translation import gettext_lazy as lazy, ngettext\n"
        "lazy('It'\n  ' is')\nngettext('%(n)s day', '%(n)s days', n)\nother('No')\nlazy(name)\n"
    )
    (tmp_path / "app" / "templates" / "page.html").write_text(
        "{% load i18n %}{% translate \"It's\" %}{{ _('Short') }}{# {% translate 'Not' %} #}"
        "{% blocktranslate trimmed count n=n with who=who %}\n {{ who }} has 100%\n"
        "{% plural %}\n {{ who }} have {{ n }}\n{% endblocktranslate %}"
        "{% include 'a.html' with label=_('Label') %}{% translate 'When' context 'of sending' %}"
    )
    assert extracting.strings_of("app") == {
        ("It is",),
        ("%(n)s day", "%(n)s days"),
        ("It's",),
        ("Short",),
        ("%(who)s has 100%%", "%(who)s have %(n)s"),
        ("Label",),
        ("of sending\x04When",),
    }


def test_what_moves_to_another_app_keeps_its_translation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for app in catalogues.APPS:
        (tmp_path / app).mkdir()
    monkeypatch.setattr(extracting, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    marked = "from django.utils.translation import gettext as _\n_('Task')\n"
    (tmp_path / "accounts" / "said.py").write_text(marked)
    missing = renewing.renew(LOCALE, {("Task",): "任务", ("Other",): "其他"})
    assert len(missing) == 0
    shutil.move(tmp_path / "accounts" / "said.py", tmp_path / "sending" / "said.py")
    assert len(renewing.renew(LOCALE, {})) == 0
    assert renewing.translated(LOCALE) == {("Task",): "任务"}
    assert list(problems(LOCALE)) == []


def test_no_compiled_catalogue_is_out_of_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    path = catalogues.path_of("sending", LOCALE)
    catalogues.write(catalog("Task", "任务"), path)
    earlier = catalogues.compiled(tmp_path / "var")
    assert catalogues.compiled(tmp_path / "var") == earlier
    catalogues.write(catalog("Task", "发送任务"), path)
    now = catalogues.compiled(tmp_path / "var")
    assert now != earlier
    compiled = (now / LOCALE / "LC_MESSAGES" / "django.mo").read_bytes()
    assert "发送任务".encode() in compiled


def test_pages_are_translated() -> None:
    with translation.override("zh-hans"):
        assert translation.gettext("Cancel") == "取消"


# --- No language is frozen ------------------------------------------------------------------------


def immediate_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield calls that translate at once: gettext and ngettext, by whatever name."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in {"gettext", "ngettext", "pgettext"}
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def walk_body(node: ast.FunctionDef | ast.Lambda) -> Iterator[ast.AST]:
    """Yield what runs when a function is called; its defaults and decorators ran before."""
    for each in node.body if isinstance(node.body, list) else [node.body]:
        yield from ast.walk(each)


def frozen_lines(source: str) -> list[int]:
    """Return the lines that translate once for all readers: on import, or below a cache."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    cached = [
        node
        for node in functions
        if isinstance(node, ast.FunctionDef)
        and any("cache" in ast.unparse(each) for each in node.decorator_list)
    ]
    late = {id(inner) for node in functions for inner in walk_body(node)}
    once = {id(inner) for node in cached for inner in ast.walk(node)}
    return [
        call.lineno for call in immediate_calls(tree) if id(call) not in late or id(call) in once
    ]


def test_no_string_is_translated_once_for_all_readers() -> None:
    found = [
        f"{path.relative_to(catalogues.ROOT)}:{line}"
        for app in catalogues.APPS
        for path in sorted((catalogues.ROOT / app).rglob("*.py"))
        if "tests" not in path.parts
        for line in frozen_lines(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_frozen_string_would_be_found() -> None:
    marked = "from django.utils.translation import gettext as _, gettext_lazy as lazy\n"
    assert frozen_lines(marked + "A = lazy('A')\nB = _('B')\n") == [3]
    assert frozen_lines(marked + "@cache\ndef a():\n    return _('A')\n") == [4]
    assert frozen_lines(marked + "def a(b=_('B')):\n    return _('A')\n") == [2]


def test_formats_of_dates_are_translated() -> None:
    # Write |date:_("j F Y"), so that each language has its own order.
    found = [
        path.relative_to(catalogues.ROOT).as_posix()
        for app in catalogues.APPS
        for path in sorted((catalogues.ROOT / app).rglob("templates/**/*"))
        if path.suffix in {".html", ".txt"}
        and re.search(r'\|(date|time):"|\{% now "', path.read_text(encoding="utf-8"))
    ]
    assert found == []
