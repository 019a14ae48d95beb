"""Who is paid what when the company changes hands: JSON in, JSON out, no database."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from offers.valuation.documents import InvalidDocument
from offers.valuation.exit_documents import value_exits


class Command(BaseCommand):
    """Answer a cap table and exits with the payouts of every class."""

    help = (
        "Read a cap table and exits as JSON and answer the payouts per class and per share, and "
        "the breakpoints. The schema is in docs/valuation.md."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the one argument."""
        parser.add_argument("file", metavar="FILE", help="path of the document, or - for stdin")

    def handle(self, *_args: Any, file: str, **_options: Any) -> None:
        """Print the answer, or say which field is wrong and exit with status 2."""
        try:
            answer = value_exits(_read(file))
        except InvalidDocument as error:
            self.stderr.write(str(error), style_func=str)
            sys.exit(2)
        self.stdout.write(json.dumps(answer, indent=2))


def _read(file: str) -> bytes:
    """Return what is in the file, or on standard input."""
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InvalidDocument("input", f"cannot be read: {error.strerror}") from None
