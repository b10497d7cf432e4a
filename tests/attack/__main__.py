"""`make attack`: wapiti as an officer and as anonymous, sqlmap on what is searched and filtered, and their findings.

Ends with 1 when a finding stands, or when the officer was signed out on the way. What is known and answered for is named
in ANSWERED, with the reason. The anonymous walk comes last: it guesses passwords, and its address is slowed down for it.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import django

from tests.attack.session import session_of, stands
from tests.demo_server import served

TOOLS = Path(os.environ.get("ATTACK_BIN", ".venv-attack/bin"))
OFFICER, SECRETARY = "congan", "thuky"
MINUTES = int(os.environ.get("ATTACK_MINUTES", "10"))  # for each walk of wapiti
# Without those that need a listener of wapiti's makers outside (ssrf, log4shell): nothing leaves this machine.
MODULES = (
    "cookieflags,crlf,csp,csrf,exec,file,http_headers,htaccess,methods,permanentxss,redirect,shellshock,"
    "spring4shell,sql,ssl,timesql,upload,xss,xxe,backup,ldap"
)
# Parameters that reach the database, as a person's browser sends them.
SEARCHED = (
    "/tim-kiem/?q=tuyen",
    "/nhiem-vu/?q=tuyen&co-quan=1&tinh-trang=done",
    "/hoat-dong/?q=tuyen&tu=01%2F01%2F2024&den=30%2F06%2F2024&hinh-thuc=direct",
    "/ke-hoach/?q=phoi",
    "/co-quan/?q=so",
    "/nhat-ky/?q=bao&trang=1",
)
# Where an officer would sign themself out, change the password or lock the account; anonymous walks there.
KEPT_OUT = ("dang-xuat", "phien-lam-viec", "doi-mat-khau", "bao-mat")
# wapiti's category → the word that the finding has in it ('' whatever it says), and why it does not stand here.
ANSWERED = {
    "HTTP Strict Transport Security (HSTS)": (
        "", "the demo on loopback speaks HTTP; production sends it (check --deploy)",
    ),
    "Secure Flag cookie": (
        "", "the demo on loopback speaks HTTP; production marks its cookies Secure (check --deploy)",
    ),
    "Unencrypted Channels": ("", "the demo on loopback speaks HTTP; production redirects to HTTPS"),
    "TLS/SSL misconfigurations": ("", "the demo on loopback has no TLS"),
    "HttpOnly Flag cookie": (
        "csrftoken", "no session: pages read it to go on with a form after signing in again in another window",
    ),
    "LDAP Injection": ("", "the portal asks no LDAP directory: an unknown filter's list differs from the whole one"),
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing a tool reports: who found it, of which kind, where."""

    by: str
    kind: str
    where: str

    @property
    def answer(self) -> str:
        """Why it does not stand; '' when it does."""
        word, why = ANSWERED.get(self.kind, ("", ""))
        return why if word in self.where else ""


def wapiti(base: str, folder: Path, who: str, cookies: str = "") -> list[Finding]:
    """Let wapiti walk and attack for MINUTES as this person."""
    report = folder / f"wapiti-{who}.json"
    command = [TOOLS / "wapiti", "-u", f"{base}/", "--scope", "folder", "-m", MODULES, "-f", "json", "-o", report]
    command += ["--flush-session", "--store-session", folder / f"session-{who}", "--no-bugreport", "-v", "0"]
    command += ["--max-scan-time", str(MINUTES * 30), "--max-attack-time", str(MINUTES * 4), "-S", "normal"]
    command += ["-d", "6", "--max-links-per-page", "40"]
    if cookies:
        command += ["-C", cookies, *(part for name in KEPT_OUT for part in ("-x", f"{base}/{name}/*"))]
    ran = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if not report.exists():
        raise RuntimeError(f"wapiti wrote no report: {ran.stdout[-1000:]} {ran.stderr[-1000:]}")
    told = json.loads(report.read_text(encoding="utf-8"))
    print(f"wapiti as {who}: {told['infos'].get('crawled_pages_nbr', '?')} pages, {MINUTES} minutes at most")
    return [
        Finding(f"wapiti as {who}", kind, f"{row['method']} {row['path']} {row.get('info', '')}"[:200])
        for section in ("vulnerabilities", "anomalies")
        for kind, rows in told[section].items()
        for row in rows
    ]


def sqlmap(base: str, folder: Path, cookies: str) -> list[Finding]:
    """Let sqlmap try every parameter of SEARCHED."""
    found = []
    for address in SEARCHED:
        command = [
            TOOLS / "sqlmap",
            "-u",
            base + address,
            "--cookie",
            cookies,
            "--batch",
            "--level",
            "2",
            "--risk",
            "2",
        ]
        command += ["--dbms", "PostgreSQL", "--threads", "4", "--flush-session", "--output-dir", folder / "sqlmap"]
        command += ["--technique", "BEUSQ", "--disable-coloring", "--ignore-code", "400,404"]
        ran = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        tried = ran.stdout.count("testing '")
        print(f"sqlmap {address}: {tried} techniques tried")
        if not tried:
            raise RuntimeError(f"sqlmap tried nothing: {ran.stdout[-1500:]}")
        if "identified the following injection point" in ran.stdout or "is vulnerable" in ran.stdout:
            found.append(Finding("sqlmap", "SQL injection", address))
    return found


def main() -> int:
    """Serve the demo, attack it, tell what was found; the exit code says whether something stands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from portal.demo.logins import DEMO_PASSWORD

    folder = Path(tempfile.mkdtemp(prefix="attack-"))
    with served(log=folder / "server.log", PORTAL_DATA_DIR=str(folder / "data")) as base:
        officer = session_of(base, OFFICER, DEMO_PASSWORD)
        found = wapiti(base, folder, "officer", officer)
        if not stands(base, officer):
            found.append(Finding("wapiti as officer", "signed out on the way", "attacked only half as an officer"))
        found += sqlmap(base, folder, session_of(base, SECRETARY, DEMO_PASSWORD))
        found += wapiti(base, folder, "anonymous")
        crashes = (folder / "server.log").read_text(encoding="utf-8", errors="replace").count("Internal Server Error")
    standing = [row for row in found if not row.answer]
    for row in found:
        print(f"{row.by}: {row.kind}: {row.where}" + (f" — answered: {row.answer}" if row.answer else ""))
    print(
        f"ATTACK: {len(found)} findings, {len(standing)} stand; {crashes} answers were server errors. Reports: {folder}"
    )
    return 1 if standing or crashes else 0


if __name__ == "__main__":
    sys.exit(main())
