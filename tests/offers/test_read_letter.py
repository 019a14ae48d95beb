"""`manage.py read_letter`: one JSON object for whatever file is named."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from offers.letters import FIELD_KEYS

LETTERS = Path(__file__).parents[1] / "reference" / "letters"


def answer_of(name, **options):
    out = StringIO()
    call_command("read_letter", str(LETTERS / name), stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("suffix", ["txt", "docx", "pdf"])
def test_read_letter_answers_the_same_object_for_every_format(suffix):
    answer = json.loads(answer_of(f"01-quillhaven-staff-ml-engineer.{suffix}"))

    assert list(answer) == ["document", "fields", "spans", "questions", "missing"]
    assert answer["document"]["kind"] == "offer_letter"
    assert answer["document"]["extractable"] is True
    assert list(answer["fields"]) == list(FIELD_KEYS)


def test_read_letter_prints_the_text_in_which_spans_count():
    name = "14-junegrass-revised-offer.pdf"
    text = answer_of(name, text=True)
    spans = json.loads(answer_of(name))["spans"]

    assert "Base salary (per year)\t$182,000\t$196,000" in text
    for path, stretches in spans.items():
        for span in stretches:
            assert text[span["start"] : span["end"]] == span["text"], path


def test_read_letter_answers_a_file_that_cannot_be_read_with_a_message():
    answer = json.loads(answer_of("x4-password-protected.pdf"))

    assert answer["document"]["kind"] == "unknown"
    assert answer["document"]["extractable"] is False
    assert answer["document"]["message"] == (
        "The PDF is protected with a password. Open it and save a copy without the password, "
        "or paste the text."
    )
    assert set(map(json.dumps, answer["fields"].values())) == {"null", "[]"}
    assert answer["spans"] == {}


def test_read_letter_ends_with_status_2_only_for_a_missing_file_or_wrong_usage(capsys):
    with pytest.raises(SystemExit) as missing:
        call_command("read_letter", str(LETTERS / "no-such-letter.pdf"))
    with pytest.raises(CommandError):
        call_command("read_letter")

    assert missing.value.code == 2
    assert "input: cannot be read" in capsys.readouterr().err
