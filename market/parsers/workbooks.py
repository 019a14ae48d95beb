"""Workbooks of strangers, opened within limits and without their macros."""

import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from market.parsers.problems import BadFile

MOST_BYTES: Final = 150_000_000
MOST_RATIO: Final = 200
RATIO_COUNTS_FROM: Final = 8_000_000


def first_sheet(file: BinaryIO) -> tuple[str, Iterator[tuple[Any, ...]]]:
    """Return the name of the first sheet and its rows, read as they are asked for."""
    if file.read(4)[:2] != b"PK":
        raise BadFile("This is not an Excel workbook (.xlsx).")
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        raise BadFile("The workbook is damaged or was cut off. Fetch it again.") from None
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise BadFile("The workbook holds macros. Save it as .xlsx without them.")
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > MOST_BYTES or (unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * packed):
        raise BadFile(f"The workbook unpacks to {unpacked // 1_000_000:,} MB, which is too much.")
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
    except (InvalidFileException, KeyError, IndexError, ValueError, zipfile.BadZipFile):
        raise BadFile("The workbook cannot be opened. Save it again as .xlsx.") from None
    return sheet.title, sheet.iter_rows(values_only=True)
