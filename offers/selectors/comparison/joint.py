"""Offers against each other: the joint simulation of a saved comparison, in words and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from config.figures import amounts
from offers.models import Comparison, ComparisonValuation
from offers.selectors.comparison.shapes import Cell, Column, Known, Note, Part, Row
from offers.selectors.next_best import NextBest, lacking_in_words, next_best

N_DOTS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRun:
    """Where the joint simulation stands, and its last finished answer."""

    latest: ComparisonValuation
    results: dict[str, Any] | None
    is_out_of_date: bool

    @property
    def is_pending(self) -> bool:
        return self.latest.state in {
            ComparisonValuation.State.QUEUED,
            ComparisonValuation.State.RUNNING,
        }

    @property
    def is_failed(self) -> bool:
        return self.latest.state == ComparisonValuation.State.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class JointLens:
    """The offers against each other; `rows` are empty until there is an answer."""

    run: JointRun
    rows: tuple[Row, ...]
    close: tuple[str, ...]
    """One sentence for each pair of offers that is too close to call."""
    questions: tuple[NextBest, ...]
    assumption: str
    lacking: tuple[str, ...]
    """One sentence for each offer that cannot be simulated."""


def joint_run(comparison: Comparison) -> JointRun | None:
    """Return where the joint simulation of a comparison stands; None where none was asked for."""
    rows = list(comparison.valuations.latest_first().defer("inputs", "partial"))
    if not rows:
        return None
    done = next((row for row in rows if row.state == ComparisonValuation.State.DONE), None)
    return JointRun(
        latest=rows[0],
        results=done.results if done else None,
        is_out_of_date=done is not None and (done is not rows[0] or done.is_to_be_checked),
    )


def joint_lens(
    comparison: Comparison, columns: Sequence[Column], *, taste: str
) -> JointLens | None:
    """Return the offers of a comparison against each other, under its saved assumptions.

    An answer that was computed for other offers than those on the page is not shown.
    """
    run = joint_run(comparison)
    if run is None:
        return None
    results = run.results
    offers = results["offers"] if results else []
    if [each["offer"] for each in offers] != [column.offer_id for column in columns]:
        results, offers = None, []
    found = list(zip(columns, offers, strict=True)) if results else []
    is_ready = bool(results) and results is not None and results["status"] == "ready"
    reader = _Reader(currency=comparison.currency, taste=taste)
    return JointLens(
        run=run,
        rows=reader.rows(found) if is_ready else (),
        close=_close(found) if is_ready else (),
        questions=_questions(results or {}, columns, comparison.currency) if is_ready else (),
        assumption=_assumption(results or {}) if is_ready else "",
        lacking=tuple(
            f"{column.letter} {column.name} cannot be simulated without "
            f"{lacking_in_words(each['missing'])}."
            for column, each in found
            if each["missing"]
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Puts the figures of the joint simulation into cells."""

    currency: str
    taste: str

    def rows(self, found: Sequence[tuple[Column, Mapping[str, Any]]]) -> tuple[Row, ...]:
        return (
            self._row(found, "joint_mean", "Mean of pay and equity", self._mean),
            self._row(
                found,
                "joint_range",
                "What the mean could be",
                self._range,
                hint="over everything the company has not told",
            ),
            self._row(
                found,
                "joint_middle",
                "Middle 80% of outcomes",
                self._middle,
                hint="one in ten lies below it, one in ten above",
            ),
            self._row(found, "joint_nothing", "Equity pays nothing", self._nothing),
            self._row(
                found,
                "joint_certain",
                "As good as this sum for certain",
                self._certain,
                hint=f"to a {self.taste} taste for risk, which your settings hold",
            ),
            *(self._ahead(found, place) for place in range(len(found))),
        )

    def _row(
        self,
        found: Sequence[tuple[Column, Mapping[str, Any]]],
        key: str,
        label: str,
        read: Any,
        hint: str = "",
    ) -> Row:
        cells = tuple(
            Cell(column=column, parts=(_missing() if each["missing"] else read(each),))
            for column, each in found
        )
        return Row(key=key, label=label, cells=cells, hint=hint)

    def _ahead(self, found: Sequence[tuple[Column, Mapping[str, Any]]], other: int) -> Row:
        """Return how often each offer pays more than one of them."""
        target = found[other][0]
        cells = []
        for place, (column, each) in enumerate(found):
            chance = None if each["missing"] or place == other else each["beats"][other]
            if place == other:
                part = Part.without_value(Known.NOT_APPLICABLE, text="Itself")
            elif chance is None:
                part = _missing()
            else:
                note = Note("Too close to call", "warn") if each["is_too_close"][other] else None
                part = Part(text=_of_twenty(chance[0]), notes=_notes(_chance_note(chance), note))
            cells.append(Cell(column=column, parts=(part,)))
        return Row(
            key=f"joint_ahead_{target.key}",
            label=f"Pays more than {target.letter}",
            cells=tuple(cells),
            hint=target.name,
        )

    def _short(self, amount: float) -> str:
        return amounts.headline(amount, self.currency)

    def _mean(self, each: Mapping[str, Any]) -> Part:
        note = f"standard error {amounts.money(each['standard_error'], self.currency)}"
        return Part(text=self._short(each["mean"]), notes=(Note(note),), is_big=True)

    def _range(self, each: Mapping[str, Any]) -> Part:
        low, high = each["range"]["low"], each["range"]["high"]
        if high - low < 0.5:
            return Part(text=self._short(low), notes=(Note("Nothing is open"),))
        return Part(text=amounts.money_range(low, high, self.currency))

    def _middle(self, each: Mapping[str, Any]) -> Part:
        levels = each["quantile_levels"]
        at = [levels.index(level) for level in (0.1, 0.9)]
        low, high = (each["quantiles"][place] for place in at)
        errors = [
            amounts.money(each["quantile_standard_errors"][place], self.currency) for place in at
        ]
        note = Note(f"standard errors {errors[0]} and {errors[1]}")
        median = self._short(each["quantiles"][levels.index(0.5)])
        return Part(
            text=amounts.money_range(low, high, self.currency),
            notes=(Note(f"median {median}"), note),
        )

    def _nothing(self, each: Mapping[str, Any]) -> Part:
        chance = each["probability_of_nothing"]
        if chance[0] == 1.0 and each["quantiles"][0] == each["quantiles"][-1]:
            return Part.without_value(Known.NOT_APPLICABLE, text="No equity")
        return Part(text=_of_twenty(chance[0]), notes=_notes(_chance_note(chance)))

    def _certain(self, each: Mapping[str, Any]) -> Part:
        found = each["certainty_equivalents"].get(self.taste)
        if found is None:
            return Part.without_value(Known.NOT_KNOWN)
        note = f"standard error {amounts.money(found[1], self.currency)}"
        return Part(text=self._short(found[0]), notes=(Note(note),))


def _missing() -> Part:
    return Part.without_value(Known.NOT_KNOWN)


def _notes(*notes: Note | None) -> tuple[Note, ...]:
    return tuple(note for note in notes if note is not None)


def _of_twenty(chance: float) -> str:
    return f"{round(chance * N_DOTS)} of {N_DOTS}"


def _chance_note(chance: Sequence[float]) -> Note:
    return Note(f"{amounts.percent(chance[0], 1)}, standard error {amounts.percent(chance[1], 2)}")


def _close(found: Sequence[tuple[Column, Mapping[str, Any]]]) -> tuple[str, ...]:
    """Return the pairs whose order depends on what is still unknown."""
    told = []
    for place, (column, each) in enumerate(found):
        for other in range(place + 1, len(found)):
            if not each["missing"] and each["is_too_close"][other]:
                with_letter = found[other][0].letter
                told.append(
                    f"{column.letter} and {with_letter} are too close to call: what their mean "
                    "could be overlaps, so either could be ahead."
                )
    return tuple(told)


def _questions(
    results: Mapping[str, Any], columns: Sequence[Column], currency: str
) -> tuple[NextBest, ...]:
    return tuple(
        next_best(
            row,
            currency,
            letter=columns[row["offer"]].letter,
            offer_id=columns[row["offer"]].offer_id,
        )
        for row in results["questions"]
    )


def _assumption(results: Mapping[str, Any]) -> str:
    paths = amounts.count(results["n_paths"])
    shared = amounts.percent(results["sector_correlation"])
    return (
        f"{paths} joint outcomes. An assumption, not a measurement: in {shared} of them all "
        "companies of one sector share their luck; in the others each has its own."
    )
