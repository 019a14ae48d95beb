"""Broken and hostile files: whatever arrives, the answer is a text or a reason, within the limits.

`PARLEY_FUZZ_FILES=2000 bin/test tests/offers/letter_files/test_fuzz.py` tries more of them;
docs/letters.md says how many were tried. The number is in the report as `files_tried`.
"""

import os
import random
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from offers.letter_files import MOST_CHARACTERS, Extraction, Unreadable, extract, process
from offers.letter_files.pdf import extract_pdf
from offers.letter_files.plain import extract_plain
from offers.letter_files.recognition import recognise
from offers.letter_files.word import extract_docx

GOLDEN = Path(__file__).parents[2] / "reference" / "letters"
PDFS = sorted(GOLDEN.glob("*.pdf"))
DOCXS = sorted(GOLDEN.glob("*.docx"))
FILES_TRIED = int(os.environ.get("PARLEY_FUZZ_FILES", "150"))
# Each of these starts a process, which takes most of a second.
PROCESSES_TRIED = max(FILES_TRIED // 15, 8)
READERS = {"pdf": extract_pdf, "docx": extract_docx, "text": extract_plain}
TOKENS = (
    *(b"/Kids", b"/Count -9", b"/Length 99999999", b"/Type /Catalog", b"obj", b"endobj", b"stream"),
    *(b"xref", b"trailer", b"<<" * 500, b"[" * 5000, b"(" * 500, b"0 0 R", b"\x00" * 100),
    *(b"/FlateDecode", b"/Prev 0", b"/Parent 3 0 R", b"%%EOF", b"1e99", b"-1"),
)
WELL_FORMED = (
    *("<w:p/>", "<w:r><w:t>x</w:t></w:r>", "<w:tbl><w:tr><w:tc/></w:tr></w:tbl>", "<w:t>9</w:t>"),
    *("<w:ins><w:p/></w:ins>", "<w:del><w:r/></w:del>", "<w:sdt/>", "<w:tr><w:p/></w:tr>", "<x/>"),
    *("<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>", "<w:br w:type='page'/>", "<!--c-->", "<?pi?>"),
    *("<w:pPr><w:sectPr/></w:pPr>", "<w:tc><w:tbl><w:tr/></w:tbl></w:tc>", "<w:vMerge/>"),
)
MALFORMED = ("<w:p>", "</w:p>", "<w:tbl>" * 60, "&bad;", "<!--", "\u0001", "]]>", "<w:r", "")


def mutated_bytes(data, rng):
    """Return the bytes with some of them changed, cut out, doubled or replaced by PDF's own words."""
    changed = bytearray(data)
    for _ in range(rng.choice([1, 3, 12, 60])):
        place = rng.randrange(len(changed))
        change = rng.randrange(5)
        if change == 0:
            changed[place] = rng.randrange(256)
        elif change == 1:
            del changed[place : place + rng.randrange(1, 400)]
        elif change == 2:
            changed[place:place] = changed[place : place + rng.randrange(1, 400)]
        else:
            changed[place:place] = rng.choice(TOKENS)
        if not changed:
            return b"%PDF-"
    if rng.random() < 0.1:
        del changed[rng.randrange(len(changed)) :]
    # Without an end mark no reader would look at it.
    return bytes(changed) + b"\n%%EOF"


def mutated_docx(data, rng):
    """Return the archive with its XML changed inside, so that the reader sees the change."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            is_read = name in {"word/document.xml", "[Content_Types].xml"} or "rels" in name
            if is_read and rng.random() < 0.4:
                content = mutated_xml(content, rng)
            if rng.random() < 0.99:
                new.writestr(name, content)
    return file.getvalue()


def mutated_xml(content, rng):
    text = content.decode("utf-8", errors="replace")
    pieces = WELL_FORMED if rng.random() < 0.8 else MALFORMED
    for _ in range(rng.choice([1, 2, 8])):
        start = text.find("<w:body>") + 8 if "<w:body>" in text else 0
        place = text.find(">", rng.randrange(start, len(text))) + 1 or len(text)
        end = place + (rng.randrange(40) if pieces is MALFORMED else 0)
        text = text[:place] + rng.choice(pieces) + text[end:]
    return text.encode()


def attempt(make):
    """Return the text that was read, or None for a reason; anything else is a failure."""
    try:
        extraction = make()
    except Unreadable:
        return None
    assert isinstance(extraction, Extraction)
    assert extraction.text.strip()
    assert len(extraction.text) <= MOST_CHARACTERS
    assert all(0 <= start <= len(extraction.text) for start in extraction.page_starts)
    return extraction.text


def read_here(data, name):
    return READERS[recognise(data, name)](data)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("files", "mutate"), [(PDFS, mutated_bytes), (DOCXS, mutated_docx)])
@pytest.mark.filterwarnings("ignore")
def test_mutated_files_end_in_a_text_or_a_reason(files, mutate, record_property):
    rng = random.Random(20261124)  # noqa: S311 -- a repeatable one is wanted
    tried = texts = 0

    for _ in range(FILES_TRIED // 2):
        source = rng.choice(files)
        data = mutate(source.read_bytes(), rng)
        texts += attempt(lambda data=data, name=source.name: read_here(data, name)) is not None
        tried += 1

    record_property("files_tried", tried)
    # Most changes leave some of the text readable; if none did, the readers were never reached.
    assert texts > tried // 10


@pytest.mark.timeout(3600)
def test_mutated_files_stay_within_the_limits_of_their_process(monkeypatch, record_property):
    rng = random.Random(1124)  # noqa: S311 -- a repeatable one is wanted
    monkeypatch.setattr(process, "MOST_SECONDS", 20)
    tried, slowest = 0, 0.0

    for _ in range(PROCESSES_TRIED):
        source = rng.choice(PDFS + DOCXS)
        mutate = mutated_docx if source.suffix == ".docx" else mutated_bytes
        data = mutate(source.read_bytes(), rng)
        began = time.monotonic()
        attempt(lambda data=data, name=source.name: extract(data, name=name))
        slowest = max(slowest, time.monotonic() - began)
        tried += 1

    record_property("files_tried", tried)
    assert slowest < 21


def nested(depth):
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    opening, closing = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return f"<w:document {ns}><w:body>{opening * depth}{closing * depth}</w:body></w:document>"


def archive(**parts):
    file = BytesIO()
    source = BytesIO(DOCXS[0].read_bytes())
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, old.read(name)))
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def lying_archive():
    """Return an archive whose directory says that a part of 30 MB has ten bytes."""
    data = archive(**{"word/document.xml": b" " * 30_000_000})
    size = (30_000_000).to_bytes(4, "little")
    return data.replace(size, (10).to_bytes(4, "little"))


HOSTILE = {
    "10 MB of brackets": lambda: b"[" * 10_000_000,
    "10 MB of brackets in a PDF": lambda: b"%PDF-1.7\n" + b"[" * 9_999_900 + b"\n%%EOF",
    "10 MB of one word": lambda: b"a" * 10_000_000,
    "10 MB of new lines": lambda: b"a" + b"\n" * 9_999_998,
    "deeply nested tables": lambda: archive(**{"word/document.xml": nested(300)}),
    "very deeply nested tables": lambda: archive(**{"word/document.xml": nested(50_000)}),
    "a zip bomb": lambda: archive(**{"word/media/bomb": bytes(200_000_000)}),
    "a zip bomb in the text": lambda: archive(**{"word/document.xml": b" " * 55_000_000}),
    "a zip bomb that lies": lying_archive,
    "an archive of many parts": lambda: archive(**{f"word/{n}": b"" for n in range(3000)}),
    "the same file twice": lambda: PDFS[0].read_bytes() * 2,
}


if FILES_TRIED > 150:
    HOSTILE |= {
        "10 MB of dictionaries in a PDF": lambda: b"%PDF-1.7\n" + b"<<" * 4_999_900 + b"\n%%EOF",
        "10 MB of zeros in a PDF": lambda: b"%PDF-1.7\n" + bytes(9_999_900) + b"\n%%EOF",
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_in_a_text_or_a_reason(name, record_property):
    data = HOSTILE[name]()
    began = time.monotonic()

    attempt(lambda: extract(data, name="letter"))

    record_property("files_tried", 1)
    assert time.monotonic() - began < process.MOST_SECONDS
