"""An uploaded file, read from the database piece by piece as if it lay on a disk."""

import io
from typing import Any

from market.models import ImportBatch, ImportPiece


class StoredFile(io.RawIOBase):
    """The file of a batch: seekable, and never more than one piece in memory."""

    def __init__(self, batch: ImportBatch) -> None:
        super().__init__()
        self._batch_id = batch.pk
        self._size = batch.file_size
        first = ImportPiece.objects.filter(batch=batch, position=0).first()
        self._piece = bytes(first.content) if first else b""
        self._piece_size = max(len(self._piece), 1)
        self._number = 0
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, self._piece_size)
        if number != self._number:
            piece = ImportPiece.objects.get(batch_id=self._batch_id, position=number)
            self._piece, self._number = bytes(piece.content), number
        taken = self._piece[start : start + len(buffer)]
        buffer[: len(taken)] = taken
        self._at += len(taken)
        return len(taken)
