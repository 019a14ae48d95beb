"""The lock files, held against pyproject.toml and against what the product imports."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config.embedded.places import PROJECT

PYPROJECT: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text())
RUNTIME = PROJECT / "requirements.txt"
DEVELOPMENT = PROJECT / "requirements-dev.txt"
ROOMS = ("accounts", "config", "market", "negotiation", "offers")


def _locked(path: Path) -> dict[str, set[str]]:
    """Return the versions of each package: more than one where Pythons differ."""
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", path.read_text(), re.MULTILINE
    ):
        pins.setdefault(canonicalize_name(name), set()).add(version)
    return pins


def _imported() -> Iterator[tuple[str, str]]:
    """Yield the top-level modules that product code imports when it runs, and where."""
    files = [
        PROJECT / "manage.py",
        *(path for room in ROOMS for path in (PROJECT / room).rglob("*.py")),
    ]
    for path in files:
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                node.body = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            else:
                continue
            for name in names:
                yield name.split(".")[0], str(path.relative_to(PROJECT))


def test_everything_the_product_imports_is_locked_for_running() -> None:
    locked = _locked(RUNTIME)
    distributions = packages_distributions()

    missing = {
        (module, where)
        for module, where in _imported()
        if module not in sys.stdlib_module_names
        and module not in ROOMS
        and not any(canonicalize_name(name) in locked for name in distributions.get(module, []))
    }

    assert missing == set()


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (RUNTIME, PYPROJECT["project"]["dependencies"]),
        (
            DEVELOPMENT,
            [*PYPROJECT["project"]["dependencies"], *PYPROJECT["dependency-groups"]["dev"]],
        ),
    ],
    ids=["runtime", "development"],
)
def test_lock_holds_what_pyproject_asks_for(path: Path, wanted: list[str]) -> None:
    locked = _locked(path)

    unmet = [
        line
        for line in wanted
        if (ask := Requirement(line))
        and not any(
            ask.specifier.contains(version, prereleases=True)
            for version in locked.get(canonicalize_name(ask.name), ())
        )
    ]

    assert unmet == []


def test_tools_are_locked_beside_the_same_product() -> None:
    runtime, development = _locked(RUNTIME), _locked(DEVELOPMENT)

    assert {name: development.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("path", [RUNTIME, DEVELOPMENT], ids=["runtime", "development"])
def test_every_pin_has_a_hash_and_no_address(path: Path) -> None:
    text = path.read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE))
    pins = [block for block in blocks if "==" in block]

    assert len(pins) == sum(map(len, _locked(path).values())) > 40
    assert all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert "--index-url" not in text
