"""The tokens keep the contrast that DESIGN §4 states, and what is served stays small."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
CSS = (STATIC / "css/app.css").read_text()
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS
    )
}


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


TEXT = [
    *[
        (ink, ground)
        for ink in ("ink", "ink-2", "ink-3")
        for ground in ("canvas", "surface", "sunken")
    ],
    *[(tone, f"{tone}-bg") for tone in ("bad", "warn", "good", "info")],
    *[(tone, "surface") for tone in ("bad", "warn", "good", "info")],
    *[("ink", f"{tone}-bg") for tone in ("bad", "warn", "good", "info")],
    ("on-action", "action"),
    ("on-action", "action-hover"),
    *[("on-offer", f"offer-{letter}") for letter in "abcdef"],
]
SHAPES = [
    ("line-strong", "surface"),
    ("focus", "canvas"),
    ("focus", "surface"),
    ("action", "surface"),
    *[(f"offer-{letter}", "surface") for letter in "abcdef"],
]


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(ink, ground, side) -> None:
    assert _contrast(TOKENS[ink][side], TOKENS[ground][side]) >= 4.5


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_can_be_seen(shape, ground, side) -> None:
    assert _contrast(TOKENS[shape][side], TOKENS[ground][side]) >= 3


def test_colours_are_written_once() -> None:
    rest = CSS.split("@layer reset {")[1].split("@layer print {")[0]

    assert re.findall(r"#[0-9a-f]{3,8}\b(?!\")", rest) == []


def test_every_custom_property_exists() -> None:
    defined = set(re.findall(r"(--[a-z0-9-]+):", CSS))

    assert set(re.findall(r"var\((--[a-z0-9-]+)", CSS)) <= defined


def test_nothing_is_fetched_from_elsewhere() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        for address in re.findall(r"url\(\"?([^\")]+)", sheet.read_text()):
            assert address.startswith("#") or (sheet.parent / address).resolve().is_file(), address


def test_every_font_has_its_licence_beside_it() -> None:
    fonts = {path.name.split("-latin")[0] for path in (STATIC / "fonts").glob("*.woff2")}

    assert fonts == {"source-sans-3", "source-serif-4"}
    for font in fonts:
        assert "SIL Open Font License" in (STATIC / f"fonts/{font}-OFL.txt").read_text()


def test_the_script_stays_under_two_kilobytes() -> None:
    assert len(gzip.compress((STATIC / "js/ui.js").read_bytes())) < 2048


def test_what_every_page_loads_stays_small() -> None:
    fonts = [
        STATIC / f"fonts/{name}-latin-wght-normal.woff2"
        for name in ("source-sans-3", "source-serif-4")
    ]
    texts = [STATIC / "css/app.css", STATIC / "js/ui.js", STATIC / "img/favicon.svg"]

    total = sum(font.stat().st_size for font in fonts)
    total += sum(len(gzip.compress(text.read_bytes())) for text in texts)

    assert total < 100_000  # which leaves 50 kB for htmx and the page itself


def test_the_script_needs_no_evaluation() -> None:
    script = (STATIC / "js/ui.js").read_text()

    assert not re.search(r"\beval\(|new Function|innerHTML\s*\+=|javascript:", script)
