"""Vesting terms and dates in, vested quantities out."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from offers.valuation.documents import InvalidDocument, load_document
from offers.valuation.vesting_documents import read_vesting_request, vesting_answer


class Command(BaseCommand):
    """Answer a vesting document with the schema of docs/valuation.md#vesting."""

    help = "Answer how many units of a grant have vested on given days, and when units vest."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, or `-` for standard input."""
        parser.add_argument("file", metavar="FILE", help="a JSON document; - reads standard input")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the answer; wrong input ends with status 2 and the path of the field."""
        try:
            answer = vesting_answer(read_vesting_request(load_document(_read(options["file"]))))
        except InvalidDocument as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(json.dumps(answer, indent=2))


def _read(file: str) -> bytes:
    """Return the bytes of a file or of standard input."""
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InvalidDocument("input", f"cannot be read: {error.strerror}") from None
