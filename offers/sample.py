"""Three invented offers, as terms that no row holds: for the landing page and the demonstration.

Every name is made up. The figures are of the size that such offers have, and the start-up's cap
table is chosen so that the preference stack shows: one class with a harsh term ahead of two plain
ones. Dates hang on the day they are shown on, so that the sample never looks stale.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from config.figures.fields import FigureStatus
from offers.models import (
    Benefit,
    CapTable,
    CashPayment,
    Company,
    EquityGrant,
    ExitScenario,
    Offer,
    OfferRevision,
    StockClass,
)
from offers.selectors.taxonomy import Taxonomy
from offers.selectors.terms import Terms

Basis = OfferRevision.BonusBasis
WRITTEN: Final = FigureStatus.WRITTEN
LISTED_COMPANY: Final = "Marlow Cloud"
STARTUP: Final = "Fernwick AI"
LAB: Final = "Orison Lab"
COMPANY_NAMES: Final = frozenset({LISTED_COMPANY, STARTUP, LAB})
QUESTION: Final = (
    "A is the safe one and B is the one I am excited about. Is B’s equity worth what I would give "
    "up in stock that I can sell? And what would you ask C for first?"
)


def listed_company(lists: Taxonomy, *, today: dt.date) -> Terms:
    """Return a large listed company: RSUs that can be sold as they vest, most of them early."""
    return Terms(
        company=Company(
            name=LISTED_COMPANY,
            kind=Company.Kind.BIG_TECH,
            stage=lists.stages["public"],
            size_band=Company.SizeBand.OVER_5000,
            is_public=True,
            share_price=Decimal("184.20"),
            share_price_date=today - dt.timedelta(days=3),
        ),
        offer=Offer(
            title="Senior machine learning engineer",
            role_family=lists.role_families["ml_engineer"],
            level=lists.levels["L5"],
            location=lists.locations["us-seattle"],
            work_arrangement=Offer.WorkArrangement.HYBRID,
            received_date=today - dt.timedelta(days=9),
            respond_by_date=today + dt.timedelta(days=6),
            is_respond_by_stated=True,
        ),
        revision=OfferRevision(
            source=OfferRevision.Source.WRITTEN,
            stated_date=today - dt.timedelta(days=2),
            base_salary=Decimal(212_000),
            bonus_basis=Basis.PERCENT,
            target_bonus_fraction=Decimal("0.15"),
        ),
        grants=[
            EquityGrant(
                compensation_type=EquityGrant.CompensationType.RSU,
                quantity=Decimal(2_900),
                vesting_type=EquityGrant.VestingType.YEARLY,
                yearly_fractions=[Decimal(part) for part in ("0.33", "0.33", "0.22", "0.12")],
                total_months=48,
                cliff_months=0,
                period_months=3,
                is_vesting_confirmed=True,
                acceleration=EquityGrant.Acceleration.NONE,
            )
        ],
        payments=[
            CashPayment(
                amount=Decimal(45_000),
                is_repayment_stated=True,
                repayment_months=12,
                is_repayment_prorated=True,
            )
        ],
        benefits=[
            Benefit(
                kind=Benefit.Kind.RETIREMENT,
                match_fraction=Decimal("0.5"),
                match_limit_fraction=Decimal("0.06"),
            ),
            Benefit(kind=Benefit.Kind.HEALTH, yearly_value=Decimal(9_600)),
        ],
    )


def first_listed_company(lists: Taxonomy, *, today: dt.date) -> Terms:
    """Return what the listed company said on the telephone, before anybody negotiated."""
    terms = listed_company(lists, today=today)
    revision, (grant,), (sign_on,) = terms.revision, terms.grants, terms.payments
    revision.source = OfferRevision.Source.VERBAL
    revision.stated_date = today - dt.timedelta(days=9)
    revision.base_salary = Decimal(198_000)
    grant.quantity = Decimal(2_400)
    grant.is_vesting_confirmed = False
    sign_on.amount = Decimal(25_000)
    sign_on.is_repayment_stated = False
    sign_on.repayment_months, sign_on.is_repayment_prorated = 0, False
    return terms


def startup(lists: Taxonomy, *, today: dt.date) -> Terms:
    """Return a Series B start-up: options behind three preferred classes and a loan."""
    return Terms(
        company=Company(
            name=STARTUP,
            kind=Company.Kind.STARTUP,
            stage=lists.stages["series_b"],
            size_band=Company.SizeBand.UNDER_250,
        ),
        offer=Offer(
            title="Staff machine learning engineer",
            role_family=lists.role_families["ml_engineer"],
            level=lists.levels["L6"],
            location=lists.locations["us-sf-bay"],
            work_arrangement=Offer.WorkArrangement.ON_SITE,
            received_date=today - dt.timedelta(days=4),
            respond_by_date=today + dt.timedelta(days=10),
            is_respond_by_stated=True,
        ),
        revision=OfferRevision(
            source=OfferRevision.Source.WRITTEN,
            stated_date=today - dt.timedelta(days=4),
            base_salary=Decimal(205_000),
            bonus_basis=Basis.NONE,
        ),
        grants=[
            EquityGrant(
                compensation_type=EquityGrant.CompensationType.ISO,
                quantity=Decimal(240_000),
                exercise_price=Decimal("1.85"),
                total_months=48,
                cliff_months=12,
                period_months=1,
                is_vesting_confirmed=True,
                acceleration=EquityGrant.Acceleration.DOUBLE,
                acceleration_fraction=Decimal(1),
                acceleration_window_months=12,
                post_termination_window_days=90,
                early_exercise=EquityGrant.YesNo.NO,
            )
        ],
        benefits=[Benefit(kind=Benefit.Kind.HEALTH, yearly_value=Decimal(7_200))],
        cap_table=CapTable(
            fully_diluted_shares=Decimal(80_000_000),
            fully_diluted_shares_status=WRITTEN,
            fair_market_value=Decimal("1.85"),
            fair_market_value_status=WRITTEN,
            fair_market_value_date=today - dt.timedelta(days=150),
            last_preferred_price=Decimal("6.25"),
            last_preferred_price_status=WRITTEN,
            last_round_date=today - dt.timedelta(days=210),
            total_raised=Decimal(116_300_000),
            total_raised_status=WRITTEN,
            debt=Decimal(6_000_000),
            debt_status=FigureStatus.VERBAL,
            stock_classes_status=WRITTEN,
        ),
        stock_classes=[
            _stock_class("Seed", "0.60", shares=8_000_000, seniority=1),
            _stock_class("Series A", "2.00", shares=12_000_000, seniority=2),
            _stock_class(
                "Series B",
                "6.25",
                shares=14_000_000,
                seniority=3,
                participation=StockClass.Participation.CAPPED,
                participation_cap_multiple=Decimal(2),
            ),
        ],
        exit_scenarios=[
            _scenario("Sold for its team", 70, years=2, probability="0.25"),
            _scenario("Modest sale", 300, years=4, probability="0.22"),
            _scenario("Good sale", 900, years=5, probability="0.12", dilution="0.15"),
            _scenario("Listed", 3_000, years=7, probability="0.04", dilution="0.30"),
        ],
    )


def lab(lists: Taxonomy, *, today: dt.date) -> Terms:
    """Return an AI lab: profit units behind terms that it would not disclose."""
    return Terms(
        company=Company(
            name=LAB,
            kind=Company.Kind.AI_LAB,
            stage=lists.stages["late_private"],
            size_band=Company.SizeBand.UNDER_5000,
        ),
        offer=Offer(
            title="Member of technical staff",
            role_family=lists.role_families["research_engineer"],
            level=lists.levels["L6"],
            location=lists.locations["us-sf-bay"],
            work_arrangement=Offer.WorkArrangement.ON_SITE,
            received_date=today - dt.timedelta(days=1),
        ),
        revision=OfferRevision(
            source=OfferRevision.Source.WRITTEN,
            stated_date=today - dt.timedelta(days=1),
            base_salary=Decimal(290_000),
            bonus_basis=Basis.NONE,
        ),
        grants=[
            EquityGrant(
                compensation_type=EquityGrant.CompensationType.PROFIT_UNIT,
                quantity=Decimal(7_500),
                participation_threshold_per_share=Decimal("60.00"),
                lock_months=24,
                total_months=48,
                cliff_months=12,
                period_months=3,
                is_vesting_confirmed=True,
            )
        ],
        payments=[CashPayment(amount=Decimal(40_000), is_repayment_stated=False)],
        cap_table=CapTable(
            fully_diluted_shares=Decimal(130_000_000),
            fully_diluted_shares_status=FigureStatus.VERBAL,
            fair_market_value_status=FigureStatus.NOT_ASKED,
            last_preferred_price=Decimal("140.00"),
            last_preferred_price_status=FigureStatus.ESTIMATED,
            total_raised=Decimal(4_500_000_000),
            total_raised_status=FigureStatus.ESTIMATED,
            debt_status=FigureStatus.NOT_ASKED,
            stock_classes_status=FigureStatus.REFUSED,
        ),
    )


def sample_offers(lists: Taxonomy, *, today: dt.date) -> tuple[Terms, Terms, Terms]:
    """Return the three offers, made anew: services may save them."""
    return (
        listed_company(lists, today=today),
        startup(lists, today=today),
        lab(lists, today=today),
    )


def without_participation(classes: Sequence[StockClass]) -> list[StockClass]:
    """Return the same classes, each of which is paid its money back or converts, never both."""
    return [
        _stock_class(
            row.name, str(row.price_per_share), shares=int(row.shares), seniority=int(row.seniority)
        )
        for row in classes
    ]


def _stock_class(name: str, price: str, *, shares: int, seniority: int, **terms: Any) -> StockClass:
    return StockClass(
        name=name,
        shares=Decimal(shares),
        price_per_share=Decimal(price),
        seniority=Decimal(seniority),
        liquidation_preference_multiple=Decimal(1),
        conversion_ratio=Decimal(1),
        **terms,
    )


def _scenario(
    name: str, millions: int, *, years: int, probability: str, dilution: str = "0"
) -> ExitScenario:
    return ExitScenario(
        name=name,
        exit_proceeds=Decimal(millions) * 1_000_000,
        years=Decimal(years),
        probability=Decimal(probability),
        dilution_fraction=Decimal(dilution),
    )
