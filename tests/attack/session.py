"""Somebody signed in on the demo, for tools that carry only cookies."""

import http.cookiejar
import re
import urllib.parse
import urllib.request

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def session_of(base: str, username: str, password: str) -> str:
    """The cookies of somebody signed in through the form, as one header value."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{base}/dang-nhap/").read().decode()
    fields = {"csrfmiddlewaretoken": _TOKEN.search(page)[1], "username": username, "password": password}
    fields["login"] = username  # whichever name the form has
    browser.open(f"{base}/dang-nhap/", urllib.parse.urlencode(fields).encode()).close()
    home = browser.open(f"{base}/").geturl()
    if "/dang-nhap/" in home:
        raise RuntimeError(f"{username} could not sign in")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def stands(base: str, cookies: str) -> bool:
    """Whether these cookies are still somebody's session."""
    question = urllib.request.Request(f"{base}/", headers={"Cookie": cookies})
    return "/dang-nhap/" not in urllib.request.urlopen(question).geturl()
