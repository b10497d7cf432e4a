"""The list of pieces of pieces.toml: what /thiet-ke/ draws."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("pieces.toml")


@dataclass(frozen=True)
class Piece:
    """One piece: its name, what it is for, and (which state, how a template writes it) for each of its states."""

    key: str
    title: str
    use: str
    shown: tuple[tuple[str, str], ...]


@cache
def pieces() -> tuple[Piece, ...]:
    """All pieces in the order of the page. Raises KeyError or tomllib.TOMLDecodeError for a list badly written."""
    rows = tomllib.loads(LIST.read_text(encoding="utf-8"))["piece"]
    return tuple(
        Piece(row["key"], row["title"], row["use"], tuple((shown["state"], shown["html"]) for shown in row["shown"]))
        for row in rows
    )
