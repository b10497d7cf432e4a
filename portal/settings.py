"""One settings file, driven by the environment.

| variable | meaning | default |
|---|---|---|
| DATABASE_URL | postgresql://… of the server to use | the embedded server under PORTAL_DATA_DIR |
| PORTAL_DATA_DIR | files, embedded database, local secret key | .data |
| PORTAL_DEMO | 1 lets the demo world load and PORTAL_TODAY rule | 1 only with the embedded database |
| PORTAL_TODAY | the demo's day, YYYY-MM-DD | 2024-06-10 |
| PORTAL_SECRET_KEY | signing key; must be given with one's own server | made once in PORTAL_DATA_DIR |
| PORTAL_HOSTS | comma-separated host names | localhost only |
| PORTAL_DEBUG | 1 shows Django's error pages | 0 |
| PORTAL_EMAIL_URL | smtp://user:password@host:25, smtp+tls://…, smtps://…, file: or console: | file: in DATA_DIR/mail |
| PORTAL_EMAIL_FROM | the sender of e-mails | no-reply@localhost |
| PORTAL_URL | https://… of the portal, for links in e-mails | none: e-mails carry no link |
| PORTAL_PROXIES | how many of our own reverse proxies stand in front (nginx: 1); whose address is on the record | 0 |
| PORTAL_RECORD_KEY | the Ed25519 key (PEM) that signs the record's files and anchors | made once in PORTAL_DATA_DIR |
| PORTAL_DESIGN | 1 opens the page of all pieces, /thiet-ke/ | as PORTAL_DEBUG |
"""

import os
from datetime import date
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from portal.email_url import parse_email_url
from portal.embedded import embedded_database_url, parse_database_url


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("PORTAL_DATA_DIR", BASE_DIR / ".data")).resolve()
DEBUG = _flag("PORTAL_DEBUG", False)
PORTAL_DESIGN = _flag("PORTAL_DESIGN", DEBUG)

DATABASE_URL = os.environ.get("DATABASE_URL") or embedded_database_url(DATA_DIR)
EMBEDDED_DATABASE = _flag("PORTAL_EMBEDDED_DATABASE", False)

PORTAL_DEMO = _flag("PORTAL_DEMO", EMBEDDED_DATABASE)
PORTAL_TODAY = date.fromisoformat(os.environ.get("PORTAL_TODAY") or "2024-06-10") if PORTAL_DEMO else None


def _secret_key() -> str:
    """The key from the environment; on a laptop, one made at the first start and kept."""
    if key := os.environ.get("PORTAL_SECRET_KEY"):
        return key
    if not EMBEDDED_DATABASE and not PORTAL_DEMO:
        raise ImproperlyConfigured("Đặt PORTAL_SECRET_KEY (chuỗi bí mật dài) trước khi chạy với máy chủ riêng.")
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.write_text(get_random_secret_key(), encoding="utf-8")
        path.chmod(0o600)
    return path.read_text(encoding="utf-8")


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("PORTAL_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    # First: after a migrate it renews every trigger, before the catalogues below write to tables that got new columns.
    "pgtrigger",
    "procrastinate.contrib.django",
    "portal.apps.PortalConfig",
    "portal.apps.PortalAdminConfig",
    "agencies.apps.AgenciesConfig",
    "campaigns.apps.CampaignsConfig",
    "reports.apps.ReportsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "guardian",
    "import_export",
    "pghistory",
    "django_htmx",
    "heroicons",
]

MIDDLEWARE = [
    "portal.middleware.ContentPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.PrivatePages",
    "portal.recording.OnRecord",
    "portal.middleware.DomainErrors",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.shell.shell",
            ],
            "builtins": [
                "django.contrib.humanize.templatetags.humanize",
                "portal.templatetags.portal",
                "portal.templatetags.saved_views",
            ],
        },
    }
]

DATABASES = {
    "default": parse_database_url(DATABASE_URL)
    | {"ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "agencies.passwords.NotOneself"},
    {"NAME": "agencies.passwords.LongEnough", "OPTIONS": {"min_length": 14}},
    {"NAME": "agencies.passwords.NotCommon"},
    {"NAME": "agencies.passwords.NotOnlyDigits"},
]
ANONYMOUS_USER_NAME = None  # or guardian makes a user row
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"

# History is kept by the database; nothing may rewrite it. Triggers are installed after every migrate instead of as
# migration operations: a hundred of those made an empty database take 35 s instead of a few (docs/decisions/0003).
PGHISTORY_APPEND_ONLY = True
PGTRIGGER_MIGRATIONS = False
PGTRIGGER_INSTALL_ON_MIGRATE = True

# The record: signed anchors of its chains lie outside the database (agencies/journal/anchors.py).
PORTAL_PROXIES = int(os.environ.get("PORTAL_PROXIES") or 0)
PORTAL_RECORD_DIR = DATA_DIR / "record"
PORTAL_RECORD_KEY = Path(os.environ.get("PORTAL_RECORD_KEY") or PORTAL_RECORD_DIR / "key.pem")

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
# Django's own "vi" has no date input formats (03/04 would be read as 4 March) and no digit grouping.
FORMAT_MODULE_PATH = ["portal.formats"]
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# A signed annex or a photo; larger files are refused in words before they are read.
PORTAL_MAX_UPLOAD_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o600

# E-mails are sent by the job queue alone (agencies/tasks.py); without a server named they are files, on a
# programmer's machine (PORTAL_DEBUG) words on the terminal.
_EMAIL = parse_email_url(os.environ.get("PORTAL_EMAIL_URL") or ("console:" if DEBUG else "file:"), DATA_DIR / "mail")
EMAIL_BACKEND, EMAIL_FILE_PATH = _EMAIL["backend"], _EMAIL["folder"]
EMAIL_HOST, EMAIL_PORT = _EMAIL["host"], _EMAIL["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _EMAIL["user"], _EMAIL["password"]
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = _EMAIL["tls"], _EMAIL["ssl"], 20
DEFAULT_FROM_EMAIL = os.environ.get("PORTAL_EMAIL_FROM") or "no-reply@localhost"
PORTAL_URL = os.environ.get("PORTAL_URL", "").rstrip("/")

# Jobs that went well are forgotten; those that failed stay to be looked at (docs/operate.md).
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful", "concurrency": 1}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_personal_data": {"()": "portal.log_privacy.NoPersonalData"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["no_personal_data"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
