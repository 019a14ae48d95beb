"""The command `vest`: a document in, an answer out, or status 2 and the path of the field."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "reference" / "golden" / "vesting_cases.json"
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads(GOLDEN.read_text(encoding="utf-8"))["vesting"]
}
GRANT = {
    "quantity": 480,
    "vesting_start_date": "2024-01-31",
    "vesting_terms": {
        "type": "cliff_then_periodic",
        "total_months": 4,
        "cliff_months": 1,
        "period_months": 1,
        "allocation_type": "fractional",
    },
}
ANSWER = {
    "vested": [
        {"as_of": "2024-02-28", "vested_quantity": 0},
        {"as_of": "2024-02-29", "vested_quantity": 120},
    ],
    "vesting_events": [
        {"vesting_date": "2024-02-29", "quantity": 120},
        {"vesting_date": "2024-03-31", "quantity": 120},
        {"vesting_date": "2024-04-30", "quantity": 120},
        {"vesting_date": "2024-05-31", "quantity": 120},
    ],
}


def _document(**changes: Any) -> str:
    """Return the request as text, changed where told."""
    return json.dumps({"grant": GRANT, "as_of": ["2024-02-28", "2024-02-29"]} | changes)


def test_vest_answers_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "grant.json"
    file.write_text(_document(), encoding="utf-8")

    call_command("vest", str(file))

    output = capsys.readouterr()
    assert json.loads(output.out) == ANSWER
    assert output.err == ""


def test_vest_answers_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(_document().encode())))

    call_command("vest", "-")

    assert json.loads(capsys.readouterr().out) == ANSWER


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "input: is not JSON at line 1, column 2\n"),
        (_document(as_of=["soon"]), "as_of[0]: must be a date written YYYY-MM-DD\n"),
        (_document(grant=GRANT | {"quantity": -1}), "grant.quantity: must be at least 0\n"),
        (_document(**{"a\nb": 1}), '["a\\nb"]: is not a known field\n'),
    ],
)
def test_vest_ends_with_status_two_and_one_line_that_begins_with_the_path(
    text: str, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "grant.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(SystemExit) as caught:
        call_command("vest", str(file))

    output = capsys.readouterr()
    assert caught.value.code == 2
    assert (output.out, output.err) == ("", line)


def test_vest_says_that_a_file_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        call_command("vest", str(tmp_path / "missing.json"))

    assert caught.value.code == 2
    assert capsys.readouterr().err == "input: cannot be read: No such file or directory\n"


def test_vest_needs_no_database_and_no_broker() -> None:
    case = CASES["ocf-4yr-cliff-month-end"]
    nowhere = {
        "PARLEY_MODE": "local",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "vest", "-"],
        cwd=ROOT,
        env=os.environ | nowhere,
        input=json.dumps(case),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    vested = [row["vested_quantity"] for row in json.loads(done.stdout)["vested"]]
    assert vested == [row["vested_quantity"] for row in case["expected"]]


def test_vest_by_hand_fails_with_the_status_and_the_path() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "vest", "-"],
        cwd=ROOT,
        env=os.environ | {"PARLEY_MODE": "local"},
        input='{"grant": {}}',
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "grant.quantity: is required\n"
