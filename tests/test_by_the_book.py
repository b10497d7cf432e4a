"""What docs/by-the-book says is done exists: every file, function and test that its tables name, and every rule."""

import ast
import importlib
import inspect
import re
from functools import cache
from pathlib import Path

import pgtrigger
import pytest
from django.apps import apps

from reports.forms_catalogue.loader import catalogue
from reports.rules import RULES
from reports.rules.register import ERROR, REGISTER, WARNING

ROOT = Path(__file__).resolve().parent.parent
BOOKS = sorted((ROOT / "docs" / "by-the-book").glob("*.md"))
_WHERE = re.compile(r"`([\w./-]+\.(?:py|html|css|js|json|md|toml))(?::([\w.]+))?`")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ABSENT = "không có"


def rows_of(path: Path) -> list[list[str]]:
    """The rows of every table whose heading names what, where and test; other tables are only words."""
    rows, reading = [], False
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            reading = False
        elif [cell.casefold() for cell in cells[:3]] == ["what", "where", "test"]:
            reading = True
        elif reading and not set(line) <= set("|-: "):
            rows.append(cells)
    return rows


def all_rows():
    return [pytest.param(book, row, id=f"{book.name}: {row[0][:50]}") for book in BOOKS for row in rows_of(book)]


@cache
def names_in(path: str) -> frozenset[str]:
    """What a Python file defines: functions, classes, 'Class.method', top-level names, and names given as strings."""
    tree, found = ast.parse((ROOT / path).read_text(encoding="utf-8")), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{child.name}" for child in node.body if isinstance(child, ast.FunctionDef)}
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(node.value)  # the name of a constraint or a trigger
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(found)


def test_the_books_have_tables():
    assert [book.name for book in BOOKS if not rows_of(book)] == []


@pytest.mark.parametrize(("book", "row"), all_rows())
def test_what_a_row_names_exists(book, row):
    text = " | ".join(row)
    where = _WHERE.findall(row[1]) if len(row) > 1 else []
    tests = _TEST.findall(row[2]) if len(row) > 2 else []
    if ABSENT in text.casefold():
        reason = re.split(ABSENT, text, maxsplit=1, flags=re.IGNORECASE)[1]
        assert len(re.sub(r"[\W_]", "", reason)) >= 15, "why is it not there?"
    else:
        assert where and tests, "a row names where it is done and which test shows it"
    missing = [path for path, _name in [*where, *tests] if not (ROOT / path).is_file()]
    assert missing == []
    wrong = [f"{path}:{name}" for path, name in where if name and path.endswith(".py") and name not in names_in(path)]
    wrong += [f"{path}::{name}" for path, name in tests if name not in names_in(path)]
    assert wrong == []


# --- the rules --------------------------------------------------------------------------------------------------------


def resolve(place: str) -> Path:
    """The file of a function, or of the model that carries a constraint or trigger. Raises when it does not exist."""
    target, _colon, name = place.partition(":")
    module, _dot, attribute = target.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError:
        module, _dot, owner = module.rpartition(".")
        found = getattr(getattr(importlib.import_module(module), owner), attribute)
    if name:
        constraints = {row.name for row in found._meta.constraints}
        triggers = {trigger.name for model, trigger in pgtrigger.registered() if model is found}
        assert name in constraints | triggers, place
    return Path(inspect.getsourcefile(found)).relative_to(ROOT)


def as_written(place: str) -> str:
    """'campaigns.forms.TaskForm.clean' as the table writes it: 'campaigns/forms.py:TaskForm.clean'."""
    path, name = resolve(place), place.partition(":")[2]
    if not name:
        module = ".".join(path.with_suffix("").parts)
        name = place.removeprefix(f"{module}.")
    return f"`{path}:{name}`"


def test_all_thirty_rules_and_the_portals_own_are_listed_once():
    assert [rule.id for rule in REGISTER] == [f"V{number:02d}" for number in range(1, 31)] + ["C01", "C02"]
    for rule in REGISTER:
        assert rule.severities and set(rule.severities) <= {ERROR, WARNING}
        assert all((rule.title, rule.source, rule.looks_at, rule.when, rule.where)), rule.id


def test_register_table_and_code_agree():
    table: dict[str, list[str]] = {}
    for row in rows_of(ROOT / "docs" / "by-the-book" / "rules.md"):
        table.setdefault(row[0].split()[0], []).append(row[1])
    assert list(table) == [rule.id for rule in REGISTER]
    missing = [
        (rule.id, as_written(place))
        for rule in REGISTER
        for place in rule.where
        if as_written(place) not in " ".join(table[rule.id])
    ]
    assert missing == []
    listed = {place for rule in REGISTER for place in rule.where}
    assert [function.__name__ for function in RULES if f"{function.__module__}.{function.__name__}" not in listed] == []


def test_every_rule_named_in_the_code_is_in_the_register():
    known, unknown = {rule.id for rule in REGISTER}, []
    for app in apps.get_app_configs():
        if ROOT in Path(app.path).parents and ".venv" not in app.path:
            for path in Path(app.path).rglob("*.py"):
                named = set(re.findall(r"\b(V\d\d|C0\d)\b", path.read_text(encoding="utf-8")))
                unknown += [(path.name, name) for name in sorted(named - known)]
    assert unknown == []


def test_every_column_of_every_form_stands_in_the_table():
    table = "\n".join(row[0] for row in rows_of(ROOT / "docs" / "by-the-book" / "forms.md"))
    missing = [
        f"{form.code} ({column.code})"
        for form in catalogue()
        for column in form.columns
        if not re.search(rf"^{re.escape(form.code)} \({re.escape(column.code)}\) ", table, re.M)
    ]
    assert missing == []
