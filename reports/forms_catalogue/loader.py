"""The forms that come with the portal: one TOML file each in this folder, checked like an uploaded one."""

import functools
import tomllib
from pathlib import Path

from reports.forms_catalogue.definition import LEVELS, Form
from reports.forms_catalogue.draft import Cell, Draft, build

_FOLDER = Path(__file__).parent


@functools.cache
def catalogue() -> tuple[Form, ...]:
    """Every form that comes with the portal, oldest first. Raises ValueError naming every fault of the data files."""
    forms = [load(path.read_text(encoding="utf-8"), path.name) for path in sorted(_FOLDER.glob("*.toml"))]
    return tuple(sorted(forms, key=lambda form: (form.subject, str(form.effective_from or ""), form.code)))


def load(text: str, name: str) -> Form:
    """The form of one TOML text. Raises ValueError with everything that is wrong, each place named."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}") from error
    form, problems = build(_draft(data, name), dated=False)
    if problems:
        raise ValueError("; ".join(f"{name}: {problem.sentence}" for problem in problems))
    return form


def _draft(data: dict, name: str) -> Draft:
    def cells(kind: str, names: tuple[str, ...]) -> list[dict[str, Cell]]:
        return [
            {key: Cell(_text(entry.get(key, "")), f"{kind}[{at}].{key}") for key in names}
            for at, entry in enumerate(data.get(kind, []))
        ]

    columns = cells("columns", ("code", "unit", "indicators"))
    for at, (cell, entry) in enumerate(zip(columns, data.get("columns", []), strict=True)):
        headers = [*entry.get("headers", []), *[""] * LEVELS][:LEVELS]
        cell |= {f"level{n}": Cell(text, f"columns[{at}].headers") for n, text in enumerate(headers, 1)}
    return Draft(
        head={key: Cell(_text(value), f"form.{key}") for key, value in data.get("form", {}).items()},
        rows=cells("rows", ("code", "label", "holds", "listed")),
        columns=columns,
        rules=cells("rules", ("rule", "severity", "source")),
        where=name,
    )


def _text(value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
