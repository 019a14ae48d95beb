"""Every setting, read from the environment. `.env.example` names each variable."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from environs import Env, EnvValidationError, ValidationError, validate
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from config import embedded

django_stubs_ext.monkeypatch()

BASE_DIR: Final = Path(__file__).resolve().parent.parent
env = Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(str(BASE_DIR / ".env"), recurse=False)

# Which house this is. `local` is what bin/run and bin/test serve: one machine, loopback only, plain
# HTTP, mail into an outbox page. Anything that names a database of its own is `production`, where a
# missing secret stops the boot.
MODE: Final = env.str(
    "PARLEY_MODE",
    default="production" if env.str("DATABASE_URL", default="") else "local",
    validate=validate.OneOf({"local", "production"}, error="Write local or production."),
)
IS_LOCAL: Final = MODE == "local"
SHORTEST_KEY: Final = 32


def _long_keys(keys: list[str]) -> None:
    """Refuse a key that could be guessed."""
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise ValidationError(f"Write at least {SHORTEST_KEY} characters for each key.")


# --- secrets and hosts -------------------------------------------------------------------------
DEBUG: Final = False
if IS_LOCAL:
    SECRET_KEY = env.str("SECRET_KEY", default="") or embedded.secret_key()
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
    # A command beside a running `bin/run --port N` speaks of the pages that run serves.
    PUBLIC_URL = env.str(
        "PUBLIC_URL", default=embedded.running_address() or "http://127.0.0.1:8000"
    )
    LETTER_KEYS = env.list("LETTER_KEYS", default=[]) or [f"letters {SECRET_KEY}"]
else:
    # No variable below has a default: a missing one stops the boot and names itself.
    SECRET_KEY = env.str(
        "SECRET_KEY", validate=validate.Length(min=50, error="Write at least 50 characters.")
    )
    ALLOWED_HOSTS = env.list(
        "ALLOWED_HOSTS",
        validate=[
            validate.Length(min=1, error="Name the hosts that people type."),
            validate.ContainsNoneOf(["*", ""], error="Name each host; a star would trust any."),
        ],
    )
    PUBLIC_URL = env.str(
        "PUBLIC_URL",
        validate=validate.URL(
            schemes={"https"}, require_tld=False, error="Write an https address."
        ),
    )
    LETTER_KEYS = env.list(
        "LETTER_KEYS",
        validate=[
            validate.Length(min=1, error="Name a key: letters rest encrypted."),
            _long_keys,
        ],
    )
CSRF_TRUSTED_ORIGINS: Final = [] if IS_LOCAL else [PUBLIC_URL.rstrip("/")]

# --- engines -----------------------------------------------------------------------------------


def _database(url: str) -> dict[str, Any]:
    """Return Django's spelling of a libpq connection URL."""
    try:
        parts = conninfo_to_dict(url)
        name = parts.pop("dbname")
    except (ProgrammingError, KeyError):
        # From None: the message of the cause would repeat the address, with its password.
        raise EnvValidationError(
            "DATABASE_URL is not an address such as postgresql://user:password@host:5432/name", []
        ) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _engine(variable: str, embedded_url: Callable[[], str]) -> str:
    """Return the address of a server: ours if none is named, which only a local house may do."""
    if IS_LOCAL:
        return env.str(variable, default="") or embedded_url()
    return env.str(variable, validate=validate.Length(min=1, error="Name a server."))


DATABASES: Final = {"default": _database(_engine("DATABASE_URL", embedded.database_url))}
DEFAULT_AUTO_FIELD: Final = "django.db.models.BigAutoField"

# Throttles and other short-lived facts live in PostgreSQL, so that losing Redis opens no door.
CACHES: Final = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        # Far above what people cause: a full table forgets counts, and a guesser could fill it.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

CELERY_BROKER_URL: Final = _engine("REDIS_URL", embedded.redis_url)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP: Final = True
CELERY_BROKER_TRANSPORT_OPTIONS: Final = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    # Queues are served in the order they are named: what a person waits for before any batch.
    "queue_order_strategy": "priority",
}
# A page never waits for an absent broker: the row is saved, beat will wake a worker later.
CELERY_TASK_PUBLISH_RETRY: Final = False
CELERY_TASK_IGNORE_RESULT: Final = True
CELERY_TASK_ACKS_LATE: Final = True
CELERY_TASK_REJECT_ON_WORKER_LOST: Final = True
CELERY_WORKER_PREFETCH_MULTIPLIER: Final = 1
CELERY_TASK_SERIALIZER: Final = "json"
CELERY_ACCEPT_CONTENT: Final = ["json"]
CELERY_TIMEZONE: Final = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER: Final = False
CELERY_TASK_DEFAULT_QUEUE: Final = "mail"
CELERY_TASK_QUEUE_NAMES: Final = ("valuation", "mail", "letters", "market", "batch")
CELERY_TASK_ROUTES: Final = {
    "offers.read_letter": {"queue": "letters"},
    "offers.requeue_letters": {"queue": "letters"},
    # Behind imports, so that a person’s own valuation never waits for a batch.
    "offers.place_offers": {"queue": "market"},
    "negotiation.follow_benchmarks": {"queue": "market"},
    "offers.*": {"queue": "valuation"},
    "batch.*": {"queue": "batch"},
    "market.*": {"queue": "market"},
    "accounts.*": {"queue": "mail"},
    "negotiation.*": {"queue": "mail"},
}
CELERY_BEAT_SCHEDULE: Final = {
    "requeue-valuations": {"task": "offers.requeue_valuations", "schedule": 15.0},
    "requeue-letters": {"task": "offers.requeue_letters", "schedule": 15.0},
    "reevaluate": {"task": "batch.reevaluate", "schedule": 20.0},
    "place-offers": {"task": "offers.place_offers", "schedule": 30.0},
    "follow-benchmarks": {"task": "negotiation.follow_benchmarks", "schedule": 30.0},
    "expire-offers": {"task": "offers.expire_offers", "schedule": 3600.0},
    "fetch-due-sources": {"task": "market.fetch_due_sources", "schedule": 3600.0},
    "requeue-imports": {"task": "market.requeue_imports", "schedule": 30.0},
    "requeue-refreshes": {"task": "market.requeue_refreshes", "schedule": 60.0},
    "refresh-benchmarks": {
        "task": "market.refresh_nightly",
        "schedule": crontab(hour=3, minute=10),
    },
    "plan-reminders": {"task": "negotiation.plan_reminders", "schedule": 600.0},
    "send-reminders": {"task": "negotiation.send_reminders", "schedule": 60.0},
    "clear-sessions": {"task": "accounts.clear_sessions", "schedule": 24 * 3600.0},
}

# --- the house ---------------------------------------------------------------------------------
INSTALLED_APPS: Final = [
    "config.apps.HouseConfig",
    "accounts",
    "market",
    "offers",
    "negotiation",
    "config.apps.CurationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "lucide",
    "csp",
    "pgtrigger",
    "pghistory",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE: Final = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.logs.RequestLogMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.HtmxRedirectMiddleware",
    "config.middleware.PrivatePageMiddleware",
    "config.middleware.ThemeMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF: Final = "config.urls"
WSGI_APPLICATION: Final = "config.wsgi.application"

TEMPLATES: Final[list[dict[str, Any]]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.http.house",
            ],
            "builtins": ["template_partials.templatetags.partials", "config.figures.tags"],
        },
    }
]
FORM_RENDERER: Final = "config.figures.fields.HouseFormRenderer"

# --- people ------------------------------------------------------------------------------------
AUTH_USER_MODEL: Final = "accounts.User"
AUTHENTICATION_BACKENDS: Final = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: Final = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL: Final = "account_login"
LOGIN_REDIRECT_URL: Final = "offers:offer_list"
ACCOUNT_LOGOUT_REDIRECT_URL: Final = "landing"
ACCOUNT_ADAPTER: Final = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD: Final = None
ACCOUNT_LOGIN_METHODS: Final = {"email"}
ACCOUNT_SIGNUP_FIELDS: Final = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION: Final = "mandatory"
ACCOUNT_UNIQUE_EMAIL: Final = True
ACCOUNT_PREVENT_ENUMERATION: Final = True
ACCOUNT_EMAIL_SUBJECT_PREFIX: Final = "Parley: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL: Final = "http" if IS_LOCAL else "https"
# One address each: a new one replaces the old one once it is confirmed.
ACCOUNT_CHANGE_EMAIL: Final = True
# The link in the mail signs in the browser that signed up, and no other.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION: Final = True
# A change of password, address or second step asks again who is there, and is told by mail.
ACCOUNT_REAUTHENTICATION_REQUIRED: Final = True
ACCOUNT_EMAIL_NOTIFICATIONS: Final = True
ACCOUNT_REAUTHENTICATION_TIMEOUT: Final = 300
ACCOUNT_FORMS: Final = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "add_email": "accounts.forms.NewAddressForm",
    "change_password": "accounts.forms.NewPasswordForm",
    "set_password": "accounts.forms.FirstPasswordForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
}
PASSWORD_RESET_TIMEOUT: Final = 2 * 3600
ACCOUNT_SESSION_REMEMBER: Final = True
# Stricter than allauth's own where a guess would cost the user: see docs/security.md.
ACCOUNT_RATE_LIMITS: Final = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/1m/key",
}
MFA_SUPPORTED_TYPES: Final = ["totp", "recovery_codes"]
MFA_FORMS: Final = {
    "authenticate": "accounts.forms.SecondStepForm",
    "reauthenticate": "accounts.forms.SecondStepAgainForm",
    "activate_totp": "accounts.forms.SecondStepSetUpForm",
}
MFA_ADAPTER: Final = "accounts.adapter.MFAAdapter"
MFA_TOTP_ISSUER: Final = "Parley"
USERSESSIONS_TRACK_ACTIVITY: Final = True

# --- mail --------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL: Final = env.str(
    "MAIL_FROM", default=f"Parley <parley@{urlsplit(PUBLIC_URL).hostname}>"
)
SERVER_EMAIL: Final = DEFAULT_FROM_EMAIL
if IS_LOCAL:
    EMAIL_BACKEND = "accounts.outbox.OutboxBackend"
    EMAIL_FILE_PATH = embedded.data_dir() / "outbox"
else:
    EMAIL_HOST = env.str("SMTP_HOST", validate=validate.Length(min=1, error="Name a server."))
    EMAIL_PORT = env.int("SMTP_PORT", default=587)
    EMAIL_HOST_USER = env.str("SMTP_USER", default="")
    EMAIL_HOST_PASSWORD = env.str("SMTP_PASSWORD", default="")
    # Port 465 speaks TLS from the first byte, the others from STARTTLS on.
    EMAIL_USE_SSL = EMAIL_PORT == 465
    EMAIL_USE_TLS = env.bool("SMTP_TLS", default=True) and not EMAIL_USE_SSL
    EMAIL_TIMEOUT = 20

# --- the engine --------------------------------------------------------------------------------
VALUATION_PATHS: Final = env.int(
    "VALUATION_PATHS", default=1_000_000, validate=validate.Range(min=1_000)
)

# --- headers and cookies -----------------------------------------------------------------------
CONTENT_SECURITY_POLICY: Final = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY: Final = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF: Final = True
SECURE_CROSS_ORIGIN_OPENER_POLICY: Final = "same-origin"
X_FRAME_OPTIONS: Final = "DENY"
SESSION_COOKIE_HTTPONLY: Final = True
SESSION_COOKIE_SAMESITE: Final = "Lax"
CSRF_COOKIE_HTTPONLY: Final = True
CSRF_COOKIE_SAMESITE: Final = "Lax"
SESSION_COOKIE_SECURE: Final = not IS_LOCAL
CSRF_COOKIE_SECURE: Final = not IS_LOCAL
SECURE_SSL_REDIRECT: Final = not IS_LOCAL
SECURE_REDIRECT_EXEMPT: Final = [r"^healthz/$"]
SECURE_HSTS_SECONDS: Final = 0 if IS_LOCAL else env.int("HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS: Final = not IS_LOCAL
SECURE_HSTS_PRELOAD: Final = not IS_LOCAL
# Set this only behind a proxy that overwrites the header itself.
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT: Final = env.int("TRUSTED_PROXY_COUNT", default=0)

# Whoever pastes a whole file into a field gets a message beside it, and keeps the rest of the form.
DATA_UPLOAD_MAX_MEMORY_SIZE: Final = 12_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS: Final = 2_000

# --- words, days, files ------------------------------------------------------------------------
LANGUAGE_CODE: Final = "en-us"
USE_I18N: Final = False
USE_TZ: Final = True
TIME_ZONE: Final = "UTC"

STATIC_URL: Final = "static/"
STATICFILES_DIRS: Final = [BASE_DIR / "static"]
STATIC_ROOT: Final = Path(env.str("STATIC_ROOT", default=str(embedded.data_dir() / "static")))
STORAGES: Final = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- logs --------------------------------------------------------------------------------------
DJANGO_STRUCTLOG_CELERY_ENABLED: Final = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED: Final = False
DJANGO_STRUCTLOG_USER_ID_FIELD: Final = "pk"
LOGGING_CONFIG: Final = "config.logs.configure"
LOGGING: Final = {"level": env.str("LOG_LEVEL", default="INFO"), "as_json": not IS_LOCAL}

SILENCED_SYSTEM_CHECKS: Final[list[str]] = []
