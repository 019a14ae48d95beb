"""The golden letters as PDF and DOCX, through the extraction that uploads go through."""

import json
from pathlib import Path

import pytest

from offers.letter_files import Unreadable, extract
from offers.letters import Reading, read_letter, unreadable
from tests.offers.letters.scoring import LETTERS, score


def _read(path: Path) -> Reading:
    try:
        extraction = extract(path.read_bytes(), name=path.name)
    except Unreadable as reason:
        return unreadable(str(reason))
    return read_letter(extraction.text, page_starts=extraction.page_starts)


@pytest.mark.parametrize(
    ("pattern", "least"), [("*.pdf", 12), ("*[!d].docx", 10), ("*-tracked.docx", 1)]
)
def test_files_hold_no_wrong_and_no_false_fact(pattern: str, least: int, tmp_path: Path) -> None:
    readings = {}
    for path in sorted(LETTERS.glob(pattern)):
        label = path.with_name(path.name.replace("-tracked", "")).with_suffix(".json")
        readings[json.loads(label.read_text("utf-8"))["id"]] = _read(path).as_document()

    result = score(readings, LETTERS, tmp_path)

    assert len(readings) >= least
    assert (result.wrong, result.false) == (0, 0), result.complaints
    assert result.recall >= 0.95, result.complaints
