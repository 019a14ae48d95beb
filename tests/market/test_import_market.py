import io
import json

import pytest
from django.core.management import call_command

from market.models import BenchmarkSnapshot, ImportBatch, Observation
from market.parsers.salaries import HEADER

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pay.csv"
    rows = [f"2025,SE,FT,Data Analyst,{90_000 + n},USD,{90_000 + n},US,0,US,M" for n in range(30)]
    path.write_text("\n".join([",".join(HEADER), *rows, "2025,SE"]))
    return path


def said(*arguments):
    out = io.StringIO()
    call_command("import_market", *map(str, arguments), stdout=out)
    return json.loads(out.getvalue())


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as caught:
        call_command("import_market", *map(str, arguments))
    assert caught.value.code == 2
    return capsys.readouterr().err


def test_file_is_staged_and_reported(file):
    report = said("devops", file)

    assert report["state"] == "previewed"
    assert report["rows"] == {
        "read": 31, "new": 30, "repeated": 0, "changed": 0, "flagged": 0, "unread": 1,
    }  # fmt: skip
    assert report["problems"][0]["examples"] == [
        {"line": 32, "message": "The row has 2 cells instead of 11."}
    ]
    assert report["snapshot"] is None
    assert not Observation.objects.published().exists()


def test_published_file_is_in_the_benchmarks_at_once(file):
    report = said("devops", file, "--publish")

    current = BenchmarkSnapshot.objects.get(is_current=True)
    assert report["snapshot"] == {
        "id": current.pk, "checksum": current.checksum, "cells": current.n_cells,
    }  # fmt: skip
    assert current.n_observations == Observation.objects.counted().count() == 30
    assert ImportBatch.objects.get().published_by is None


def test_file_is_read_from_standard_input(file, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))

    assert said("devops", "-")["rows"]["new"] == 30


def test_unknown_source_is_refused_by_name(file, capsys):
    assert refused(capsys, "nothing", file).startswith("SOURCE: nothing is none of aijobs, ")


def test_file_that_is_not_there_is_refused(capsys, tmp_path):
    assert refused(capsys, "devops", tmp_path / "x") == (
        "FILE: cannot be read: No such file or directory\n"
    )


def test_bad_file_is_refused_with_its_place(file, capsys):
    file.write_text("a,b\n1,2\n")

    assert refused(capsys, "devops", file) == (
        "FILE: Line 1, column 1: The header says 'a' where 'work_year' is expected.\n"
    )


def test_file_waits_its_turn(file, capsys):
    said("devops", file)

    assert "pay.csv of this source is waiting" in refused(capsys, "devops", file)
