"""What is no money, by the reader's own weights; it is never added to money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from offers.models import Comparison
from offers.selectors.comparison import Column, Known
from offers.selectors.decision.shapes import CriteriaLens, Figure, Worked
from offers.selectors.decision.wording import figure, number, row, unknown
from offers.valuation import criteria_score


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredCriterion:
    """One criterion with its weight and its scores by offer; an offer without one is not scored."""

    name: str
    weight: int
    scores: Mapping[int, int]


def scored_criteria(comparison: Comparison) -> tuple[ScoredCriterion, ...]:
    """Return the criteria of a comparison in their order; two queries."""
    rows = comparison.criteria.prefetch_related("scores").order_by("position")
    return tuple(
        ScoredCriterion(
            name=row.name,
            weight=row.weight,
            scores={score.offer_id: score.score for score in row.scores.all()},
        )
        for row in rows
    )


def criteria_lens(columns: Sequence[Column], criteria: Sequence[ScoredCriterion]) -> CriteriaLens:
    """Return a row for each criterion and one for their weighted average."""
    if not criteria:
        return CriteriaLens(rows=())
    rows = [
        row(
            f"criterion_{place}",
            each.name,
            columns,
            ([_score(each, column)] for column in columns),
            hint=f"weight {each.weight}",
        )
        for place, each in enumerate(criteria)
    ]
    rows.append(
        row(
            "average",
            "Weighted average",
            columns,
            ([_average(criteria, column)] for column in columns),
            hint="of 5; it says nothing about money",
        )
    )
    return CriteriaLens(rows=tuple(rows))


def _score(each: ScoredCriterion, column: Column) -> Figure:
    score = each.scores.get(column.offer_id or 0)
    return (
        unknown(Known.NOT_STATED, text="Not scored") if score is None else figure(f"{score} of 5")
    )


def _average(criteria: Sequence[ScoredCriterion], column: Column) -> Figure:
    scores = [
        None if (score := each.scores.get(column.offer_id or 0)) is None else float(score)
        for each in criteria
    ]
    weights = [float(each.weight) for each in criteria]
    found = criteria_score(weights, scores)
    if found.average is None:
        return unknown(Known.NOT_STATED, text="Not scored")
    part = number(found.scored_weight * 100, 0)
    return figure(
        number(found.average, 1),
        None
        if found.scored_weight == 1.0
        else f"from {part}% of the weight; the rest is not scored",
        is_big=True,
        worked=Worked(
            formula="sum of weight × score ÷ sum of the weights that were scored",
            inputs=tuple(
                (
                    each.name,
                    f"weight {each.weight}, {'not scored' if score is None else number(score, 0)}",
                )
                for each, score in zip(criteria, scores, strict=True)
            ),
            anchor="criteria",
            source="Your own scores",
        ),
    )
