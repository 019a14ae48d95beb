"""A file of a source → staged figures, reported as JSON, published if asked."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils import timezone

from market import services
from market.models import BenchmarkSnapshot, ImportBatch, Source

_BUSY = {ImportBatch.State.QUEUED, ImportBatch.State.RUNNING}


class Command(BaseCommand):
    """Do what a curator does on the pages of the market, with the same services."""

    help = "Stage a file of a source and report what it holds; --publish makes it count."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the key of a source and a file, or `-` for standard input."""
        parser.add_argument("source", metavar="SOURCE", help="the key of a source, such as aijobs")
        parser.add_argument(
            "file", metavar="FILE", help="the file as published; - reads standard input"
        )
        parser.add_argument("--publish", action="store_true", help="publish it once it is read")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the report; what cannot be read ends with status 2 and the place in the file."""
        source = Source.objects.filter(key=options["source"]).first()
        if source is None:
            keys = ", ".join(Source.objects.order_by("key").values_list("key", flat=True))
            self._refuse(f"SOURCE: {options['source']} is none of {keys}")
        try:
            batch = _staged(source, options["file"])
        except OSError as error:
            self._refuse(f"FILE: cannot be read: {error.strerror}")
        except (services.BatchNotOpen, services.FileRefused) as error:
            self._refuse(f"FILE: {error}")
        if batch.state != ImportBatch.State.PREVIEWED:
            self._refuse(f"FILE: {batch.last_error}")
        snapshot = None
        if options["publish"]:
            batch = services.publish_import(
                batch=batch, as_of=timezone.now(), why="manage.py import_market --publish"
            )
            snapshot = _refreshed()
        self.stdout.write(json.dumps(_report(batch, snapshot), indent=2))

    def _refuse(self, message: str) -> NoReturn:
        self.stderr.write(message)
        sys.exit(2)


def _staged(source: Source, name: str) -> ImportBatch:
    """Read the file here, or wait for the worker that was faster."""
    file = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115 -- closed below
    try:
        batch = services.request_import(
            source=source, file=file, name=name, as_of=timezone.now(), wakes_a_worker=False
        )
    finally:
        if name != "-":
            file.close()
    services.run_import(batch_id=batch.pk, clock=timezone.now)
    batch.refresh_from_db()
    while batch.state in _BUSY:
        time.sleep(0.2)
        batch.refresh_from_db()
    return batch


def _refreshed() -> BenchmarkSnapshot | None:
    """Compute the benchmarks that publishing asked for, here or by waiting for a worker."""
    states = BenchmarkSnapshot.State
    owed = BenchmarkSnapshot.objects.filter(state__in=[states.QUEUED, states.RUNNING])
    for snapshot in owed.order_by("pk"):
        services.run_refresh(snapshot_id=snapshot.pk, clock=timezone.now)
    while owed.exists():
        time.sleep(0.2)
    return BenchmarkSnapshot.objects.current().first()


def _report(batch: ImportBatch, snapshot: BenchmarkSnapshot | None) -> dict[str, Any]:
    return {
        "source": batch.source.key,
        "batch": batch.pk,
        "state": batch.state,
        "rows": {
            "read": batch.n_read,
            "new": batch.n_new,
            "repeated": batch.n_repeated,
            "changed": batch.n_changed,
            "flagged": batch.n_flagged,
            "unread": batch.n_unread,
        },
        "problems": batch.problems,
        "unmapped_titles": batch.preview.get("unmapped", []),
        "snapshot": snapshot
        and {"id": snapshot.pk, "checksum": snapshot.checksum, "cells": snapshot.n_cells},
    }
