"""The rules of the house that no other tool checks; each failure names file and line."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps

from sending import lifecycle
from smsconsole.tests.sources import (
    APPS,
    ROOT,
    html_templates,
    lines_matching,
    modules,
    named,
    source,
    tree,
)

PAGES = ("overview", "groups", "send_tasks", "reports", "developers", "api")
LONGEST_MODULE = 400
# Django asks for these names.
CLASSES_OF_DJANGO = {"Command", "Meta"}


def this_file() -> Path:
    return Path(__file__)


# --- Modules --------------------------------------------------------------------------------------


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {named(path): len(source(path).splitlines()) for path in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "services", "helpers", "common", "misc"}
    assert [named(path) for path in modules() if path.stem in drawers] == []


def test_every_module_says_in_one_line_what_lives_there() -> None:
    silent = [
        named(path)
        for path in modules()
        if source(path).strip() and not (ast.get_docstring(tree(path)) or "").strip()
    ]
    assert silent == []


def classes_named_twice(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Return each class name that several classes have, nested ones included, with its places."""
    places: dict[str, list[str]] = {}
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and node.name not in CLASSES_OF_DJANGO:
                places.setdefault(node.name, []).append(f"{path.as_posix()}:{node.lineno}")
    return {name: found for name, found in places.items() if len(found) > 1}


def test_no_class_name_is_used_twice() -> None:
    assert classes_named_twice(modules(tests=False)) == {}


def test_the_rule_for_class_names_catches_what_it_should(tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("class Model:\n    class Meta: ...\n\n    class Kind: ...\n")
    two.write_text("class Kind: ...\n\n\nclass Other:\n    class Meta: ...\n")
    assert classes_named_twice([one, two]) == {
        "Kind": [f"{one.as_posix()}:4", f"{two.as_posix()}:1"]
    }


def test_nothing_is_left_for_later() -> None:
    marks = "TO" + "DO|FIX" + "ME|X" + "XX"
    assert lines_matching(rf"\b({marks})\b", list(modules()) + html_templates()) == []


def test_tests_do_not_sleep() -> None:
    sleepers = [path for path in modules() if "tests" in path.parts and path != this_file()]
    assert lines_matching(r"\btime\.sleep\(|\bfrom time import .*\bsleep\b", sleepers) == []


def test_every_tests_folder_is_a_package() -> None:
    folders = {path.parent for path in modules() if path.name.startswith("test_")}
    assert sorted(named(f) for f in folders if not (f / "__init__.py").exists()) == []


# --- States and tenancy ---------------------------------------------------------------------------


def assigned_states(path: Path) -> Iterator[int]:
    """Yield the lines that set an attribute called `state`, on whatever object."""
    for node in ast.walk(tree(path)):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "state":
                yield target.lineno


def test_a_state_changes_only_by_stepping() -> None:
    allowed = {"sending/models/stepping.py"}
    found = [
        f"{named(path)}:{line}"
        for path in modules(tests=False)
        if named(path) not in allowed
        for line in assigned_states(path)
    ]
    assert found == []


def scoped_models() -> set[str]:
    """Return the names of all models whose rows belong to an organization."""
    return {
        model.__name__
        for model in apps.get_models()
        if model.__module__.split(".")[0] in APPS
        and any(field.attname == "organization_id" for field in model._meta.concrete_fields)
    }


def explained(path: Path, line: int) -> bool:
    """Tell whether a comment above (at most three lines) says why every organization is asked."""
    above = source(path).splitlines()[max(0, line - 4) : line]
    return any(re.search(r"# Any organization: \w+", text) for text in above)


def unscoped_queries(path: Path, models: set[str]) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of each query of a scoped model that neither begins nor explains so."""
    for line, text in queries_without_organization(path, models):
        if not explained(path, line):
            yield line, text


def queries_without_organization(path: Path, models: set[str]) -> Iterator[tuple[int, str]]:
    beginnings = {"for_organization", "none"} | {
        "create",
        "bulk_create",
        "get_or_create",
        "update_or_create",
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
            manager = node.value
            if (
                manager.attr in {"objects", "_default_manager"}
                and isinstance(manager.value, ast.Name)
                and manager.value.id in models
                and node.attr not in beginnings
            ):
                yield node.lineno, f"{manager.value.id}.objects.{node.attr}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            first = node.args[0]
            shortcut = node.func.id in {"get_object_or_404", "get_list_or_404"}
            if shortcut and isinstance(first, ast.Name) and first.id in models:
                yield node.lineno, f"{node.func.id}({first.id}, …)"


def page_modules() -> list[Path]:
    """Return what answers people of an organization (operators and reviewers see all)."""
    words = {"views", "forms", "actions", "queries"}
    rooms = [ROOT / "sending" / page for page in PAGES]
    rooms += [ROOT / app / word for app in APPS for word in words]
    files = [ROOT / app / f"{word}.py" for app in APPS for word in words]
    return [path for path in files if path.exists()] + [
        path for room in rooms for path in sorted(room.rglob("*.py"))
    ]


def test_pages_ask_for_an_organizations_rows_only() -> None:
    models = scoped_models()
    assert {"Message", "SendTask"} <= models
    found = [
        f"{named(path)}:{line}: {text}"
        for path in page_modules()
        for line, text in unscoped_queries(path, models)
    ]
    assert found == []


def test_the_tenancy_rule_catches_what_it_should(tmp_path: Path) -> None:
    page = tmp_path / "views.py"
    page.write_text(
        "Message.objects.for_organization(o).get(pk=1)\n"
        "Message.objects.filter(pk=1)\n"
        "get_object_or_404(Message, pk=1)\n"
        "get_object_or_404(Message.objects.for_organization(o), pk=1)\n"
        "Country.objects.all()\n"
        "\n"
        "# Any organization: the token of the link names the row.\n"
        "Message.objects.get(token=token)\n"
    )
    assert sorted(line for line, _ in unscoped_queries(page, {"Message"})) == [2, 3]


# --- Time -----------------------------------------------------------------------------------------

# What never leaves this machine: the log and files have the machine's time, the simulator is
# somebody else, and the demo is made on one machine.
OWN_CLOCK = (
    "accounts/shared_time.py",
    "accounts/models/moment.py",
    "accounts/security_log.py",
    "sending/delivery/sender/kept_journals.py",
    "sending/smpp/simulator/",
    "sending/management/demo/",
)
MACHINE_CLOCK = (
    r"\btimezone\.now\b|\bdatetime\.(now|utcnow|today)\b|\bdate\.today\b|\btime\.time(_ns)?\b"
    r"|models\.DateTimeField\(.*auto_now"
)


def test_what_hosts_share_is_decided_by_the_clock_that_they_share() -> None:
    paths = [
        path
        for path in modules(tests=False)
        if path.relative_to(ROOT).parts[0] in {"accounts", "sending", "templates_app"}
        and not named(path).startswith(OWN_CLOCK)
    ]
    assert lines_matching(MACHINE_CLOCK, paths) == []


def test_the_rule_for_clocks_catches_what_it_should() -> None:
    for line in (
        "now = timezone.now()",
        "field(default_factory=timezone.now)",
        "at = datetime.now(UTC)",
        "seconds = time.time()",
        "at = models.DateTimeField(auto_now_add=True)",
    ):
        assert re.search(MACHINE_CLOCK, line), line
    for line in ("now = shared_time.now()", "time.monotonic()", "MomentField(auto_now_add=True)"):
        assert not re.search(MACHINE_CLOCK, line), line


# --- Celery and places ----------------------------------------------------------------------------


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, module) of every import."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def test_only_tasks_modules_and_the_project_speak_celery() -> None:
    found = [
        f"{named(path)}:{line}: {module}"
        for path in modules(tests=False)
        # A benchmark measures Celery too, as the yardstick.
        if path.name != "tasks.py"
        and path.relative_to(ROOT).parts[0] not in {"smsconsole", "benchmarks"}
        for line, module in imports(path)
        if module.split(".")[0] in {"celery", "kombu", "billiard"}
    ]
    assert found == []


def test_nothing_names_a_place_outside_the_project() -> None:
    written = [
        path
        for pattern in ("*.md", "*.toml", "*.yml", "*.in", "*.txt", "console", "docs/**/*.md")
        for path in sorted(ROOT.glob(pattern))
    ]
    paths = [path for path in modules() if path != this_file()] + html_templates() + written
    assert lines_matching(r"(?<![\w.])(/(?:work|home|farm)/|\.\./shared|~/)", paths) == []


# --- Words written beside the code ----------------------------------------------------------------


def arrows(text: str, states: set[str]) -> set[tuple[str, str]]:
    """Return the `A --> B` lines of the mermaid diagrams between the given states."""
    pairs = re.findall(r"^\s*(\w+)\s*-->\s*(\w+)", text, flags=re.MULTILINE)
    return {(start, end) for start, end in pairs if {start, end} <= states}


def diagrams() -> list[str]:
    text = source(ROOT / "docs" / "architecture.md")
    return re.findall(r"```mermaid\n(stateDiagram.*?)```", text, flags=re.DOTALL)


@pytest.mark.parametrize("steps", [lifecycle.TASK_STEPS, lifecycle.MESSAGE_STEPS])
def test_the_architecture_draws_every_legal_step(steps: dict) -> None:
    states = {state.value for state in steps}
    legal = {(start.value, end.value) for start, ends in steps.items() for end in ends}
    drawn = [arrows(diagram, states) for diagram in diagrams()]
    assert legal in drawn


def test_the_deployment_page_lists_every_variable() -> None:
    read = set()
    for name in ("settings.py", "environment.py"):
        code = source(ROOT / "smsconsole" / name)
        read |= set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", code))
    # The client library of PostgreSQL reads it by itself.
    read.add("PGPASSWORD")
    names = re.findall(r"(?m)^\| (`[A-Z].*?) \|", source(ROOT / "docs" / "deploy.md"))
    assert read == set(re.findall(r"`([A-Z_]+)`", " ".join(names)))


def test_the_changelog_has_a_place_for_what_is_new() -> None:
    assert re.search(r"^## \[?(Unreleased|\d+\.\d+)", source(ROOT / "CHANGELOG.md"), re.MULTILINE)
