"""The house stays as it was built: imports one way, guardian behind one door, no signals, no dead template."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("agencies", "campaigns", "reports", "portal")  # each may import itself and those before it
PURE = (
    "reports/calendars.py",
    "reports/statistics_calendar.py",
    "reports/school_calendar.py",
    "reports/values.py",
    "reports/charts.py",
    "campaigns/imports/timing.py",
    "campaigns/same_event.py",
    "campaigns/activity_figures.py",
    "reports/rates.py",
    "reports/goals.py",
    "reports/timetable.py",
)


def sources():
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_imports_go_one_way():
    wrong = []
    for path in sources():
        room = path.relative_to(ROOT).parts[0]
        above = ROOMS[ROOMS.index(room) + 1 :]
        wrong += [(relative(path), name) for name in imported(path) if name.split(".")[0] in above]
    assert wrong == []


def test_guardian_has_one_door():
    users = {relative(path) for path in sources() for name in imported(path) if name.split(".")[0] == "guardian"}
    assert users == {"agencies/permissions.py", "agencies/models/who.py"}


def test_the_clock_is_read_in_one_place():
    read = re.compile(r"timezone\.now\(|date\.today\(|datetime\.now\(|localdate\(\)")
    assert [relative(path) for path in sources() if read.search(path.read_text())] == ["agencies/clock.py"]


@pytest.mark.parametrize("name", PURE)
def test_arithmetic_knows_no_database(name):
    assert not {module for module in imported(ROOT / name) if module.split(".")[0] in ("django", "guardian")}


def test_no_model_signals_and_no_work_in_save():
    wrong = []
    for path in sources():
        text = path.read_text()
        if re.search(r"@receiver|post_save|pre_save\.connect|post_delete|m2m_changed", text):
            wrong.append(relative(path))
        if re.search(r"^    def (save|delete)\(self", text, re.MULTILINE) and "models" in path.parts:
            wrong.append(relative(path))
    assert wrong == []


def test_file_sizes():
    long = [
        (relative(path), lines)
        for path in [*sources(), *sorted((ROOT / "tests").rglob("*.py"))]
        if (lines := len(path.read_text().splitlines())) > (600 if "tests" in path.parts else 400)
    ]
    assert long == []


def test_no_drawer_rooms():
    drawers = {"utils", "common", "core", "helpers", "misc"}
    assert [relative(path) for path in sources() if drawers & {path.stem, *path.relative_to(ROOT).parts}] == []


def templates():
    return [path for room in ROOMS for path in sorted((ROOT / room / "templates").rglob("*.html"))]


def test_templates_name_no_permission():
    wrong = re.compile(r"perms\.|has_perm|is_staff|is_superuser|user\.groups|can_")
    asked = [relative(path) for path in templates() if wrong.search(re.sub(r"can_(edit|issue)", "", path.read_text()))]
    assert asked == []


def test_templates_carry_no_inline_style_or_script():
    wrong = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:|https?://(?!www\.w3\.org)")
    assert [relative(path) for path in templates() if wrong.search(path.read_text())] == []


def test_every_template_is_used():
    texts = [path.read_text() for path in [*sources(), *templates()]]
    # Django finds these by their names alone.
    known = {"500.html", "admin/index.html", "admin/base_site.html", "admin/color_theme_toggle.html"}
    unused = []
    for path in templates():
        name = str(path).split("/templates/", 1)[1]
        if name not in known and not any(f'"{name}"' in text or f"'{name}'" in text for text in texts):
            unused.append(name)
    assert unused == []


def test_public_functions_say_what_they_mean():
    silent = []
    for path in sources():
        if path.name == "__init__.py" and not path.read_text().strip():
            continue
        tree = ast.parse(path.read_text())
        if not ast.get_docstring(tree) and path.name != "__init__.py":
            silent.append(relative(path))
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                silent.append(f"{relative(path)}:{node.name}")
    # Django fixes the meaning of these names.
    named_by_django = (":Command", "Config", "QuerySet")
    assert [name for name in silent if not name.endswith(named_by_django)] == []


@pytest.mark.django_db
def test_migrations_are_in_step():
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_repository_speaks_of_the_product_alone():
    wrong = re.compile(r"/work/|/root/|localhost:\d{4}/simple|pypi\.org|files\.pythonhosted")
    texts = [*sources(), *templates(), *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "Makefile"]
    assert [relative(path) for path in texts if wrong.search(path.read_text())] == []
