"""After yes: the days that matter, from the signed terms, and what the talk was worth."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from negotiation.models import Negotiation
from offers.models import EquityGrant
from offers.selectors import Terms
from offers.selectors.equity import vesting_terms
from offers.valuation import add_months, vested_fraction

# 26 CFR 1.83-2(b): not later than 30 days after the transfer.
SECTION_83B_DAYS: Final = 30
BOARD_APPROVAL_WEEKS: Final = 6
REVIEW_PREPARATION_WEEKS: Final = 8
YEARS_SHOWN: Final = 5
BUYABLE: Final = frozenset(
    {
        EquityGrant.CompensationType.RESTRICTED_STOCK,
        EquityGrant.CompensationType.PROFIT_UNIT,
    }
)
OPTIONS: Final = frozenset({EquityGrant.CompensationType.ISO, EquityGrant.CompensationType.NSO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One day after signing. Its words name no amount and no company: calendars are read by others."""

    key: str
    day: dt.date
    title: str
    note: str = ""
    is_assumed: bool = False


def milestones(talk: Negotiation, terms: Terms, *, start_date: dt.date) -> list[Milestone]:
    """Return the days that follow from the accepted terms, in order."""
    found = [Milestone(key="start", day=start_date, title="First day")]
    for place, grant in enumerate(terms.grants, start=1):
        found += _vesting(grant, place, start_date)
        found += _elections(talk, grant, place)
    for payment in terms.payments:
        if payment.is_repayment_stated and payment.repayment_months:
            paid_on = add_months(start_date, payment.month)
            found.append(
                Milestone(
                    key=f"clawback-{payment.position}",
                    day=add_months(paid_on, payment.repayment_months),
                    title=f"Nothing of the {payment.get_kind_display().lower()} must be paid back any more",
                )
            )
    if terms.grants and talk.board_approval_date is None:
        signed = talk.signed_date or start_date
        found.append(
            Milestone(
                key="board",
                day=signed + dt.timedelta(weeks=BOARD_APPROVAL_WEEKS),
                title="Ask whether the board has approved the grant, if nobody told you",
            )
        )
    review = talk.review_date or add_months(start_date, 12)
    found.append(
        Milestone(
            key="review-preparation",
            day=review - dt.timedelta(weeks=REVIEW_PREPARATION_WEEKS),
            title="Prepare your review: results, fresh market figures, one ask",
            is_assumed=talk.review_date is None,
        )
    )
    found.append(
        Milestone(key="review", day=review, title="Review", is_assumed=talk.review_date is None)
    )
    return sorted(found, key=lambda milestone: (milestone.day, milestone.key))


def _vesting(grant: EquityGrant, place: int, start_date: dt.date) -> Iterator[Milestone]:
    """Yield the cliff and every year's end of a schedule, with the share that is vested by then."""
    begins = grant.vesting_start_date or start_date
    is_assumed = not grant.is_vesting_confirmed or grant.vesting_start_date is None
    schedule = vesting_terms(grant)
    months = list(range(1, min(grant.total_months, 12 * YEARS_SHOWN) + 1))
    if grant.vesting_type != EquityGrant.VestingType.PERIODIC:
        months = list(range(1, 12 * min(len(grant.yearly_fractions), YEARS_SHOWN) + 1))
    fractions = vested_fraction(schedule, np.asarray(months, dtype=np.float64))
    by_month = dict(zip(months, fractions.tolist(), strict=True))
    first = next((month for month in months if by_month[month] > 0.0), None)
    if first is not None:
        yield Milestone(
            key=f"cliff-{place}",
            day=add_months(begins, first),
            title=f"First vesting: {by_month[first]:.0%} of the grant",
            is_assumed=is_assumed,
        )
    for month in months:
        if month % 12 == 0 and month != first:
            yield Milestone(
                key=f"vest-{place}-{month}",
                day=add_months(begins, month),
                title=f"{by_month[month]:.0%} of the grant has vested",
                is_assumed=is_assumed,
            )


def _elections(talk: Negotiation, grant: EquityGrant, place: int) -> Iterator[Milestone]:
    can_buy = grant.compensation_type in BUYABLE or (
        grant.compensation_type in OPTIONS and grant.early_exercise == EquityGrant.YesNo.YES
    )
    if can_buy and talk.stock_purchase_date is not None:
        yield Milestone(
            key=f"83b-{place}",
            day=talk.stock_purchase_date + dt.timedelta(days=SECTION_83B_DAYS),
            title="Last day for the 83(b) election",
            note="In the United States, within 30 days of buying stock that has not vested. It "
            "must be posted by then, and there is no second chance. Ask a tax adviser.",
        )
    if grant.compensation_type in OPTIONS and grant.expiry_months:
        granted = talk.board_approval_date or talk.signed_date
        if granted is not None:
            yield Milestone(
                key=f"expiry-{place}",
                day=add_months(granted, grant.expiry_months),
                title="The options expire: exercise before this day or lose them",
                is_assumed=talk.board_approval_date is None,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseWindow:
    """How long options can be exercised after leaving."""

    days: int | None
    leaves_on: dt.date
    last_day: dt.date | None


def exercise_window(grant: EquityGrant, leaves_on: dt.date) -> ExerciseWindow | None:
    """Return until when vested options can be exercised on leaving that day; None for other equity."""
    if grant.compensation_type not in OPTIONS:
        return None
    days = grant.post_termination_window_days
    return ExerciseWindow(
        days=days,
        leaves_on=leaves_on,
        last_day=leaves_on + dt.timedelta(days=days) if days is not None else None,
    )
