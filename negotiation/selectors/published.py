"""What the market publishes for the job of an offer, as evidence keeps it."""

from decimal import Decimal
from typing import Any, Final

from market.selectors import BenchmarkAnswer, benchmark_for
from negotiation.models import Evidence
from offers.models import Offer
from offers.selectors.market import jobs_of

# How the reference of evidence begins that was taken from a published cell.
CELL: Final = "benchmark "


def published_ranges(offer: Offer, *, currency: str) -> list[dict[str, Any]]:
    """Return the published cells for this role, level and place, with the columns of `Evidence`.

    A cell that is modelled or too small to be quoted is marked as such, and justifies nothing.
    """
    [job] = jobs_of([(offer, offer.company)])
    return ranges_of(benchmark_for(job, currency=currency))


def ranges_of(answer: BenchmarkAnswer | None) -> list[dict[str, Any]]:
    """Return the cells of an answer with the columns of `Evidence`."""
    if answer is None:
        return []
    return [
        {
            "kind": Evidence.Kind.BENCHMARK,
            "component": cell.component,
            "label": cell.description[:200],
            "source_names": ", ".join(source.name for source in cell.sources)[:200],
            "currency": cell.currency,
            "low": cents(cell.p25),
            "median": cents(cell.p50),
            "high": cents(cell.p75),
            "top": cents(cell.p90),
            "sample_size": cell.n,
            "as_of_date": cell.as_of or answer.snapshot_date,
            "backoff_step": cell.step_label[:80] if cell.step else "",
            "is_modelled": not cell.is_quotable,
            "cautions": [caution[:200] for caution in answer.cautions],
            "reference": f"{CELL}{cell.benchmark_id}",
            "snapshot_number": answer.snapshot_id,
        }
        for cell in (answer.total, answer.base)
        if cell is not None
        and not cell.is_any_level
        and cell.p25 is not None
        and cell.p75 is not None
    ]


def cents(value: Decimal | None) -> Decimal | None:
    """Return an amount as the database keeps money."""
    return None if value is None else value.quantize(Decimal("0.01"))
