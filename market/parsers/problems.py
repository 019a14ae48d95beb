"""What can be wrong with a file, and where: a row that cannot be read, or a file that cannot."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One row that was left out, and why. `line` counts from 1, the header included."""

    line: int
    column: str
    kind: str
    message: str


class BadFile(Exception):
    """The whole file is refused; nothing of it is kept. Says where, in words for a curator."""

    def __init__(self, message: str, *, line: int | None = None, column: str = "") -> None:
        self.line, self.column, self.message = line, column, message
        where = f"Line {line}" if line else ""
        if column:
            where = f"{where}, column {column}" if where else f"Column {column}"
        super().__init__(f"{where}: {message}" if where else message)
