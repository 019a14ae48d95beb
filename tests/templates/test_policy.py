"""No template needs more than the Content-Security-Policy allows, and every icon exists."""

import re
from pathlib import Path

import lucide
import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))

FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script\b(?![^>]*\bsrc=)",
    "an event handler": r"\son[a-z]+\s*=",
    "an hx-on handler": r"\shx-on\b",
    "evaluated values": r"['\"]\s*(js|javascript):",
    "a filtered trigger": r"hx-trigger=\"[^\"]*\[",
    "hx-boost": r"\shx-boost\b",
    "something from elsewhere": r"(src|href)=\"(https?:)?//",
    "a number input": r"type=\"number\"",
}

# A mentor holds no cookie of ours. What allows the post is the secret in the address itself.
FOR_STRANGERS = {"offers/shared_comparison.html", "offers/shared_passcode.html"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles(name) -> None:
    assert get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_asks_for_nothing_the_policy_forbids(name) -> None:
    source = (ROOT / name).read_text()

    found = [
        what for what, pattern in FORBIDDEN.items() if re.search(pattern, source, re.IGNORECASE)
    ]

    assert found == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_icon_of_a_template_exists(name) -> None:
    for icon in re.findall(r"{% icon \"([^\"]+)\"", (ROOT / name).read_text()):
        assert lucide._load_icon(icon) is not None


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_form_that_posts_carries_its_token(name) -> None:
    source = (ROOT / name).read_text()

    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", source, re.DOTALL)

    assert {"{% csrf_token %}" in form for form in forms} <= {name not in FOR_STRANGERS}
