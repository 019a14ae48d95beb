"""What a file is by its content; its name only counts where the two contradict."""

import zipfile
from io import BytesIO
from pathlib import PurePath
from typing import Final, Literal, TypeAlias

from offers.letter_files.answers import Reason, Unreadable

Kind: TypeAlias = Literal["pdf", "docx", "text"]

_PICTURES: Final = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
    b"BM",
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_PROMISES: Final[dict[str, tuple[Kind, str]]] = {
    ".pdf": ("pdf", "a PDF"),
    ".docx": ("docx", "a Word document"),
}
# A header may stand after a few bytes of junk, as PDF viewers accept it.
_HEADER_WITHIN: Final = 1024


def recognise(data: bytes, name: str) -> Kind:
    """Return what the file is, or raise `Unreadable` with what it is instead."""
    suffix = PurePath(name).suffix.lower()
    found = _looks(data)
    if found in ("pdf", "docx"):
        return found  # type: ignore[return-value]
    if suffix in _PROMISES and found != "a picture":
        _, kind = _PROMISES[suffix]
        looks = "plain text" if found == "text" else found
        raise Unreadable(Reason.DISGUISED, suffix=suffix, kind=kind, looks=looks)
    if found == "text":
        return "text"
    if found == "a picture":
        raise Unreadable(Reason.PICTURE)
    raise Unreadable(Reason.OTHER_KIND, looks=f"it looks like {found}")


def _looks(data: bytes) -> str:
    if not data.strip(b"\x00 \r\n\t"):
        raise Unreadable(Reason.EMPTY_FILE)
    if b"%PDF-" in data[:_HEADER_WITHIN]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    if data.startswith(_OLE):
        encrypted = _ENCRYPTED_PACKAGE in data
        raise Unreadable(Reason.PASSWORD_WORD if encrypted else Reason.OLD_WORD)
    if data.startswith(_PICTURES) or data[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif"):
        return "a picture"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "a picture"
    start = data[:_HEADER_WITHIN].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(b"{\\rtf"):
        return "a rich-text file"
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in start:
        return "a web page"
    if start.startswith(b"<?xml"):
        return "an XML file"
    return "text" if is_text(data) else "something else than a document"


def _archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as broken:
        raise Unreadable(Reason.DAMAGED) from broken
    if "word/document.xml" in names or any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "a spreadsheet"
    if any(name.startswith("ppt/") for name in names):
        return "a presentation"
    return "another office document" if "mimetype" in names else "an archive"


def is_text(data: bytes) -> bool:
    """Say whether the bytes could be text in an encoding that people use."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_wide(data):
        return True
    sample = data[:65_536]
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0c\x1b" for byte in sample)
    return b"\x00" not in sample and controls * 200 <= len(sample)


def _is_wide(data: bytes) -> bool:
    """Say whether every other byte is zero, as in UTF-16 of Western letters without a mark."""
    sample = data[:4096]
    half = len(sample) // 2
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    return half > 3 and max(zeros) >= half * 0.8 and min(zeros) <= half * 0.05
