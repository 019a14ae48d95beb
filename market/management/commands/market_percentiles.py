"""Filters over published figures in, exact percentiles out."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from market.selectors.percentiles import InvalidRequest, answer_document


class Command(BaseCommand):
    """Answer a document with the schema of golden/benchmark_cases.json."""

    help = "Answer exact percentiles of published figures for each case of a JSON document."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, or `-` for standard input."""
        parser.add_argument("file", metavar="FILE", help="a JSON document; - reads standard input")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the answer; wrong input ends with status 2 and the path of the field."""
        name = options["file"]
        try:
            text = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            tree = json.loads(text)
        except OSError as error:
            self._refuse(f"FILE: cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            self._refuse("input: is not text in UTF-8")
        except json.JSONDecodeError as error:
            self._refuse(f"input: is not JSON at line {error.lineno}, column {error.colno}")
        except RecursionError:
            self._refuse("input: is nested too deeply")
        try:
            answer = answer_document(tree)
        except InvalidRequest as error:
            self._refuse(str(error))
        self.stdout.write(json.dumps(answer, indent=2))

    def _refuse(self, message: str) -> NoReturn:
        self.stderr.write(message)
        sys.exit(2)
