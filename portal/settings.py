"""One settings file, driven by the environment.

| variable | meaning | default |
|---|---|---|
| DATABASE_URL | postgresql://… of the server, or of the pooler before it | the embedded server under PORTAL_DATA_DIR |
| DATABASE_URL_DIRECT | past the pooler: for job workers and every manage.py command | DATABASE_URL |
| DATABASE_URL_STANDBY | a hot standby from which web processes read the heavy pages | none |
| PORTAL_STANDBY_LAG | seconds that what is read from the standby may be old; older, the primary is asked | 5 |
| PORTAL_POOL | 1-4: web threads share that many sessions per process | each thread keeps its own |
| PORTAL_DATA_DIR | files, embedded database, local secret key | .data |
| PORTAL_DEMO | 1 lets the demo world load and PORTAL_TODAY rule | 1 only with the embedded database |
| PORTAL_TODAY | the demo's day, YYYY-MM-DD | 2024-06-10 |
| PORTAL_SECRET_KEY | signing key; must be given with one's own server | made once in PORTAL_DATA_DIR |
| PORTAL_SECRET_KEYS_BEFORE | former keys, comma-separated: what they signed or encrypted stays readable | none |
| PORTAL_HOSTS | comma-separated host names | localhost only |
| PORTAL_DEBUG | 1 shows Django's error pages | 0 |
| PORTAL_EMAIL_URL | smtp://user:password@host:25, smtp+tls://…, smtps://…, file: or console: | file: in DATA_DIR/mail |
| PORTAL_EMAIL_FROM | the sender of e-mails | no-reply@localhost |
| PORTAL_URL | https://… of the portal, for links in e-mails | none: e-mails carry no link |
| PORTAL_PUBLIC | 1: it faces the internet, everybody needs a second factor | 0: secretaries and administrators do |
| PORTAL_DEMO_MFA | 1: the demo asks for second factors as a real site does | 0: nobody needs one there |
| PORTAL_PROXIES | how many reverse proxies of one's own stand before the portal (whose X-Forwarded-For to trust) | 0 |
| PORTAL_OIDC_ISSUER | https://… of the OpenID Connect provider for single sign-on | none: no single sign-on |
| PORTAL_OIDC_CLIENT_ID, PORTAL_OIDC_CLIENT_SECRET | what the provider knows the portal by | – |
| PORTAL_OIDC_NAME | the provider's name on the button | Đăng nhập một lần |
| PORTAL_TLS | 1 when people reach the portal by https only: cookies, HSTS, redirects | 1 when PORTAL_URL is https |
| PORTAL_FILES | folder of files, or s3://bucket/folder?endpoint=…&region=… (requirements-s3.txt) | DATA_DIR/files |
| PORTAL_CLAMAV | host:port or socket path of clamd; then no file comes in unscanned | none |
| PORTAL_LOG | json: a line per event and request; text: words on the terminal | text with the embedded database |
| PORTAL_METRICS | 1 opens /suc-khoe/so-lieu/ to this machine and to those who know PORTAL_METRICS_SECRET | 0 |
| PORTAL_METRICS_SECRET | the bearer secret of watching programs; also shows them what is wrong at /suc-khoe/ | none |
| PORTAL_BACKUP_DIR | where `manage.py backup` puts its backups: /suc-khoe/ says when the last is too old | none |
| PORTAL_PG_BIN | folder of pg_dump, pg_restore and psql | the PATH's; the wheel's |
| PORTAL_REVIEW_DAYS | days within which each role is confirmed again: 365; 183 at cấp độ 3, 92 by QCVN 12 | 365 |
| PORTAL_OPEN_PERIODS | 1: a quarter is opened for every council on its first day | 0: each secretary opens it |
| PORTAL_RECORD_KEY | the Ed25519 key (PEM) that signs the record's files and anchors | made once in PORTAL_DATA_DIR |
| PORTAL_DESIGN | 1 opens the page of all pieces, /thiet-ke/ | as PORTAL_DEBUG |
"""

import os
from datetime import date
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from portal.databases import databases
from portal.email_url import parse_email_url
from portal.embedded import embedded_database_url
from portal.file_store import parse_files_url


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
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("PORTAL_SECRET_KEYS_BEFORE", "").split(",") if key]
ALLOWED_HOSTS = [name.strip() for name in os.environ.get("PORTAL_HOSTS", "localhost,127.0.0.1,[::1]").split(",")]
if "*" in ALLOWED_HOSTS or "" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("PORTAL_HOSTS phải nêu đúng tên miền của cổng, không dùng * và không để trống.")
PORTAL_URL = os.environ.get("PORTAL_URL", "").rstrip("/")

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
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "guardian",
    "import_export",
    "pghistory",
    "django_htmx",
    "heroicons",
]

MIDDLEWARE = [
    "portal.request_trail.RequestTrail",
    "portal.middleware.ContentPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.council_wall.middleware.CouncilWall",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.PrivatePages",
    "portal.recording.OnRecord",
    "portal.middleware.DomainErrors",
    "portal.signing_in.gate.Gate",
    "portal.standby.ReadsStandby",
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

PORTAL_STANDBY_LAG = float(os.environ.get("PORTAL_STANDBY_LAG") or 5)
DATABASES = databases(DATABASE_URL, os.environ, serves_web=_flag("PORTAL_SERVES_WEB", False))
# Nothing is remembered by one machine for itself: sessions, tries, limits, forms sent twice are rows of the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "agencies.session_owner.SessionOwnerBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"agencies.passwords.{rule}"}
    for rule in ("NotOneself", "LongEnough", "FourClasses", "NotCommon", "NotRecent")
]
ANONYMOUS_USER_NAME = None  # or guardian makes a user row
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
SESSION_ENGINE = "agencies.sessions"
SESSION_COOKIE_AGE = 15 * 60  # of idleness (agencies/signin_rules.py: IDLE); the cookie itself ends with the browser
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True  # the token of forms is read by our scripts: it changes when one signs in again
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

PORTAL_TLS = _flag("PORTAL_TLS", PORTAL_URL.startswith("https://"))
if PORTAL_TLS:
    # The proxy in front sets this header itself, whatever a browser sent (deploy/, docs/operate.md).
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_REDIRECT_EXEMPT = [r"^suc-khoe/"]  # asked by the machine itself, without the proxy
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # Only the owner of the whole domain may put it on the browsers' list; the portal has one name below it.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    # Browsers take such a cookie over https alone, for this very host, and no other host can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-phien", "__Host-csrf"

# Signing in (docs/decisions/0013-signing-in.md). allauth carries it from the password to the second factor and knows
# OpenID Connect; its pages, its signing up and its limits in the cache are not used (agencies/locks.py counts tries).
PORTAL_PUBLIC = _flag("PORTAL_PUBLIC", False)
SECOND_FACTOR_FOR = "everybody" if PORTAL_PUBLIC else "roles"  # roles: agencies/signin_rules.py
if PORTAL_DEMO and not _flag("PORTAL_DEMO_MFA", False):
    SECOND_FACTOR_FOR = "nobody"
PORTAL_PROXIES = int(os.environ.get("PORTAL_PROXIES") or 0)
ACCOUNT_ADAPTER = "portal.signing_in.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
MFA_ADAPTER = "portal.signing_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or PORTAL_DEMO  # http://localhost
SOCIALACCOUNT_ADAPTER = "portal.signing_in.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_ONLY = False
OIDC = "oidc"  # the provider's name in addresses
PORTAL_OIDC_NAME = os.environ.get("PORTAL_OIDC_NAME") or "Đăng nhập một lần"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid"],  # who it is, nothing else
        "APPS": [
            {
                "provider_id": OIDC,
                "name": PORTAL_OIDC_NAME,
                "client_id": os.environ.get("PORTAL_OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("PORTAL_OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": os.environ.get("PORTAL_OIDC_ISSUER", "")},
            }
        ]
        if os.environ.get("PORTAL_OIDC_ISSUER")
        else [],
    }
}

# History is kept by the database; nothing may rewrite it. Triggers are installed after every migrate instead of as
# migration operations: a hundred of those made an empty database take 35 s instead of a few (docs/decisions/0003).
PGHISTORY_APPEND_ONLY = True
PGTRIGGER_MIGRATIONS = False
PGTRIGGER_INSTALL_ON_MIGRATE = True

# The record: signed anchors of its chains lie outside the database (agencies/journal/anchors.py).
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
try:
    MEDIA_ROOT, _FILES = parse_files_url(os.environ.get("PORTAL_FILES", ""), DATA_DIR / "files")
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from error
STORAGES = {
    "default": _FILES,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644},  # nginx reads them
    },
}

# A signed annex or a photo; larger files are refused in words before they are read.
PORTAL_MAX_UPLOAD_BYTES = 10 * 1024 * 1024
PORTAL_MAX_FILES = 10  # of one sending
PORTAL_CLAMAV = os.environ.get("PORTAL_CLAMAV", "").strip()
FILE_UPLOAD_HANDLERS = [
    "agencies.files.receiving.BodyLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# E-mails are sent by the job queue alone (agencies/tasks.py); without a server named they are files, on a
# programmer's machine (PORTAL_DEBUG) words on the terminal.
_EMAIL = parse_email_url(os.environ.get("PORTAL_EMAIL_URL") or ("console:" if DEBUG else "file:"), DATA_DIR / "mail")
EMAIL_BACKEND, EMAIL_FILE_PATH = _EMAIL["backend"], _EMAIL["folder"]
EMAIL_HOST, EMAIL_PORT = _EMAIL["host"], _EMAIL["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _EMAIL["user"], _EMAIL["password"]
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = _EMAIL["tls"], _EMAIL["ssl"], 20
DEFAULT_FROM_EMAIL = os.environ.get("PORTAL_EMAIL_FROM") or "no-reply@localhost"

# Jobs that went well are forgotten; those that failed stay to be looked at (docs/operate.md).
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful", "concurrency": 1}

PORTAL_OPEN_PERIODS = _flag("PORTAL_OPEN_PERIODS", False)

# The review of accounts, /tai-khoan/ra-soat/ (domain.md §7.2).
PORTAL_REVIEW_DAYS = int(os.environ.get("PORTAL_REVIEW_DAYS") or 365)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Events for people on a laptop, for machines on a server; what a line says of a person: portal/json_log.py.
PORTAL_LOG = os.environ.get("PORTAL_LOG") or ("text" if EMBEDDED_DATABASE or DEBUG else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_personal_data": {"()": "portal.log_privacy.NoPersonalData"}},
    "formatters": {"json": {"()": "portal.json_log.JsonLines"}, "text": {}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": PORTAL_LOG,
            # The JSON formatter scrubs by itself, and tells the exception that this filter would turn into text.
            "filters": ["no_personal_data"] if PORTAL_LOG == "text" else [],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "portal.request": {"level": "INFO" if PORTAL_LOG == "json" else "WARNING"},
        # Django gives this one a handler of its own where DEBUG is on, and e-mails elsewhere; one way is enough.
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}

PORTAL_METRICS = _flag("PORTAL_METRICS", False)
PORTAL_METRICS_SECRET = os.environ.get("PORTAL_METRICS_SECRET", "")
PORTAL_BACKUP_DIR = os.environ.get("PORTAL_BACKUP_DIR", "")
