import gzip
import io
import tracemalloc

import pytest

from market.parsers import lines as subject
from market.parsers.problems import BadFile


def read(content, **options):
    return list(subject.lines(io.BytesIO(content), **options))


def refused(content, **options):
    with pytest.raises(BadFile) as caught:
        read(content, **options)
    return str(caught.value)


def test_mark_of_utf8_and_ends_of_lines_are_no_text():
    assert read(b"\xef\xbb\xbfa,b\r\n1,2\n\n3,4") == ["a,b", "1,2", "", "3,4"]


def test_packed_file_is_read_like_a_plain_one():
    assert read(gzip.compress(b"a\nb\n")) == ["a", "b"]


def test_wrong_encoding_names_line_and_column():
    assert refused("a,b\n1,Zürich\n".encode("latin-1")) == (
        "Line 2, column 4: The byte 0xfc is not UTF-8. Save the file as UTF-8."
    )
    assert read("Zürich\n".encode("latin-1"), encodings=("utf-8", "latin-1")) == ["Zürich"]
    assert refused("a,b\n".encode("utf-16")).startswith("Line 1, column 1: The text is UTF-16")


def test_nul_byte_names_line_and_column():
    assert refused(b"a\nb\x00c\n") == "Line 2, column 2: There is a NUL byte: this is no text."


def test_file_cut_off_names_the_line():
    content = gzip.compress(b"".join(b"row %d\n" % n for n in range(50_000)))

    message = refused(content[: len(content) // 2])

    assert message.endswith("The file ends in the middle: it was cut off. Fetch it again.")
    assert message.startswith("Line ")


def test_damaged_file_is_refused():
    content = bytearray(gzip.compress(b"a\n" * 10_000))
    content[-6] ^= 0xFF

    assert refused(bytes(content)).endswith("The packed data is damaged. Fetch it again.")


def test_workbook_and_archive_are_refused():
    assert "not a CSV" in refused(b"PK\x03\x04")
    assert "not a CSV" in refused(b"\xd0\xcf\x11\xe0")


def test_empty_file_is_refused():
    assert refused(b"") == "The file is empty."


def bomb(n_bytes, line):
    """Return a gzip that unpacks to `n_bytes`: the same member over and over."""
    member = gzip.compress(line * (10_000_000 // len(line)))
    return member * (n_bytes // 10_000_000)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"2025,SE,FT,Data Analyst,1,USD,1,US,0,US,M\n", "more than 80 times its size"),
        (b"0", "longer than 120,000 bytes"),
    ],
)
def test_bomb_is_stopped_early_in_little_memory(line, says):
    content = bomb(200_000_000, line)
    assert len(content) < 1_000_000

    tracemalloc.start()
    with pytest.raises(BadFile, match=says):
        for _ in subject.lines(io.BytesIO(content)):
            pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 5_000_000


def records(text, **options):
    return [
        (record.line, record.cells) for record in subject.records(iter(text.split("\n")), **options)
    ]


def test_quoted_cells_hold_separators_and_line_ends():
    assert records('a,b\n"x, ""y""",2\n\n"one\ntwo",3\n4,5') == [
        (1, ["a", "b"]),
        (2, ['x, "y"', "2"]),
        (4, ["one\ntwo", "3"]),
        (6, ["4", "5"]),
    ]


def test_space_before_a_quote_is_passed():
    assert records(' "06000","California",8') == [(1, ["06000", "California", "8"])]


def test_quote_that_is_never_closed_names_its_line():
    with pytest.raises(BadFile, match=r"^Line 2: "):
        records('a,b\n"x,1\n2,3')
    with pytest.raises(BadFile, match=r"^Line 1: A quote is opened here and never closed"):
        records('"' + "x\n" * 150_000)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (["a"], "Line 1, column 2: The column b is missing."),
        (["a", "c"], "Line 1, column 2: The header says 'c' where 'b' is expected."),
        (["a", "b", "c"], "Line 1, column 3: There is a further column, 'c'."),
    ],
)
def test_wrong_header_names_the_column(found, says):
    with pytest.raises(BadFile) as caught:
        subject.expect_header(found, ["a", "b"])
    assert str(caught.value) == says
