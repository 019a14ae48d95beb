"""What changed between two revisions, line by line, in the words of the form."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final, TypeVar

from django.db import models

from offers.models import Benefit, CashPayment, EquityGrant
from offers.selectors.terms import Terms

Row = TypeVar("Row", bound=models.Model)
# How a page shows a value: the name of the filter, or `text`.
Kind = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of two revisions; None is "not stated", a missing row is `is_added` or `is_gone`."""

    label: str
    kind: Kind
    before: Any
    after: Any

    @property
    def is_added(self) -> bool:
        return self.before is None and self.after is not None

    @property
    def is_gone(self) -> bool:
        return self.before is not None and self.after is None


@dataclass(frozen=True, slots=True)
class Line:
    """How to read one line from a row."""

    label: str
    kind: Kind
    read: Callable[[Any], Any]


def _choice(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, f"get_{name}_display")()


def _plain(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def _vesting(grant: EquityGrant) -> str:
    return vesting_in_words(grant)


def _repayment(payment: CashPayment) -> str:
    return repayment_in_words(payment)


REVISION: Final = (
    Line("How it was said", "text", _choice("source")),
    Line("Base salary", "money", _plain("base_salary")),
    Line("Bonus", "text", _choice("bonus_basis")),
    Line("Target bonus", "percent", _plain("target_bonus_fraction")),
    Line("Target bonus, a year", "money", _plain("target_bonus")),
    Line("Guaranteed bonus, first year", "money", _plain("guaranteed_bonus")),
)
GRANT: Final = (
    Line("type", "text", _choice("compensation_type")),
    Line("units", "shares", _plain("quantity")),
    Line("share of the company", "ownership", _plain("ownership_fraction")),
    Line("value", "money", _plain("grant_value")),
    Line("exercise price", "per_share", _plain("exercise_price")),
    Line("vesting", "text", _vesting),
    Line("acceleration", "text", _choice("acceleration")),
    Line("acceleration, of unvested", "percent", _plain("acceleration_fraction")),
    Line("days to exercise after leaving", "number", _plain("post_termination_window_days")),
    Line("exercise before vesting", "text", _choice("early_exercise")),
    Line("months until it expires", "number", _plain("expiry_months")),
    Line("participation cap, times", "number", _plain("participation_cap_multiple")),
    Line("lock-up, months", "number", _plain("lock_months")),
)
PAYMENT: Final = (
    Line("amount", "money", _plain("amount")),
    Line("paid after months", "number", _plain("month")),
    Line("repayment", "text", _repayment),
)
BENEFIT: Final = (
    Line("a year", "money", _plain("yearly_value")),
    Line("once", "money", _plain("one_time_value")),
    Line("match", "percent", _plain("match_fraction")),
    Line("match, up to of base", "percent", _plain("match_limit_fraction")),
)


def revision_changes(before: Terms, after: Terms) -> tuple[Change, ...]:
    """Return the lines that differ, in the order of the form; grants and payments pair by place."""
    lines = [
        *_lines("", REVISION, before.revision, after.revision),
        *_paired("Equity", GRANT, before.grants, after.grants),
        *_paired("Payment", PAYMENT, before.payments, after.payments),
        *_paired("Benefit", BENEFIT, before.benefits, after.benefits),
    ]
    return tuple(change for change in lines if change.before != change.after)


def vesting_in_words(grant: EquityGrant) -> str:
    """Return the schedule as people say it: "48 months, 12-month cliff, monthly"."""
    if grant.vesting_type == EquityGrant.VestingType.YEARLY:
        years = ", ".join(f"{part * 100:.4g}%" for part in grant.yearly_fractions)
        text = f"{years} by year"
    else:
        text = f"{grant.total_months} months"
    text += f", {grant.cliff_months}-month cliff" if grant.cliff_months else ", no cliff"
    every = {1: "monthly", 3: "quarterly", 6: "every half year", 12: "yearly"}
    return f"{text}, {every.get(grant.period_months, f'every {grant.period_months} months')}"


def repayment_in_words(payment: CashPayment) -> str:
    """Return what must be paid back on leaving early, or that the letter does not say."""
    if not payment.is_repayment_stated:
        return "Not stated"
    if payment.repayment_months == 0:
        return "No repayment"
    share = "a falling part" if payment.is_repayment_prorated else "all of it"
    return f"Repay {share} if you leave within {payment.repayment_months} months"


def _paired(
    noun: str, lines: Sequence[Line], before: Sequence[Row], after: Sequence[Row]
) -> Iterator[Change]:
    for place, (old, new) in enumerate(zip_longest(before, after), start=1):
        name = _name(noun, place, new or old, n_rows=max(len(before), len(after)))
        yield from _lines(f"{name}, ", lines, old, new)


def _lines(
    prefix: str, lines: Sequence[Line], before: models.Model | None, after: models.Model | None
) -> Iterator[Change]:
    for line in lines:
        yield Change(
            label=f"{prefix}{line.label}",
            kind=line.kind,
            before=line.read(before) if before is not None else None,
            after=line.read(after) if after is not None else None,
        )


def _name(noun: str, place: int, row: Any, *, n_rows: int) -> str:
    if isinstance(row, CashPayment | Benefit):
        return str(row.get_kind_display())
    return noun if n_rows == 1 else f"{noun} {place}"
