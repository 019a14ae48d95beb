"""Splitting a rise over components, and packages that close the same gap in different ways.

References
----------
Handbook 3.3 step 3 and 3.4, "Packages of equal value". Worked numbers: docs/negotiation.md#packages.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from negotiation.bargaining.exchange import (
    EquityUnit,
    PayAssumptions,
    SignOnTerms,
    base_unit_value,
    sign_on_value,
    units_for_value,
)
from negotiation.bargaining.figures import InvalidFigure, check_range


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How far one component usually moves, in money a year, and what one unit of it counts for.

    `most_rise` is in the component's own money; `yearly_weight` turns it into money a year: 1 for
    base salary without a bonus, a quarter for a sign-on seen over four years.
    """

    component: str
    most_rise: float
    yearly_weight: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a room that would shrink the ask."""
        check_range("most_rise", self.most_rise)
        check_range("yearly_weight", self.yearly_weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A rise over components, in each one's own money; `left_over` is beyond the usual room."""

    rises: tuple[tuple[str, float], ...]
    left_over: float

    def rise(self, component: str) -> float:
        """Return the rise of one component."""
        return dict(self.rises).get(component, 0.0)


def split_rise(rise: float, rooms: Sequence[Room]) -> Split:
    """Return the rise spread over components, each filled up to its room in the order given."""
    check_range("rise", rise)
    if len({room.component for room in rooms}) != len(rooms):
        raise InvalidFigure("a component has one room")
    left = rise
    rises = []
    for room in rooms:
        counted = min(left, room.most_rise * room.yearly_weight)
        rises.append((room.component, counted / room.yearly_weight if room.yearly_weight else 0.0))
        left -= counted
    return Split(rises=tuple(rises), left_over=max(left, 0.0))


class PackageKind(StrEnum):
    """How a package closes the gap."""

    SIGN_ON = "sign_on"
    EQUITY = "equity"
    HALF_HALF = "half_half"
    BASE_AND_REVIEW = "base_and_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One way to close a gap. `excess` is what it is worth above the gap, in the user's favour.

    With a sign-on in it the excess is below one unit of money; of equity alone, below one share.
    """

    kind: PackageKind
    base_rise: float = 0.0
    sign_on: float = 0.0
    units: int = 0
    has_review: bool = False
    value_today: float
    excess: float

    @property
    def is_rounded_up(self) -> bool:
        """Say whether whole shares carry the package past the gap."""
        return self.units > 0 and self.excess > 0.005


def equal_value_packages(
    gap_today: float,
    assumptions: PayAssumptions,
    *,
    unit: EquityUnit | None = None,
    sign_on_terms: SignOnTerms | None = None,
    is_base_open: bool = True,
    is_equity_open: bool = True,
    is_sign_on_open: bool = True,
    base_step: float = 500.0,
) -> tuple[Package, ...]:
    """Return the packages that are worth the gap today, as far as their components can move."""
    check_range("gap_today", gap_today)
    terms = sign_on_terms or SignOnTerms()
    has_cash = is_sign_on_open and terms.kept_fraction > 0.0
    has_units = is_equity_open and unit is not None and unit.value_today > 0.0
    packages: list[Package] = []
    if has_cash:
        packages.append(_package(PackageKind.SIGN_ON, gap_today, assumptions, terms))
    if has_units and unit is not None:
        if has_cash:
            units = units_for_value(gap_today / 2.0, unit) or 0
            packages.append(
                _package(
                    PackageKind.HALF_HALF, gap_today, assumptions, terms, unit=unit, units=units
                )
            )
        units = units_for_value(gap_today, unit) or 0
        packages.append(
            _package(PackageKind.EQUITY, gap_today, assumptions, terms, unit=unit, units=units)
        )
    if is_base_open and has_cash:
        rise = gap_today / 2.0 / base_unit_value(assumptions)
        packages.append(
            _package(
                PackageKind.BASE_AND_REVIEW,
                gap_today,
                assumptions,
                terms,
                base_rise=math.floor(rise / base_step) * base_step,
            )
        )
    return tuple(packages)


def moved_gap(
    gap_today: float,
    assumptions: PayAssumptions,
    *,
    to: PackageKind,
    unit: EquityUnit | None = None,
    sign_on_terms: SignOnTerms | None = None,
) -> Package | None:
    """Return the package of this kind that closes the gap while base salary stays where it is."""
    packages = equal_value_packages(
        gap_today, assumptions, unit=unit, sign_on_terms=sign_on_terms, is_base_open=False
    )
    return next((package for package in packages if package.kind is to), None)


def _package(
    kind: PackageKind,
    gap: float,
    assumptions: PayAssumptions,
    terms: SignOnTerms,
    *,
    base_rise: float = 0.0,
    unit: EquityUnit | None = None,
    units: int = 0,
) -> Package:
    """Return the package with a sign-on that fills what its other parts leave open."""
    value = base_rise * base_unit_value(assumptions)
    value += units * unit.value_today if unit is not None else 0.0
    sign_on = 0.0
    if kind is not PackageKind.EQUITY and value < gap:
        # Whole units of money, up: a hair above a whole one is rounding of our own.
        sign_on = float(math.ceil(round((gap - value) / terms.kept_fraction, 6)))
    value += sign_on_value(sign_on, terms)
    return Package(
        kind=kind,
        base_rise=base_rise,
        sign_on=sign_on,
        units=units,
        has_review=kind is PackageKind.BASE_AND_REVIEW,
        value_today=value,
        excess=max(value - gap, 0.0),
    )
