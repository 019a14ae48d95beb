#!/usr/bin/env python
"""Parley's commands. Those that need PostgreSQL or Redis find or start the embedded ones."""

import os
import sys
from typing import Final

from django.core.management import execute_from_command_line

# These compute from their input alone, or only read the code.
NEED_NO_ENGINE: Final = frozenset(
    {
        "help",
        "version",
        "--help",
        "--version",
        "check",
        "collectstatic",
        "diffsettings",
        "findstatic",
        "read_letter",
        "take_home",
        "test",
        "value_exit",
        "vest",
    }
)


def main(arguments: list[str]) -> int:
    """Run one command and return its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = arguments[1] if len(arguments) > 1 else "help"
    if command not in NEED_NO_ENGINE and not {"--help", "-h"} & set(arguments):
        from django.conf import settings  # noqa: PLC0415 -- after their name is set

        from config import embedded  # noqa: PLC0415 -- and only for those who need it

        if settings.IS_LOCAL:
            try:
                embedded.ensure_running()
            except embedded.EngineError as error:
                print(f"manage.py: {error}", file=sys.stderr)  # noqa: T201 -- a command speaks
                return 1
    execute_from_command_line(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
