"""What the market pays for a job: the published cell, its n, and how near it is."""

import dataclasses
import datetime as dt
import json
import sys
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from config.figures import amounts
from market.models import CompanyStage, Experience, Level, Location, Observation, RoleFamily
from market.selectors import BenchmarkAnswer, ComponentBenchmark, JobQuery, benchmark_for


class Command(BaseCommand):
    """Answer like the market explorer, in words or as JSON."""

    help = "Say what a job pays: percentiles by component, n, sources, dates, back-off step."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the job by the keys of the taxonomy."""
        parser.add_argument("--role", required=True, help="a role family, such as ml_engineer")
        parser.add_argument("--level", required=True, help="a rung such as L5, or EN, MI, SE or EX")
        parser.add_argument("--country", required=True, help="a country code or place, such as US")
        parser.add_argument("--remote", default="", help="on_site, hybrid or remote")
        parser.add_argument("--stage", default="", help="a company stage, such as series_b")
        parser.add_argument("--currency", default="USD", help="what amounts are given in")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the answer; a key that does not exist ends with status 2 and its name."""
        answer = benchmark_for(self._query(options), currency=options["currency"].upper())
        if options["json"]:
            self.stdout.write(json.dumps(_document(answer), indent=2))
        elif answer is None:
            self.stdout.write("No published cell holds enough figures for this job.")
        else:
            self.stdout.write("\n".join(_words(answer)))

    def _query(self, options: dict[str, Any]) -> JobQuery:
        family = RoleFamily.objects.filter(key=options["role"]).first()
        if family is None:
            self._refuse("role", "is no role family")
        name = options["level"].upper()
        level = Level.objects.filter(key=name).first()
        if level is None and name not in Experience.values:
            self._refuse("level", "is neither a rung nor EN, MI, SE or EX")
        place = Location.objects.filter(key=options["country"].lower()).first()
        if place is None:
            self._refuse("country", "is no country or place on record")
        if options["remote"] not in {"", *Observation.WorkArrangement.values}:
            self._refuse("remote", "is none of on_site, hybrid, remote")
        stage = CompanyStage.objects.filter(key=options["stage"]).first()
        if stage is None and options["stage"]:
            self._refuse("stage", "is no company stage")
        return JobQuery(
            role_family=family,
            level=level,
            location=place,
            work_arrangement=options["remote"],
            stage=stage,
            experience=name if level is None else "",
        )

    def _refuse(self, field: str, message: str) -> NoReturn:
        self.stderr.write(f"{field}: {message}")
        sys.exit(2)


def _document(answer: BenchmarkAnswer | None) -> dict[str, Any]:
    """Return the whole answer as plain values; `benchmark` is null where there is none."""
    if answer is None:
        return {"benchmark": None}
    plain = dataclasses.asdict(answer)
    plain["is_quotable"], plain["n"], plain["step"] = answer.is_quotable, answer.n, answer.step
    for name in ("base", "bonus", "equity", "total", "modelled"):
        cell = getattr(answer, name)
        if cell is not None:
            plain[name]["is_quotable"] = cell.is_quotable
    document: dict[str, Any] = {"benchmark": _plain(plain)}
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return round(float(value), 4)
    return value.isoformat() if isinstance(value, dt.date) else value


def _words(answer: BenchmarkAnswer) -> list[str]:
    lines = [line for cell in answer.components for line in _cell_words(cell)]
    lines += [f"Not quite comparable: {text}" for text in answer.cautions]
    return [*lines, f"Benchmarks of {answer.snapshot_date.isoformat()}."]


def _cell_words(cell: ComponentBenchmark) -> list[str]:
    head = f"{cell.component}: {cell.description}"
    names = ("p10", "p25", "median", "p75", "p90")
    figures = ", ".join(
        f"{name} {amounts.money(figure, cell.currency)}"
        for name, figure in zip(names, cell.figures, strict=True)
        if figure is not None
    )
    near = f"step {cell.step + 1}, {cell.step_label}"
    if cell.typical_error is not None:
        near += f", typically within {amounts.percent(cell.typical_error)}"
    proof = f"n = {cell.n}, {cell.basis_label.lower()}, up to {cell.as_of}, {near}"
    if not cell.has_percentiles:
        return [head, f"  too few for percentiles: {proof}"]
    return [head, f"  {figures} a year", f"  {proof}"]
