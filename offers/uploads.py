"""How files of letters come in: kept in memory, never on a disk, and no more of them than is read."""

from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from offers.letter_files import MOST_BYTES

# Five files of the largest size, and some that are too large but get a message of their own.
MOST_SENT: Final = 80_000_000


class LetterUploadHandler(FileUploadHandler):
    """Keeps the first 10 MB of each file; its `size` says how much was sent.

    Django's own handlers write large files into a directory for temporary files. A letter must not
    lie there in plain sight.
    """

    chunk_size = 2**18

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.sent = 0
        self.kept = bytearray()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 -- Django's signature
        self.sent += len(raw_data)
        if self.sent > MOST_SENT:
            raise StopUpload(connection_reset=True)
        self.kept += raw_data[: max(0, MOST_BYTES - len(self.kept))]

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        return InMemoryUploadedFile(
            file=BytesIO(bytes(self.kept)),
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
