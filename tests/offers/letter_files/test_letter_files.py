"""Files in, text out: the golden letters, every unreadable file, encodings, tracked changes."""

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.pdfgen.canvas import Canvas

from offers import letter_files
from offers.letter_files import Reason, Unreadable, extract, extract_pasted, process

GOLDEN = Path(__file__).parents[2] / "reference" / "letters"
LABELS = {
    label["id"]: label
    for label in (json.loads(path.read_text()) for path in sorted(GOLDEN.glob("*.json")))
    if "fields" in label
}
READABLE = [
    (name, label["evidence"])
    for label in LABELS.values()
    if label["document"]["extractable"]
    for name in label["files"]
]
UNREADABLE = [
    ("15-stillwater-scanned.pdf", Reason.NO_TEXT_LAYER),
    ("15-stillwater-scanned.png", Reason.PICTURE),
    ("x4-password-protected.pdf", Reason.PASSWORD_PDF),
    ("x5-truncated.pdf", Reason.DAMAGED),
    ("x6-empty.docx", Reason.NO_TEXT),
    ("x7-not-really-a-pdf.pdf", Reason.DISGUISED),
]


def golden(name):
    return extract((GOLDEN / name).read_bytes(), name=name)


def collapsed(text):
    return " ".join(text.split())


def reason(data, name=""):
    with pytest.raises(Unreadable) as caught:
        extract(data, name=name)
    return caught.value.reason


def docx_bytes(document):
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def rezipped(data, **parts):
    """Return the archive with these parts in the place of its own."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, old.read(name)))
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def body(*elements):
    document = docx.Document()
    for xml in elements:
        document.element.body.insert(-1, parse_xml(xml))
    return docx_bytes(document)


def paragraph(inner):
    return f"<w:p {nsdecls('w')}>{inner}</w:p>"


# --- the golden letters ------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "evidence"), READABLE, ids=[name for name, _ in READABLE])
def test_extract_holds_the_evidence_of_every_golden_letter(name, evidence):
    extraction = golden(name)

    text = collapsed(extraction.text)
    assert [snippet for snippet in evidence.values() if collapsed(snippet) not in text] == []
    assert extraction.page_starts[0] == 0
    assert list(extraction.page_starts) == sorted(extraction.page_starts)
    assert extraction.page_starts[-1] < len(extraction.text)


@pytest.mark.parametrize(("name", "expected"), UNREADABLE)
def test_extract_names_why_a_file_cannot_be_read(name, expected):
    assert reason((GOLDEN / name).read_bytes(), name) == expected


def test_every_reason_has_its_own_sentence_with_a_next_step():
    messages = {why: str(Unreadable(why, suffix=".pdf", kind="a PDF", looks="x")) for why in Reason}

    assert len(set(messages.values())) == len(messages)
    steps = ("paste", "Save", "Choose")
    assert [why for why, text in messages.items() if not any(step in text for step in steps)] == []


def test_pdf_reads_a_side_column_after_the_table_it_stands_beside():
    text = golden("13-pallasite-ml-compiler-table.pdf").text

    assert "Position\tPrincipal ML Compiler Engineer\n" in text
    assert "$40,000 with first paycheck; pro-rated repayment if you resign" in text
    assert text.index("Please reply by") < text.index("ABOUT US") < text.index("Signed for")


def test_pdf_takes_running_headers_out_of_the_sentences_they_interrupt():
    pdf = golden("10-dunmarrow-director-applied-ai.pdf")

    assert len(pdf.page_starts) == 2
    assert pdf.text[pdf.page_starts[1] :].startswith("6. Benefits.")
    assert pdf.text.count("Page 1") == 1
    assert "Page 2" not in pdf.text
    assert "- 1 -" not in pdf.text
    assert pdf.text.count("DUNMARROW HEALTH, INC.") == 2


def test_pdf_joins_cells_of_ruled_tables_that_wrap():
    text = golden("03-brackenfold-applied-scientist.pdf").text

    assert (
        "Sign-on, year two\t$71,000\t12 monthly payments beginning in month 13\n"
        "Annual bonus\tnot applicable\tthis level has no cash bonus plan"
    ) in text


def test_pdf_reads_newspaper_columns_one_after_the_other():
    file = BytesIO()
    canvas = Canvas(file, pagesize=(612, 792))
    canvas.setFont("Helvetica", 10)
    for number in range(12):
        canvas.drawString(50, 700 - 14 * number, f"left {number} has words enough to be prose here")
        canvas.drawString(
            330, 700 - 14 * number, f"right {number} has words enough to be prose too"
        )
    canvas.drawString(
        50, 760, "A headline that runs across the whole page over both of the columns"
    )
    canvas.save()

    words = re.findall(r"(left|right) (\d+)", extract(file.getvalue()).text)

    assert words == [(side, str(n)) for side in ("left", "right") for n in range(12)]


def test_pdf_names_the_pages_it_could_not_read():
    file = BytesIO()
    canvas = Canvas(file)
    canvas.drawString(72, 700, "Your base salary is $100,000 a year.")
    canvas.showPage()
    canvas.rect(72, 72, 300, 300, fill=1)
    canvas.showPage()
    canvas.save()

    extraction = extract(file.getvalue())

    assert extraction.text == "Your base salary is $100,000 a year."
    assert extraction.unread_pages == (2,)


# --- Word --------------------------------------------------------------------------------------


def test_docx_leaves_out_tracked_deletions_and_keeps_insertions():
    text = golden("14-junegrass-revised-offer-tracked.docx").text

    assert "Your base salary will be $196,000 per year and your sign-on bonus $30,000." in text
    for deleted in ("$182,000", "$15,000", "1,900", "January 16"):
        assert deleted not in text


def test_docx_leaves_out_deleted_rows_paragraph_marks_and_hidden_text():
    run = "<w:r><w:t>{}</w:t></w:r>"
    ended = "<w:pPr><w:rPr><w:del w:id='1' w:author='a'/></w:rPr></w:pPr>"
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
    row = "<w:tr>{}<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    gone = "<w:trPr><w:del w:id='2' w:author='a'/></w:trPr>"
    data = body(
        paragraph(ended + run.format("one ")),
        paragraph(run.format("sentence") + hidden),
        f"<w:tbl {nsdecls('w')}><w:tblPr/><w:tblGrid/>{row.format(gone, 'old')}{row.format('', 'new')}</w:tbl>",
    )

    assert extract(data).text == "one sentence\n\nnew"


def test_docx_reads_content_controls_text_boxes_and_moved_text_once():
    run = "<w:r><w:t>{}</w:t></w:r>"
    control = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p>{run.format('in a control')}</w:p></w:sdtContent></w:sdt>"
    moved = f"<w:moveFrom w:id='1' w:author='a'>{run.format('moved')}</w:moveFrom>"
    arrived = f"<w:moveTo w:id='2' w:author='a'>{run.format('moved')}</w:moveTo>"
    box = (
        "<w:r><mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<mc:Choice Requires='wps'><w:txbxContent><w:p>{run.format('boxed')}</w:p></w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent><w:p>{run.format('boxed')}</w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )

    text = extract(body(control, paragraph(moved), paragraph(arrived), paragraph(box))).text

    assert text.split() == ["in", "a", "control", "moved", "boxed"]


def test_docx_reads_nested_tables_row_by_row():
    text = golden("13-pallasite-ml-compiler-table.docx").text

    assert "Relocation\t$12,500 lump sum\n401(k) match\t100% of the first 6% of pay" in text


def test_docx_that_is_password_protected_is_told_from_an_old_document():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

    assert reason(ole, "letter.doc") == Reason.OLD_WORD
    assert reason(ole + "EncryptedPackage".encode("utf-16-le"), "a.docx") == Reason.PASSWORD_WORD


def test_docx_expands_no_entities():
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "haha">'
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 9))
        + f"]><w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>&a8;</w:t></w:r></w:p></w:body></w:document>"
    )
    data = rezipped(docx_bytes(docx.Document()), **{"word/document.xml": bomb})

    assert reason(data, "bomb.docx") in {Reason.NO_TEXT, Reason.DAMAGED}


@pytest.mark.parametrize("size", [70_000_000, 200_000_000])
def test_docx_that_unpacks_to_far_more_than_a_letter_is_refused(size):
    data = rezipped(docx_bytes(docx.Document()), **{"word/media/a.bin": bytes(size)})

    assert len(data) < 1_000_000
    assert reason(data, "bomb.docx") == Reason.TOO_HEAVY


# --- what a file is ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"", "letter.pdf", Reason.EMPTY_FILE),
        (b" \r\n \x00", "letter.txt", Reason.EMPTY_FILE),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "letter.pdf", Reason.PICTURE),
        (b"\xff\xd8\xff\xe0" + bytes(90), "photo.jpg", Reason.PICTURE),
        (b"{\\rtf1 Dear Ana}", "letter.rtf", Reason.OTHER_KIND),
        (b"<!DOCTYPE html><p>Dear Ana", "letter.html", Reason.OTHER_KIND),
        (b"Dear Ana, your salary", "letter.pdf", Reason.DISGUISED),
        (b"Dear Ana, your salary", "letter.docx", Reason.DISGUISED),
        (bytes(range(256)) * 9, "letter.txt", Reason.OTHER_KIND),
        (b"PK\x03\x04" + bytes(50), "letter.docx", Reason.DAMAGED),
        (b"%PDF-1.7\n%%EOF", "letter.pdf", Reason.DAMAGED),
        (b"Dear Ana" * 1_300_000, "letter.txt", Reason.TOO_LARGE),
    ],
)
def test_extract_says_what_a_file_is_instead(data, name, expected):
    assert reason(data, name) == expected


def test_extract_trusts_the_content_before_the_name():
    data = (GOLDEN / "14-junegrass-revised-offer.docx").read_bytes()

    assert extract(data, name="letter.pdf") == extract(data, name="letter.docx")


# --- text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_plain_text_is_read_in_the_encoding_it_came_in(encoding):
    letter = "Gehalt: 104.000,00 € brutto, Kündigungsfrist „drei Monate“\n" * 3

    extraction = extract(letter.encode(encoding), name="letter.txt")

    assert extraction.text == letter.strip()


def test_pasted_text_loses_what_nobody_can_see_and_keeps_its_pages():
    pasted = "Base:\u00a0$185,\u200b000\r\n\r\nper\u00ad year  \r\x0cPage two\x07"

    extraction = extract_pasted(pasted)

    assert extraction.text == "Base: $185,000\n\nper year\n\nPage two"
    assert extraction.page_starts == (0, 26)


def test_pasted_text_without_words_is_no_letter():
    with pytest.raises(Unreadable) as caught:
        extract_pasted(" \n\t\u200b")

    assert caught.value.reason == Reason.NO_TEXT


# --- limits ------------------------------------------------------------------------------------


def test_too_many_pages_and_too_much_text_are_refused():
    file = BytesIO()
    canvas = Canvas(file)
    for number in range(letter_files.MOST_PAGES + 1):
        canvas.drawString(72, 700, f"page {number}")
        canvas.showPage()
    canvas.save()

    assert reason(file.getvalue(), "a.pdf") == Reason.TOO_MANY_PAGES
    assert reason(b"a\x0c" * 61, "a.txt") == Reason.TOO_MANY_PAGES
    assert reason(b"[" * 10_000_000, "brackets.txt") == Reason.TOO_LONG


def slow_pdf(depth=9, fan_out=9):
    """Return a small PDF whose forms call each other `fan_out ** depth` times."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
            " /Resources << /XObject << /F 5 0 R >> >> >>"
        ),
        "<< /Length 5 >>\nstream\n/F Do\nendstream",
    ]
    for level in range(depth):
        calls = "/F Do " * fan_out if level < depth - 1 else "0 0 1 1 re f "
        objects.append(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9]"
            f" /Resources << /XObject << /F {6 + level} 0 R >> >> /Length {len(calls)} >>"
            f"\nstream\n{calls}\nendstream"
        )
    text, offsets = "%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    text += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{text.count('')}\n%%EOF"
    )
    return text.encode()


def test_a_file_that_computes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(process, "MOST_CPU_SECONDS", 2)

    assert reason(slow_pdf(), "slow.pdf") == Reason.TOO_HEAVY


def test_a_file_that_waits_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(process, "MOST_SECONDS", 1.5)

    assert reason(slow_pdf(), "slow.pdf") == Reason.TOO_HEAVY


def test_a_file_that_takes_too_much_memory_is_stopped(monkeypatch):
    monkeypatch.setattr(process, "MOST_MEMORY", 150_000_000)
    inflated = rezipped(
        docx_bytes(docx.Document()),
        **{
            "word/document.xml": f"<w:document {nsdecls('w')}><w:body>"
            + paragraph("<w:r><w:t>x</w:t></w:r>") * 600_000
            + "</w:body></w:document>"
        },
    )

    assert reason(inflated, "wide.docx") == Reason.TOO_HEAVY


def test_the_process_gets_no_secrets(monkeypatch):
    seen = {}
    started = process.subprocess.Popen

    def spy(*args, **kwargs):
        seen.update(kwargs["env"])
        return started(*args, **kwargs)

    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    monkeypatch.setattr(process.subprocess, "Popen", spy)

    extract(b"Dear Ana", name="a.txt")

    assert set(seen) == {"PATH", "PYTHONDONTWRITEBYTECODE"}
