"""Counting what a person does: clicks and keystrokes beside the typing. The figures stand in the README's table."""

import re
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


class Effort:
    """A person's hands on one page. Typing into a box is not counted; getting to the box and pressing keys is."""

    def __init__(self, page, what: str):
        self.page, self.what = page, what
        self.clicks, self.keys = 0, 0

    def click(self, target) -> None:
        """One click (or tap, or tick of a box) on a locator."""
        target.click()
        self.clicks += 1

    def key(self, name: str) -> None:
        """One keystroke that is not typing: Tab, Enter, a shortcut."""
        self.page.keyboard.press(name)
        self.keys += 1

    def type(self, text: str) -> None:
        """Typing where the cursor stands: not counted."""
        self.page.keyboard.type(text)

    def done(self, most: int) -> None:
        """Print the figure; at most ``most`` clicks were needed, and the README's row says the same number."""
        print(f"\nEFFORT {self.what}: {self.clicks} clicks, {self.keys} keystrokes (at most {most} clicks)")
        assert self.clicks <= most
        row = re.search(rf"^\| {re.escape(self.what)} \| (\d+) \| (\d+) \| ≤ {most} \|", README.read_text(), re.M)
        assert row, f"README has no row '| {self.what} | {self.clicks} | {self.keys} | ≤ {most} |'"
        assert (int(row[1]), int(row[2])) == (self.clicks, self.keys), row[0]
