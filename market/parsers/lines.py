"""Bytes → lines → records, in constant memory, within limits, and with every place named."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final, NamedTuple

from market.parsers.problems import BadFile

MOST_BYTES: Final = 150_000_000  # after unpacking
MOST_LINE_BYTES: Final = 120_000
# Pay files shrink to about a tenth. What shrinks this well holds nothing worth reading.
MOST_RATIO: Final = 80
RATIO_COUNTS_FROM: Final = 8_000_000
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")


class Record(NamedTuple):
    """One record of a CSV: where it begins, how it looks, and its cells."""

    line: int
    raw: str
    cells: list[str]


def lines(file: BinaryIO, *, encodings: Sequence[str] = ("utf-8",)) -> Iterator[str]:
    """Yield the lines of a plain or gzipped text file, without their ends.

    A byte that the first encoding cannot read is read by the next; without one it is a `BadFile`.
    """
    start = file.read(4)
    file.seek(0)
    if start[:2] == _ZIP or start == _OLE:
        raise BadFile("This is a workbook or an archive, not a CSV. Save the sheet as CSV first.")
    if start[:2] in _WIDE:
        raise BadFile("The text is UTF-16. Save the file as UTF-8.", line=1, column="1")
    is_packed = start[:2] == _GZIP
    source = io.BufferedReader(gzip.GzipFile(fileobj=file), 1 << 16) if is_packed else file
    number = n_bytes = 0
    try:
        while line := source.readline(MOST_LINE_BYTES + 1):
            number += 1
            n_bytes += len(line)
            if len(line) > MOST_LINE_BYTES:
                raise BadFile(f"The line is longer than {MOST_LINE_BYTES:,} bytes.", line=number)
            if n_bytes > MOST_BYTES:
                raise BadFile(
                    f"The file unpacks to more than {MOST_BYTES // 1_000_000} MB.", line=number
                )
            if is_packed and n_bytes > RATIO_COUNTS_FROM and n_bytes > MOST_RATIO * file.tell():
                raise BadFile(
                    f"The file unpacks to more than {MOST_RATIO} times its size.", line=number
                )
            yield _text(line, number, encodings)
    except EOFError:
        raise BadFile(
            "The file ends in the middle: it was cut off. Fetch it again.", line=number + 1
        ) from None
    except (gzip.BadGzipFile, zlib.error):
        raise BadFile("The packed data is damaged. Fetch it again.", line=number + 1) from None
    if not number:
        raise BadFile("The file is empty.")


def _text(line: bytes, number: int, encodings: Sequence[str]) -> str:
    if number == 1:
        line = line.removeprefix(b"\xef\xbb\xbf")
    for index, encoding in enumerate(encodings):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError as error:
            if index + 1 < len(encodings):
                continue
            column = len(line[: error.start].decode(encoding)) + 1
            raise BadFile(
                f"The byte {line[error.start]:#04x} is not {encoding.upper()}. "
                "Save the file as UTF-8.",
                line=number,
                column=str(column),
            ) from None
        break
    if "\x00" in text:
        column = text.index("\x00") + 1
        raise BadFile("There is a NUL byte: this is no text.", line=number, column=str(column))
    return text.rstrip("\r\n")


def records(text: Iterator[str], *, delimiter: str = ",") -> Iterator[Record]:
    """Yield the records of CSV lines. A quoted cell may hold line ends; blank lines are passed."""
    number = size = 0
    taken: list[str] = []

    def following() -> Iterator[str]:
        nonlocal number, size
        yield taken[0]
        for line in text:
            number += 1
            taken.append(line)
            size += len(line) + 1
            if size > MOST_LINE_BYTES:
                raise BadFile("A quote is opened here and never closed.", line=first)
            yield line

    for line in text:
        number += 1
        if '"' not in line:
            if line:
                yield Record(number, line, line.split(delimiter))
            continue
        first, size, taken = number, len(line), [line]
        reader = csv.reader(
            (f"{part}\n" for part in following()),
            delimiter=delimiter,
            strict=True,
            skipinitialspace=True,
        )
        try:
            cells = next(reader)
        except csv.Error as error:
            raise BadFile(f"The quotes do not match ({error}).", line=first) from None
        yield Record(first, "\n".join(taken), cells)


def expect_header(found: list[str], wanted: Sequence[str]) -> None:
    """Check that the header is exactly `wanted`, or say which column is not."""
    for position, name in enumerate(wanted, 1):
        if position > len(found):
            raise BadFile(f"The column {name} is missing.", line=1, column=str(position))
        if found[position - 1].strip() != name:
            raise BadFile(
                f"The header says {found[position - 1][:40]!r} where {name!r} is expected.",
                line=1,
                column=str(position),
            )
    if len(found) > len(wanted):
        raise BadFile(
            f"There is a further column, {found[len(wanted)][:40]!r}.",
            line=1,
            column=str(len(wanted) + 1),
        )


def require_columns(found: list[str], wanted: Sequence[str]) -> None:
    """Check that the header has the columns of `wanted`, in any order."""
    for name in wanted:
        if name not in found:
            raise BadFile(
                f"The column is missing. The header has {', '.join(found)[:200]}.",
                line=1,
                column=name,
            )
