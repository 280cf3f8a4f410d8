"""The shape of the house where no import shows it: relations, sizes, names, and where tests stand."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

HOUSE = [
    "network",
    "contacts",
    "events",
    "legal",
    "cms",
    "config",
]  # from the ground up; events and legal are neighbours
FLOORS = {name: name.replace("legal", "events") for name in HOUSE}
ROOT = Path(settings.BASE_DIR)
PYTHON = sorted(
    path
    for folder in (*HOUSE, "tests", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
NAMELESS = {"utils", "helpers", "common", "core", "services", "base", "misc", "signals"}


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_no_relation_points_upwards():
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in HOUSE]
    upwards = [
        f"{field} -> {field.related_model._meta.label}"
        for model in ours
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if field.related_model and field.related_model._meta.app_label in HOUSE
        if not may_point(model._meta.app_label, field.related_model._meta.app_label)
    ]

    assert upwards == []


def may_point(app: str, other: str) -> bool:
    neighbours = app != other and FLOORS[app] == FLOORS[other]
    return not neighbours and HOUSE.index(FLOORS[other]) <= HOUSE.index(FLOORS[app])


def test_there_are_relations_between_the_floors_to_be_checked():
    crossing = {
        (model._meta.app_label, field.related_model._meta.app_label)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.related_model
    }

    assert {("contacts", "network"), ("events", "contacts"), ("cms", "events")} <= crossing


def test_no_file_is_longer_than_500_lines():
    long = {shown(path): lines for path in PYTHON if (lines := len(path.read_text("utf-8").splitlines())) > 500}

    assert long == {}


def test_no_function_is_longer_than_50_lines():
    long = {
        f"{shown(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in PYTHON
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= 50
    }

    assert [name for name in long if not name.startswith("tests/journeys/")] == []


def test_every_thing_has_a_name():
    nameless = [
        shown(path)
        for path in PYTHON
        if NAMELESS & {path.stem, *path.relative_to(ROOT).parent.parts} and "tests" not in path.parts
    ]

    assert nameless == []


def test_every_folder_of_tests_mirrors_an_app():
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("_")}

    assert folders - {"journeys", "browser"} == {app for app in HOUSE if (ROOT / app).is_dir()}


def test_no_file_of_tests_stands_beside_the_folders():
    assert sorted(path.name for path in (ROOT / "tests").glob("test_*.py")) == []


@pytest.mark.parametrize("app", [app for app in HOUSE if (ROOT / app).is_dir()])
def test_every_app_says_what_it_is_for_in_its_models(app):
    files = [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts and path.stem != "__init__"]
    silent = [shown(path) for path in files if "models" in path.parts and not ast.get_docstring(parsed(path))]

    assert silent == []


def test_papers_name_no_model_and_no_database():
    rooms = {"ical", "sheets", "watchlists", "programme_formats", "incoming"}
    papers = [path for path in PYTHON if rooms & {path.stem, *path.relative_to(ROOT).parts}]
    forbidden = re.compile(r"^\s*(?:from|import) (?:django\.db|\w+\.models)", re.MULTILINE)
    knowing = [shown(path) for path in papers if "tests" not in path.parts and imports_at_run_time(path, forbidden)]

    assert (len(papers) > 10, knowing) == (True, [])


def imports_at_run_time(path: Path, forbidden: re.Pattern) -> bool:
    text = re.sub(r"^if TYPE_CHECKING:\n(?: .*\n)+", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return bool(forbidden.search(text))
