"""Terms of offers that tests start from: dull numbers, easy to multiply in one's head."""

import datetime as dt
from decimal import Decimal
from typing import Any, Final

from config.figures.fields import FigureStatus
from market.models import CompanyStage, Location
from offers.models import (
    CapTable,
    CashPayment,
    Company,
    EquityGrant,
    ExitScenario,
    Offer,
    OfferRevision,
    StockClass,
)
from offers.selectors import Terms

RECEIVED: Final = dt.date(2026, 11, 16)
WRITTEN: Final = FigureStatus.WRITTEN


def _offer(**changes: Any) -> Offer:
    place = Location.objects.get(key="us-new-york")
    fields = {"title": "Research engineer", "location": place, "received_date": RECEIVED}
    return Offer(**fields | changes)


def _revision(**changes: Any) -> OfferRevision:
    fields = {
        "source": OfferRevision.Source.WRITTEN,
        "stated_date": RECEIVED,
        "base_salary": Decimal(200_000),
        "bonus_basis": OfferRevision.BonusBasis.NONE,
    }
    return OfferRevision(**fields | changes)


def public_terms(**changes: Any) -> Terms:
    """A listed company: $200,000 base, $40,000 sign-on, 4,000 RSUs at $100 over four years."""
    company = Company(
        name="Alder Research",
        kind=Company.Kind.BIG_TECH,
        stage=CompanyStage.objects.get(key="public"),
        is_public=True,
        share_price=Decimal(100),
        share_price_date=RECEIVED,
    )
    fields: dict[str, Any] = {
        "company": company,
        "offer": _offer(),
        "revision": _revision(),
        "grants": [
            EquityGrant(
                compensation_type="rsu",
                quantity=Decimal(4_000),
                cliff_months=0,
                is_vesting_confirmed=True,
                acceleration="none",
            )
        ],
        "payments": [CashPayment(amount=Decimal(40_000), is_repayment_stated=True)],
    }
    return Terms(**fields | changes)


def startup_terms(**changes: Any) -> Terms:
    """A Series B start-up: $160,000 base and 80,000 options at $0.50 behind two preferred classes.

    The cap table is the fixture of the break-even issue: 8,000,000 common, 2,000,000 Series A at
    $2.50 and 2,000,000 senior Series B at $7.50, both 1x non-participating.
    """
    company = Company(
        name="Bellwether AI",
        kind=Company.Kind.STARTUP,
        stage=CompanyStage.objects.get(key="series_b"),
    )
    fields: dict[str, Any] = {
        "company": company,
        "offer": _offer(title="Founding engineer"),
        "revision": _revision(base_salary=Decimal(160_000)),
        "grants": [
            EquityGrant(
                compensation_type="iso",
                quantity=Decimal(80_000),
                exercise_price=Decimal("0.50"),
                is_vesting_confirmed=True,
            )
        ],
        "cap_table": CapTable(
            fully_diluted_shares=Decimal(12_000_000),
            fully_diluted_shares_status=WRITTEN,
            fair_market_value=Decimal(2),
            fair_market_value_status=WRITTEN,
            fair_market_value_date=dt.date(2026, 6, 1),
            last_preferred_price=Decimal("7.50"),
            last_preferred_price_status=WRITTEN,
            last_round_date=dt.date(2026, 5, 1),
            total_raised=Decimal(20_000_000),
            total_raised_status=WRITTEN,
            stock_classes_status=WRITTEN,
        ),
        "stock_classes": [
            StockClass(
                name="Series A",
                shares=Decimal(2_000_000),
                price_per_share=Decimal("2.50"),
                seniority=Decimal(1),
            ),
            StockClass(
                name="Series B",
                shares=Decimal(2_000_000),
                price_per_share=Decimal("7.50"),
                seniority=Decimal(2),
            ),
        ],
    }
    return Terms(**fields | changes)


def exit_scenarios() -> list[ExitScenario]:
    """Half of the time $90M in four years, a quarter $20M in three; the rest is nothing."""
    return [
        ExitScenario(
            name="Good sale",
            exit_proceeds=Decimal(90_000_000),
            years=Decimal(4),
            probability=Decimal("0.5"),
        ),
        ExitScenario(
            name="Small sale",
            exit_proceeds=Decimal(20_000_000),
            years=Decimal(3),
            probability=Decimal("0.25"),
        ),
    ]
