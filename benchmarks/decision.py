"""How long a change on the decision page takes: six offers, twelve scenarios each."""

import os
import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, Final

import django

from benchmarks import report
from benchmarks.waterfall import six_classes
from offers.valuation import payout_curve

N_OFFERS: Final = 6
N_SCENARIOS: Final = 12
N_CHANGES: Final = 60
AIM_MS: Final = 150


def compared() -> list[Any]:
    """Return six start-ups with four preferred classes and twelve scenarios each, unsaved."""
    from market.models import CompanyStage, Location  # noqa: PLC0415 -- after django.setup()
    from offers.models import (  # noqa: PLC0415 -- after django.setup()
        CapTable,
        Company,
        EquityGrant,
        ExitScenario,
        Offer,
        OfferRevision,
        StockClass,
    )
    from offers.selectors import ComparedTerms, Terms  # noqa: PLC0415 -- after django.setup()

    def terms(number: int) -> Terms:
        company = Company(name=f"Company {number}", stage=CompanyStage(key="series_b"))
        return Terms(
            company=company,
            offer=Offer(
                company=company, title="Engineer", location=Location(key="us"), state="written"
            ),
            revision=OfferRevision(
                source="written",
                base_salary=Decimal(160_000 + 10_000 * number),
                bonus_basis="none",
                currency="USD",
            ),
            grants=[
                EquityGrant(
                    compensation_type="iso",
                    quantity=Decimal(80_000),
                    exercise_price=Decimal("0.50"),
                    is_vesting_confirmed=True,
                )
            ],
            cap_table=CapTable(
                company=company,
                fully_diluted_shares=Decimal(20_000_000),
                fully_diluted_shares_status="written",
                last_preferred_price=Decimal(10 + number),
                last_preferred_price_status="written",
                stock_classes_status="written",
            ),
            stock_classes=[
                StockClass(
                    name=f"Series {letter}",
                    shares=Decimal(2_000_000),
                    price_per_share=Decimal(price),
                    seniority=Decimal(place),
                    position=place,
                )
                for place, (letter, price) in enumerate((("A", 1), ("B", 3), ("C", 7), ("D", 12)))
            ],
            exit_scenarios=[
                ExitScenario(
                    name=f"Scenario {place}",
                    exit_proceeds=Decimal(20_000_000 * (place + 1)),
                    years=Decimal(1 + place % 6),
                    probability=Decimal("0.05"),
                    dilution_fraction=Decimal(place) / 40,
                )
                for place in range(N_SCENARIOS)
            ],
        )

    return [ComparedTerms(terms=terms(number)) for number in range(N_OFFERS)]


def main() -> None:
    """Print the median and the 95th percentile of a change, and their ratio to one waterfall."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    change = _changes()
    change(0)  # what the first request compiles is no part of a change
    cap_table = six_classes()
    curves, changes = [], []
    for number in range(1, N_CHANGES + 1):
        curves += [_timed(lambda: payout_curve(cap_table)) for _ in range(20)]
        changes.append(_timed(partial(change, number)))
    # Other work on the machine slows both alike: the ratio is of medians taken side by side.
    unit, median = statistics.median(curves), statistics.median(changes)
    p95 = sorted(changes)[int(0.95 * N_CHANGES)]
    undisturbed = min(changes)
    report(
        f"decision: {N_OFFERS} offers x {N_SCENARIOS} scenarios (aim: p95 under {AIM_MS} ms)",
        [
            ("one waterfall of six classes, median", unit, 1.0),
            ("a change, least disturbed", undisturbed, undisturbed / min(curves)),
            ("a change, median", median, median / unit),
            ("a change, 95th percentile", p95, p95 / unit),
        ],
        unit="waterfall",
    )


def _changes() -> Callable[[int], object]:
    """Return a change: other exit, dilution and odds of one offer, up to the part that is sent."""
    import datetime as dt  # noqa: PLC0415 -- beside what needs it

    from django.http import QueryDict  # noqa: PLC0415 -- after django.setup()
    from django.template.loader import render_to_string  # noqa: PLC0415 -- after django.setup()

    from market.selectors import RateTable  # noqa: PLC0415 -- after django.setup()
    from offers.forms.decisions import LeversForm  # noqa: PLC0415 -- after django.setup()
    from offers.models import Comparison  # noqa: PLC0415 -- after django.setup()
    from offers.selectors import Assumptions, decision_view  # noqa: PLC0415 -- the same
    from offers.selectors.decision import board  # noqa: PLC0415 -- after django.setup()

    offers = compared()
    assumptions = Assumptions(currency="USD", horizon_years=4, discount_rate=Decimal("0.05"))
    comparison = Comparison(pk=1, name="Six offers")

    def change(number: int) -> object:
        query = QueryDict(
            f"exit_b={50 + number}m&dilution_b={number % 60}&odds_c={100 - number}&years_b=5"
        )
        found = board(offers, assumptions, rates=RateTable({}))
        form = LeversForm(query, board=found)
        levers = form.levers
        view = decision_view(found, levers, (), today=dt.date(2026, 11, 24), ask=form.query_of)
        context = {
            "comparison": comparison,
            "form": form,
            "query": form.query_of(levers),
            "view": view,
        }
        return render_to_string("offers/decision.html#decision", context)

    return change


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
