"""The catalogues: one .po file for each app and language, and what Django reads of them.

They are compiled into a folder named after their content, so that none can be out of date. This
module needs no Django: settings name the folder.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

APPS = ("accounts", "sending", "smsconsole", "templates_app")
# Between a context and its string, as compiled catalogues have it.
IN_CONTEXT = "\x04"
Texts = tuple[str, ...]
# As gettext spells it; Django's code is zh-hans. English is what the code says.
LOCALES = ("zh_Hans",)
ROOT = Path(__file__).resolve().parent.parent.parent
_COMMENT = "{locale} of {app}. Written by `./console manage translations`; see CONTRIBUTING.md."


def path_of(app: str, locale: str) -> Path:
    """Return where the catalogue of an app lies."""
    return ROOT / app / "locale" / locale / "LC_MESSAGES" / "django.po"


def read(path: Path, locale: str) -> Catalog:
    """Return a catalogue; an empty one where there is no file."""
    if not path.is_file():
        return empty(locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def empty(locale: str, app: str = "", messages: Iterable[tuple[str, ...]] = ()) -> Catalog:
    """Return a catalogue without translations; each message is its texts, the plural second."""
    catalog = Catalog(
        locale=locale,
        charset="utf-8",
        header_comment=f"# {_COMMENT.format(locale=locale, app=app)}",
    )
    for texts in messages:
        context, _, text = texts[0].rpartition(IN_CONTEXT)
        catalog.add(texts if len(texts) > 1 else text, context=context or None)
    return catalog


def texts_of(message: Message) -> Texts:
    """Return a message's id as `strings_of` names it: one text, or singular and plural."""
    if not isinstance(message.id, str):
        return tuple(message.id)
    return (f"{message.context}{IN_CONTEXT}{message.id}" if message.context else message.id,)


def write(catalog: Catalog, path: Path) -> None:
    """Write a catalogue in the order of its strings, without lines of code: merges stay small."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # Dates and tools of the header would be another line to merge.
        write_po(file, catalog, width=0, sort_output=True, omit_header=True)
    body = path.read_bytes()
    path.write_bytes(_header(catalog) + body)


def _header(catalog: Catalog) -> bytes:
    lines = [
        catalog.header_comment,
        'msgid ""',
        'msgstr ""',
        f'"Language: {catalog.locale}\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Plural-Forms: {catalog.plural_forms}\\n"',
        "\n",
    ]
    return "\n".join(lines).encode()


def compiled(var: Path) -> Path:
    """Return the folder of the compiled catalogues under `var`, made if it is not there."""
    paths = list(_paths())
    digest = hashlib.sha256(b"".join(path.read_bytes() for _, path in paths)).hexdigest()[:16]
    folder = var / "locale" / digest
    for locale in LOCALES:
        target = folder / locale / "LC_MESSAGES" / "django.mo"
        if not target.is_file():
            _compile([path for each, path in paths if each == locale], locale, target)
    return folder


def _paths() -> Iterator[tuple[str, Path]]:
    for locale in LOCALES:
        for app in APPS:
            if (path := path_of(app, locale)).is_file():
                yield locale, path


def _compile(paths: Iterable[Path], locale: str, target: Path) -> None:
    whole = empty(locale)
    for path in paths:
        for message in read(path, locale):
            if message.id:
                whole.add(message.id, message.string, context=message.context)
    target.parent.mkdir(parents=True, exist_ok=True)
    # Several processes start at once; each one reads a whole file.
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        write_mo(file, whole)
    Path(file.name).replace(target)
