"""The user guide: one source per role (portal/guide_pages/*.toml), shown on the portal and written as docs/use/*.md.

A part of a guide speaks of one screen. Words in **bold** stand on that screen, letter by letter; tests/test_guide.py
drives the screens, holds the words to them and takes the pictures.
"""

import functools
import re
import struct
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from agencies.models import Role

_PAGES = Path(__file__).with_name("guide_pages")
PICTURES = Path(__file__).with_name("static") / "portal" / "guide"
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True)
class Part:
    """One thing to do: its steps, and the screen they are about ('' for none; then nothing is in bold)."""

    title: str
    screen: str
    steps: tuple[str, ...]

    @property
    def bold(self) -> list[str]:
        """Words that stand on the screen."""
        return [word for step in self.steps for word in _BOLD.findall(step)]

    @property
    def picture(self) -> str:
        """The picture's static name; '' without a screen."""
        return f"portal/guide/{self.screen}.png" if self.screen else ""

    @property
    def size(self) -> tuple[int, int]:
        """The picture's width and height in pixels, so that the page keeps its place while it loads.

        From the PNG's first chunk (PNG specification, 11.2.2 IHDR).
        """
        return _size(PICTURES / f"{self.screen}.png")

    @property
    def shown_steps(self) -> list[SafeString]:
        """The steps as HTML; everything but the bold marks is escaped."""
        return [mark_safe(_BOLD.sub(r"<b>\1</b>", conditional_escape(step))) for step in self.steps]


@dataclass(frozen=True)
class Guide:
    """The guide of one role."""

    slug: str
    roles: tuple[Role, ...]
    title: str
    intro: str
    parts: tuple[Part, ...]


@functools.cache
def guides() -> tuple[Guide, ...]:
    """Every guide, in the order in which people meet the work."""
    return tuple(_read(_PAGES / f"{slug}.toml") for slug in SLUGS)


SLUGS = ("can-bo-dau-moi", "lanh-dao-don-vi", "thu-ky", "lanh-dao-hoi-dong", "quan-tri")


def _read(path: Path) -> Guide:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    parts = tuple(Part(row["title"], row.get("screen", ""), tuple(row["steps"])) for row in told["part"])
    return Guide(path.stem, tuple(Role(name) for name in told["roles"]), told["title"], told["intro"], parts)


@functools.cache
def _size(path: Path) -> tuple[int, int]:
    with path.open("rb") as picture:
        return struct.unpack(">II", picture.read(24)[16:])


def guide_for(roles) -> Guide | None:
    """The first guide written for any of these roles."""
    held = set(roles)
    return next((guide for guide in guides() if held & {role.value for role in guide.roles}), None)


def as_markdown(guide: Guide) -> str:
    """The guide as docs/use/<slug>.md, with its pictures."""
    lines = [f"# {guide.title}", "", guide.intro, ""]
    for part in guide.parts:
        lines += [f"## {part.title}", ""]
        lines += [f"{number}. {step}" for number, step in enumerate(part.steps, 1)] + [""]
        if part.picture:
            lines += [f"![{part.title}](../../portal/static/{part.picture})", ""]
    return "\n".join(lines)


def index_markdown() -> str:
    """docs/use.md: who reads what."""
    lines = [
        "# Hướng dẫn sử dụng",
        "",
        "Cổng thay cho việc gửi Word, Excel và nhắc nhau qua Zalo. Mỗi người đăng nhập chỉ thấy việc của mình.",
        "Mọi trang dùng được không cần JavaScript, in được (nút Bản in), phóng chữ được (+A, -A). Trên cổng,",
        "hướng dẫn này ở Hướng dẫn sử dụng, cuối mỗi trang và trong danh mục cạnh tên người dùng.",
        "",
    ]
    lines += [f"- [{guide.title}](use/{guide.slug}.md): {guide.intro}" for guide in guides()]
    lines += ["", "Hình do kiểm thử chụp (`make guide`); chữ đậm trong các bước có đúng trên màn hình.", ""]
    return "\n".join(lines)
