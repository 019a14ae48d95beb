"""The letters written for this project, and ours: no wrong and no invented fact, and few blanks."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from offers.letters import Reading, read_letter
from tests.offers.letters.scoring import LETTERS, score

GOLDEN = sorted(LETTERS.glob("*.txt"))
OWN = sorted((LETTERS / "own").glob("*.txt"))


def _label(path: Path) -> dict[str, Any]:
    return json.loads(path.with_suffix(".json").read_text("utf-8"))


def _read(path: Path) -> Reading:
    return read_letter(path.read_text("utf-8"))


def _leaves(value: Any, path: str) -> list[tuple[str, Any]]:
    """Return the filled facts below a field, as their readers note them."""
    if isinstance(value, dict) and "kind" not in value and "amount" not in value:
        return [leaf for key, item in value.items() for leaf in _leaves(item, f"{path}.{key}")]
    return [] if value in (None, []) else [(path, value)]


def test_golden_letters_hold_no_wrong_and_no_false_fact(tmp_path: Path) -> None:
    readings = {_label(path)["id"]: _read(path).as_document() for path in GOLDEN}

    result = score(readings, LETTERS, tmp_path)

    assert (result.wrong, result.false) == (0, 0), result.complaints
    assert result.recall >= 0.95, result.complaints


def test_our_own_letters_hold_no_wrong_and_no_false_fact(tmp_path: Path) -> None:
    readings = {_label(path)["id"]: _read(path).as_document() for path in OWN}

    result = score(readings, LETTERS / "own", tmp_path)

    assert len(readings) >= 72
    assert (result.wrong, result.false) == (0, 0), result.complaints
    assert result.recall >= 0.98, result.complaints


@pytest.mark.parametrize("path", [*GOLDEN, *OWN], ids=lambda path: path.stem)
def test_kind_country_and_date_are_those_of_the_label(path: Path) -> None:
    wanted = _label(path)["document"]

    document = _read(path).document.as_document()

    assert document["kind"] == wanted["kind"]
    if _read(path).document.kind.is_written_offer:
        assert document["letter_date"] == wanted["letter_date"]
        assert document["country"] in {wanted["country"], None}


@pytest.mark.parametrize("path", [*GOLDEN, *OWN], ids=lambda path: path.stem)
def test_every_filled_fact_has_a_span_in_the_text(path: Path) -> None:
    text = path.read_text("utf-8")

    reading = _read(path)

    for name, spans in reading.spans.items():
        assert spans, name
        for span in spans:
            assert text[span.start : span.end] == span.text != "", name
    for key, value in reading.fields.items():
        items = enumerate(value) if isinstance(value, list) else [(None, value)]
        for number, item in items:
            top = key if number is None else f"{key}.{number}"
            for leaf, fact in _leaves(item, top):
                said = leaf in reading.spans
                implied = fact in (False, "exact") or leaf.endswith((".performance", ".triggers"))
                assert said or implied, (leaf, fact)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_spans_touch_the_evidence_of_the_label(path: Path) -> None:
    evidence = _label(path)["evidence"]
    text = path.read_text("utf-8")
    reading = _read(path)
    if not reading.document.kind.is_written_offer:
        pytest.skip("nothing is filled from what is not a written offer")

    for field, snippet in evidence.items():
        spans = [
            span
            for name, found in reading.spans.items()
            if name.split(".")[0] == field
            for span in found
        ]
        pattern = r"\s+".join(re.escape(word) for word in snippet.split())
        places = [found.span() for found in re.finditer(pattern, text)]
        assert any(
            span.start < end and start < span.end for span in spans for start, end in places
        ), (field, snippet)
