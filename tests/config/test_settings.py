"""The settings refuse to serve a half-configured house, and say which variable is at fault."""

import ast
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "PARLEY_MODE": "production",
    "SECRET_KEY": "k3-" * 10 + "a-long-random-text-of-no-meaning",
    "LETTER_KEYS": "a-key-for-letters-of-no-meaning-0002,a-key-for-letters-of-no-meaning-0001",
    "ALLOWED_HOSTS": "parley.example,www.parley.example",
    "PUBLIC_URL": "https://parley.example",
    "DATABASE_URL": "postgresql://parley:db-password@db.example:5432/parley?sslmode=require",
    "REDIS_URL": "redis://:redis-password@redis.example:6379/0",
    "SMTP_HOST": "smtp.parley.example",
}
ROOT = settings.BASE_DIR


def load(tmp_path, environment, code="import config.settings"):
    """Load the settings in a process of their own."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PARLEY_DATA_DIR": str(tmp_path), **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def read(tmp_path, *names, **environment):
    """Return settings as production has them, None for one that is not set."""
    code = (
        f"from config import settings; print([getattr(settings, name, None) for name in {names}])"
    )
    done = load(tmp_path, PRODUCTION | environment, code)
    assert done.returncode == 0, done.stderr
    return ast.literal_eval(done.stdout)


@pytest.mark.parametrize("variable", [name for name in PRODUCTION if name != "PARLEY_MODE"])
@pytest.mark.parametrize("value", [None, ""])
def test_production_refuses_to_start_without(tmp_path, variable, value):
    environment = {name: each for name, each in PRODUCTION.items() if name != variable}
    if value is not None:
        environment[variable] = value

    done = load(tmp_path, environment)

    assert done.returncode != 0
    assert variable in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", "short"),
        ("LETTER_KEYS", "short"),
        ("LETTER_KEYS", PRODUCTION["LETTER_KEYS"] + ",short"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "parley.example,*"),
        ("PUBLIC_URL", "http://parley.example"),
        ("PUBLIC_URL", "parley.example"),
        ("DATABASE_URL", "mysql-like nonsense s3cr3t"),
        ("DATABASE_URL", "postgresql://parley:s3cr3t@db.example"),
        ("PARLEY_MODE", "staging"),
        ("SMTP_PORT", "mail"),
        ("VALUATION_PATHS", "10"),
    ],
)
def test_production_refuses_what_is_unsafe_or_unreadable(tmp_path, variable, value):
    done = load(tmp_path, PRODUCTION | {variable: value})

    assert done.returncode != 0
    assert variable in done.stderr.splitlines()[-1]
    assert "s3cr3t" not in done.stderr


def test_naming_a_database_means_production(tmp_path):
    done = load(tmp_path, {"DATABASE_URL": PRODUCTION["DATABASE_URL"]})

    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr.splitlines()[-1]


def test_production_passes_the_deployment_check(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PARLEY_DATA_DIR": str(tmp_path), **PRODUCTION},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert (done.returncode, done.stdout) == (
        0,
        "System check identified no issues (0 silenced).\n",
    ), done.stderr
    assert not list(tmp_path.iterdir())  # no key, no engine: nothing of a local house


def test_production_database_keeps_every_part_of_its_address(tmp_path):
    [databases] = read(tmp_path, "DATABASES")

    keys = ("HOST", "PORT", "NAME", "USER", "PASSWORD", "OPTIONS")
    assert [databases["default"][key] for key in keys] == [
        "db.example",
        "5432",
        "parley",
        "parley",
        "db-password",
        {"sslmode": "require"},
    ]


def test_production_speaks_https_only(tmp_path):
    settings_of_production = read(
        tmp_path,
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        "CSRF_TRUSTED_ORIGINS",
    )

    assert settings_of_production == [True, True, True, 31_536_000, ["https://parley.example"]]


def test_proxy_is_trusted_only_where_the_operator_says_so(tmp_path):
    name = "SECURE_PROXY_SSL_HEADER"

    assert read(tmp_path, name) == [None]
    assert read(tmp_path, name, BEHIND_TLS_PROXY="true") == [("HTTP_X_FORWARDED_PROTO", "https")]


def test_production_mail_goes_by_smtp_from_the_public_host(tmp_path):
    assert read(tmp_path, "DEFAULT_FROM_EMAIL", "EMAIL_BACKEND", "EMAIL_HOST") == [
        "Parley <parley@parley.example>",
        None,  # Django's own, which is SMTP
        "smtp.parley.example",
    ]
    assert read(tmp_path, "DEFAULT_FROM_EMAIL", MAIL_FROM="a@x.example") == ["a@x.example"]


@pytest.mark.parametrize(
    ("port", "starttls", "at_once"), [("587", True, False), ("465", False, True)]
)
def test_production_mail_is_encrypted(tmp_path, port, starttls, at_once):
    assert read(tmp_path, "EMAIL_USE_TLS", "EMAIL_USE_SSL", SMTP_PORT=port) == [starttls, at_once]


def test_local_house_needs_nothing_and_makes_its_own_key(tmp_path):
    code = "from config import settings; print(settings.MODE, settings.SECRET_KEY)"

    first = load(tmp_path, {}, code).stdout.split()
    second = load(tmp_path, {}, code).stdout.split()

    assert first == second
    assert first[0] == "local"
    assert len(first[1]) >= 50
    assert first[1] == (tmp_path / "secret_key").read_text().strip()


# --- the list of variables -----------------------------------------------------------------------


def variables_read():
    """Every variable that Python code of the house reads, by name."""
    readers = re.compile(
        r"""(?:env\.\w+\(|_engine\(|environ\.get\(|environ\.setdefault\(|environ\[)\s*["']([A-Z_]+)["']"""
    )
    files = [ROOT / "manage.py", *(ROOT / "bin").iterdir(), *(ROOT / "config").rglob("*.py")]
    return {name for file in files if file.is_file() for name in readers.findall(file.read_text())}


# Of the system, of Django, of CI, or set by one program of ours for another.
NOT_FOR_PEOPLE = {
    "CI",
    "DJANGO_SETTINGS_MODULE",
    "HOME",
    "NO_COLOR",
    "PARLEY_CHROMIUM",
    "PATH",
    "PORT",
    "PWD",
    "TMPDIR",
}


def test_example_names_every_variable_that_is_read():
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))

    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PARLEY_DATA_DIR"} <= variables_read()
    assert variables_read() - NOT_FOR_PEOPLE - named == set()
