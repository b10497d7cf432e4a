"""Pictures of every page of the demo for every role, to be looked at: `make screens`, or `python -m tests.screens`.

Starts the demo's own server, follows the links of each role and takes the first page of every address: at 1280 and
360 px as PNG, and as it prints as PDF. An index.html in the folder leads to all of them. Nothing is written to the site.
"""

import argparse
import html
import os
import tempfile
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit

import django

from tests.demo_server import served

WIDTHS = (1280, 360)
LOGINS = {
    "officer": "congan", "approver": "congan.duyet", "secretary": "thuky", "leader": "lanhdao", "administrator": "quantri",
}  # fmt: skip
ALWAYS = ("/", "/thiet-ke/", "/tim-kiem/?q=hoa+giai", "/khong-co-trang-nay/")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="folder outside the repository; a new temporary one by default")
    parser.add_argument("--base", help="address of a demo that runs already, instead of starting one")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    out = given.out or Path(tempfile.mkdtemp(prefix="screens-"))
    out.mkdir(parents=True, exist_ok=True)
    if given.base:
        taken = take(given.base, out)
    else:
        with served(PORTAL_DESIGN="1") as base:
            taken = take(base, out)
    _index(out, taken)
    print(f"{len(taken)} pages, {sum(over > 0 for *_rest, over in taken)} wider than the window: {out / 'index.html'}")


def take(base: str, out: Path) -> list[tuple[str, str, str, int]]:
    """(role, name, address, pixels too wide) of every page taken."""
    from playwright.sync_api import sync_playwright

    from portal.demo.logins import DEMO_PASSWORD
    from tests.browser import launch, sign_in

    taken = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for role, login in {"nobody": None, **LOGINS}.items():
            context = browser.new_context(base_url=base, locale="vi-VN", viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.goto("/dang-nhap/")
            if login:
                sign_in(page, login, DEMO_PASSWORD)
                page.locator(".person").wait_for()
            taken += _walk(page, role, out)
            context.close()
        browser.close()
    return taken


def _walk(page, role: str, out: Path) -> list[tuple[str, str, str, int]]:
    """Follow the links from the front page; of pages with the same name only the first is taken."""
    waiting, seen, taken = deque(ALWAYS), set(), []
    while waiting:
        address = waiting.popleft()
        name = _name(address)
        if name in seen:
            continue
        seen.add(name)
        answer = page.request.get(address)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page.goto(address)
        # Where a redirect leads has a name of its own.
        name = _name(urlsplit(page.url)._replace(scheme="", netloc="").geturl()) if answer.ok else name
        if name in {row[1] for row in taken}:
            continue
        seen.add(name)
        stem = f"{role}-{name}".replace(":", "-").replace(" ", "-")
        over = 0
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            over = max(
                over, page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            )
            page.screenshot(path=out / f"{stem}-{width}.png", full_page=True, animations="disabled")
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.pdf(path=out / f"{stem}.pdf", format="A4", prefer_css_page_size=True, print_background=False)
        taken.append((role, name, page.url, over))
        waiting.extend(page.eval_on_selector_all(
            "a[href]:not([download])", "links => links.filter(a => a.origin === location.origin)"
            ".map(a => a.pathname + a.search)"
        ))  # fmt: skip
    return taken


def _name(address: str) -> str:
    """The name of the address in the URLconf; the address itself where it has none."""
    from django.urls import Resolver404, resolve

    path = urlsplit(address)
    try:
        found = resolve(path.path).view_name
    except Resolver404:
        return "error"
    return found


def _index(out: Path, taken: list[tuple[str, str, str, int]]) -> None:
    rows = []
    for role, name, url, over in taken:
        stem = f"{role}-{name}".replace(":", "-").replace(" ", "-")
        links = " ".join(f'<a href="{stem}-{width}.png">{width}</a>' for width in WIDTHS)
        wide = f" <b>+{over} px</b>" if over > 0 else ""
        rows.append(
            f"<tr><td>{role}</td><td>{html.escape(name)}{wide}<br><small>{html.escape(url)}</small></td><td>{links} "
            f'<a href="{stem}.pdf">print</a></td><td><a href="{stem}-1280.png"><img src="{stem}-1280.png" width="320" '
            f'loading="lazy" alt=""></a> <a href="{stem}-360.png"><img src="{stem}-360.png" width="90" loading="lazy" '
            f'alt=""></a></td></tr>'
        )
    head = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Screens</title><body>'
    (out / "index.html").write_text(f"{head}<table>{''.join(rows)}</table></body></html>\n", encoding="utf-8")


if __name__ == "__main__":
    main()
