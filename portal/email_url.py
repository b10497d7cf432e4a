"""Where e-mails go, read from one address as DATABASE_URL is."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

_BACKENDS = "django.core.mail.backends"
_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def parse_email_url(url: str, folder: Path) -> dict:
    """What Django's settings need for ``url``: smtp://, smtp+tls:// (STARTTLS), smtps:// (TLS), file: or console:.

    ``folder`` is where ``file:`` writes. Raises ValueError, in words, for anything else.
    """
    parts = urlsplit(url)
    kind = parts.scheme.lower()
    answer = {"backend": "", "folder": str(folder), "host": "", "port": 25, "user": "", "password": ""}
    answer |= {"tls": kind == "smtp+tls", "ssl": kind == "smtps"}
    if kind in ("file", "console"):
        return answer | {"backend": f"{_BACKENDS}.{'filebased' if kind == 'file' else 'console'}.EmailBackend"}
    if kind not in _PORTS or not parts.hostname:
        raise ValueError(
            "PORTAL_EMAIL_URL phải là smtp://máy-chủ, smtp+tls://máy-chủ, smtps://máy-chủ, file: hoặc console:"
        )
    return answer | {
        "backend": f"{_BACKENDS}.smtp.EmailBackend",
        "host": unquote(parts.hostname),
        "port": parts.port or _PORTS[kind],
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }
