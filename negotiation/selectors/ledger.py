"""Promises against a letter: which are in it, which are not, and what got worse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from negotiation.models import Commitment, Component, Negotiation
from offers.models import CashPayment, OfferRevision
from offers.selectors import Change, RevisionComparison, Terms, revision_comparison, terms_of

OPEN: Final = (Commitment.State.VERBAL, Commitment.State.ASKED)
ZERO: Final = Decimal(0)
# Lines of a comparison in which more is plainly better for the user, and in which it is worse.
BETTER_UP: Final = frozenset(
    {"Base salary", "Target bonus", "Target bonus, a year", "Guaranteed bonus, first year"}
)
BETTER_UP_ENDINGS: Final = (
    "units",
    "share of the company",
    "value",
    "acceleration, of unvested",
    "days to exercise after leaving",
    "months until it expires",
    "participation cap, times",
    "amount",
    "a year",
    "once",
    "match",
    "match, up to of base",
)
WORSE_UP_ENDINGS: Final = ("exercise price", "paid after months", "lock-up, months")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise, and what the letter says about it."""

    commitment: Commitment
    letter_amount: Decimal | None
    is_found: bool
    is_checkable: bool
    """Whether a figure decides it; words the user must read for themselves."""

    @property
    def is_open(self) -> bool:
        return self.commitment.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedChange:
    """One changed line with whether it got worse; None where neither direction is plainly worse."""

    change: Change
    is_worse: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Every promise of a talk, read against its current letter and the letter before that."""

    revision: OfferRevision
    is_written: bool
    promises: tuple[Promise, ...]
    comparison: RevisionComparison | None
    changes: tuple[JudgedChange, ...]

    @property
    def open(self) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.promises if promise.is_open)

    @property
    def missing(self) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.open if not promise.is_found)

    @property
    def found(self) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.open if promise.is_found)

    @property
    def worse(self) -> tuple[JudgedChange, ...]:
        return tuple(change for change in self.changes if change.is_worse)


def ledger(talk: Negotiation, *, horizon_years: int) -> Ledger:
    """Return the promises of a talk against its current revision, and what changed since the last."""
    revisions = list(
        OfferRevision.objects.filter(offer_id=talk.offer_id).with_terms().order_by("-number")[:2]
    )
    current = revisions[0]
    terms = terms_of(current)
    is_written = current.source == OfferRevision.Source.WRITTEN
    comparison = (
        revision_comparison(revisions[1], current, horizon_years=horizon_years)
        if len(revisions) > 1
        else None
    )
    rows = talk.commitments.select_related("found_in_revision", "call").order_by("said_date", "pk")
    return Ledger(
        revision=current,
        is_written=is_written,
        promises=tuple(read_promise(row, terms, is_written=is_written) for row in rows),
        comparison=comparison,
        changes=judged(comparison.changes) if comparison is not None else (),
    )


def read_promise(row: Commitment, terms: Terms, *, is_written: bool) -> Promise:
    """Return a promise with what the letter says; it is found where the letter says as much or more."""
    stated = stated_in(terms, row.component)
    wanted = row.quantity if row.component == Component.EQUITY and row.quantity else row.amount
    is_checkable = wanted is not None and row.component in {
        Component.BASE,
        Component.BONUS,
        Component.SIGN_ON,
        Component.EQUITY,
        Component.RELOCATION,
    }
    is_kept = (
        is_written
        and is_checkable
        and stated is not None
        and wanted is not None
        and stated >= wanted
    )
    return Promise(
        commitment=row,
        letter_amount=stated if is_checkable else None,
        is_found=is_kept or row.state == Commitment.State.FOUND,
        is_checkable=is_checkable,
    )


def stated_in(terms: Terms, component: str) -> Decimal | None:
    """Return what the terms say about a component: money, or for equity the number of units."""
    revision = terms.revision
    if component == Component.BASE:
        base: Decimal | None = revision.base_salary
        return base
    if component == Component.BONUS:
        if revision.bonus_basis == OfferRevision.BonusBasis.PERCENT:
            target = (revision.base_salary or ZERO) * (revision.target_bonus_fraction or ZERO)
        else:
            target = revision.target_bonus or ZERO
        return max(target, revision.guaranteed_bonus or ZERO)
    if component == Component.EQUITY:
        stated: list[Decimal] = [
            grant.quantity for grant in terms.grants if grant.quantity is not None
        ]
        return sum(stated, ZERO) if stated else None
    kinds = {
        Component.SIGN_ON: CashPayment.Kind.SIGN_ON,
        Component.RELOCATION: CashPayment.Kind.RELOCATION,
    }
    kind = kinds.get(Component(component))
    return _paid(terms.payments, kind) if kind is not None else None


def judged(changes: Iterable[Change]) -> tuple[JudgedChange, ...]:
    """Return the changes with whether each got worse."""
    return tuple(JudgedChange(change=change, is_worse=_is_worse(change)) for change in changes)


def _is_worse(change: Change) -> bool | None:
    before, after = change.before, change.after
    ending = change.label.rsplit(", ", 1)[-1]
    whole = change.label if change.label in BETTER_UP else ""
    tail = next(
        (name for name in BETTER_UP_ENDINGS if change.label.endswith(name) or ending == name), ""
    )
    if change.is_gone:
        return True if whole or tail else None
    if not (_is_number(before) and _is_number(after)):
        return None
    if any(change.label.endswith(name) for name in WORSE_UP_ENDINGS):
        return bool(after > before)
    return bool(after < before) if whole or tail else None


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def _paid(payments: Sequence[CashPayment], kind: str) -> Decimal:
    return sum((payment.amount for payment in payments if payment.kind == kind), ZERO)
