"""The scorer that came with the golden letters, run on readings of ours."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LETTERS = Path(__file__).parents[2] / "reference" / "letters"


@dataclass(frozen=True)
class Score:
    """Facts counted by the scorer, and its complaints line by line."""

    ok: int
    miss: int
    wrong: int
    false: int
    complaints: tuple[str, ...]

    @property
    def recall(self) -> float:
        """The part of the stated facts that was found."""
        return self.ok / (self.ok + self.miss + self.wrong)


def score(readings: Mapping[str, Mapping[str, Any]], labels: Path, scratch: Path) -> Score:
    """Return what `compare.py` says of readings by id; ids without a reading are left out."""
    predicted, wanted = scratch / "readings", scratch / "labels"
    predicted.mkdir()
    wanted.mkdir()
    for path in labels.glob("*.json"):
        label = json.loads(path.read_text("utf-8"))
        if label.get("id") in readings:
            (wanted / path.name).write_text(json.dumps(label), "utf-8")
    for key, reading in readings.items():
        (predicted / f"{key}.json").write_text(json.dumps(reading), "utf-8")
    command = [sys.executable, str(LETTERS / "compare.py"), str(predicted), "--labels", str(wanted)]
    answer = subprocess.run([*command, "-v"], capture_output=True, text=True, check=True)
    lines = answer.stdout.splitlines()
    counts = [int(word) for word in lines[-1].split()[1:5]]
    complaints = [line for line in lines if re.match(r"\S+ +(?:miss|wrong|false) ", line)]
    return Score(*counts, complaints=tuple(complaints))
