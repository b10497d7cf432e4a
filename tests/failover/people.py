"""People at work: each a thread with a browser of its own that goes to either web node in turn, as behind nginx."""

import http.client
import itertools
import json
import re
import threading
import time
import urllib.parse
from dataclasses import dataclass

JSON = "application/json"
_VERSION = re.compile(r'name="version" value="(\d+)"')
_CSRF, _SESSION = "csrftoken", "sessionid"


@dataclass(frozen=True)
class Asked:
    """One request: when it was sent, how long it took, and what came of it; ``status`` 0 when nothing did."""

    at: float
    seconds: float
    status: int
    who: str
    request: str  # its name in the log
    well: bool  # a page, or the refusal that it should be: 503 with Retry-After and what was typed
    why: str = ""  # the error behind a 503


class Ledger:
    """What everybody saw, and what was promised to them."""

    def __init__(self):
        self.asked: list[Asked] = []
        self.saved: list[tuple[float, float, int, str]] = []  # sent, acknowledged, the line, its words
        self.said: list[tuple[float, str]] = []  # remarks that call somebody: a job each
        self.signed_out: list[str] = []
        self.wrong: list[str] = []


class Browser:
    """Keeps cookies; every request goes to the next node."""

    def __init__(self, ports: list[int], name: str, ledger: Ledger):
        self.name, self.ledger, self.cookies = name, ledger, {}
        self._ports = itertools.cycle(ports)

    def ask(self, method: str, path: str, fields: dict | None = None, accept: str = "text/html"):
        """(status, text); (0, '') when no answer came."""
        headers = {"Accept": accept, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            headers["X-CSRFToken"] = self.cookies.get(_CSRF, "")
            body = urllib.parse.urlencode({"csrfmiddlewaretoken": self.cookies.get(_CSRF, "")} | fields)
        started, status, text, well, name = time.monotonic(), 0, "", False, ""
        line = http.client.HTTPConnection("127.0.0.1", next(self._ports), timeout=90)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            status, text = answer.status, answer.read().decode("utf-8", "replace")
            name = answer.getheader("X-Request-ID", "")
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                key, _equals, value = cookie.split(";")[0].partition("=")
                self.cookies[key] = value
            well = status < 500 or self._refused_well(answer, text, fields, accept)
            if status == 302 and answer.getheader("Location", "").startswith("/dang-nhap/"):
                self.ledger.signed_out.append(f"{self.name} {path}")
        except (OSError, http.client.HTTPException) as error:
            text = repr(error)
        finally:
            line.close()
        if not well:
            self.ledger.wrong.append(f"{self.name} {method} {path}: {status} {text[:120]}")
        self.ledger.asked.append(Asked(started, time.monotonic() - started, status, self.name, name, well))
        return status, text

    @staticmethod
    def _refused_well(answer, text: str, fields, accept: str) -> bool:
        """503 that says when to come back, in words for people, with all they typed in it."""
        if answer.status != 503 or not answer.getheader("Retry-After"):
            return False
        typed = (fields or {}).get("noi-dung", "")
        return accept == JSON or ("Cổng tạm chưa truy cập được dữ liệu" in text and typed in text)

    def sign_in(self, password: str) -> None:
        """Through the sign-in page, as everybody."""
        self.ask("GET", "/dang-nhap/")
        status, _text = self.ask("POST", "/dang-nhap/", {"username": self.name, "password": password})
        if status != 302 or _SESSION not in self.cookies:
            raise RuntimeError(f"{self.name} cannot sign in: {status}")


class Person(threading.Thread):
    """Works until told to stop; ``work`` does one round."""

    def __init__(self, browser: Browser, stop: threading.Event, pause: float):
        super().__init__(daemon=True)
        self.browser, self.pause, self._ended = browser, pause, stop

    def run(self):
        rounds = itertools.count(1)
        while not self._ended.is_set():
            try:
                self.work(next(rounds))
            except Exception as error:  # a fault of the run itself, told with the figures
                self.browser.ledger.wrong.append(f"{self.browser.name}: {error!r}")
                return
            self._ended.wait(self.pause)

    def again(self, method: str, path: str, fields: dict | None = None, accept: str = "text/html"):
        """As a browser does: what could not be sent is kept and sent again a little later, until it is answered."""
        wait = 1.0
        while True:
            status, text = self.browser.ask(method, path, fields, accept)
            if 0 < status < 500 or self._ended.is_set():
                return status, text
            self._ended.wait(wait)
            wait = min(wait * 2, 8.0)


class Officer(Person):
    """Reads the desk, opens a line, types; the line saves by itself."""

    def __init__(self, browser, stop, pause, *, line: int, path: str):
        super().__init__(browser, stop, pause)
        self.line, self.path, self.version = line, path, None

    def work(self, number: int) -> None:
        """One look at the desk, one save."""
        self.again("GET", "/viec-cua-toi/")
        if self.version is None:
            _status, page = self.again("GET", self.path)
            self.version = int(_VERSION.search(page).group(1))
        words = f"{self.browser.name} dòng {self.line} lần {number}: đã tổ chức {number} cuộc tuyên truyền."
        typed = {"version": self.version, "status": "in_progress", "percent": "40", "result": words, "difficulty": "",
                 "proposal": ""}  # fmt: skip
        sent = time.monotonic()
        status, text = self.again("POST", self.path + "tu-luu/", typed, JSON)
        answer = json.loads(text) if status == 200 else {}
        if answer.get("state") == "saved":
            self.version = answer["version"]
            self.browser.ledger.saved.append((sent, time.monotonic(), self.line, words))
        elif status:
            self.browser.ledger.wrong.append(f"{self.browser.name}: {status} {text[:300]}")
            self.version = None


class Leader(Person):
    """Reads the leaders' page and searches: from the standby, when it may."""

    def work(self, number: int) -> None:
        """One page."""
        self.again(
            "GET", ("/tong-quan/2024-q2/", "/tim-kiem/?q=tuyen+truyen", "/tong-quan/2024-q2/?xem=co-quan")[number % 3]
        )


class Secretary(Person):
    """Writes remarks that call somebody: a notice, a job and an e-mail each. Not by htmx: a form and a page."""

    def __init__(self, browser, stop, pause, *, path: str, calls: str):
        super().__init__(browser, stop, pause)
        self.path, self.calls = path, calls

    def work(self, number: int) -> None:
        """One remark."""
        mark = f"[{self.browser.name}-{number:04}]"
        status, text = self.again("POST", self.path, {"noi-dung": f"{mark} nhờ {self.calls} xem lại"})
        if status == 302:
            self.browser.ledger.said.append((time.monotonic(), mark))
        elif status:
            self.browser.ledger.wrong.append(f"{self.browser.name}: {status} {text[:300]}")
