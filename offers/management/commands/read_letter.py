"""An offer letter in, its fields with the sentences they came from out."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from offers.letter_files import Unreadable, extract, read
from offers.letters import unreadable


class Command(BaseCommand):
    """Answer a letter with the schema of docs/letters.md."""

    help = "Read an offer letter (TXT, PDF or DOCX) and print its fields with their sources."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, or `-` for standard input."""
        parser.add_argument("file", metavar="FILE", help="a letter; - reads standard input")
        parser.add_argument(
            "--text",
            action="store_true",
            help="print the extracted text, which the offsets of the spans count in",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the answer. A file that cannot be read is an answer too; a missing one is not."""
        name = options["file"]
        try:
            data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as error:
            self.stderr.write(f"input: cannot be read: {error.strerror}")
            sys.exit(2)
        try:
            extraction = extract(data, name="" if name == "-" else Path(name).name)
            if options["text"]:
                self.stdout.write(extraction.text, ending="")
                return
            answer = read(extraction.text, page_starts=extraction.page_starts).document
        except Unreadable as reason:
            if options["text"]:
                self.stderr.write(str(reason))
                return
            answer = unreadable(str(reason)).as_document()
        self.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False))
