"""What sort of paper a text is."""

import json
from pathlib import Path

import pytest

from offers.letters import read_letter

LETTERS = Path(__file__).parents[2] / "reference" / "letters"
TEXTS = sorted(path.stem for path in LETTERS.glob("*.txt"))


@pytest.mark.parametrize("stem", TEXTS)
def test_kind_is_the_one_of_the_label(stem: str) -> None:
    label = json.loads((LETTERS / f"{stem}.json").read_text("utf-8"))

    reading = read_letter((LETTERS / f"{stem}.txt").read_text("utf-8"))

    assert reading.document.kind == label["document"]["kind"]
