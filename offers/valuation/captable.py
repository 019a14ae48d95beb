"""Stock classes and cap tables, in the words of the Open Cap Format.

Every figure is a float, as typed. What follows from the figures (`claim`, `as_converted_shares`)
is an exact rational, computed from the decimals that the floats stand for, so that a tie is a tie.
"""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Final

from offers.valuation.bounds import (
    LARGEST,
    InvalidFigure,
    check_number,
    check_positive,
    check_rate,
    exact,
)

MAX_CLASSES: Final = 500
MAX_DIVIDEND_YEARS: Final = 100.0


class StockClassType(StrEnum):
    """What a class is, and so how it shares in an exit."""

    COMMON = "common"
    RSU = "rsu"
    PREFERRED = "preferred"
    OPTION = "option"
    WARRANT = "warrant"
    PROFITS_INTEREST = "profits_interest"
    UNISSUED_POOL = "unissued_pool"


class Participation(StrEnum):
    """Whether preferred shares in the rest beside its preference."""

    NONE = "none"
    FULL = "full"
    CAPPED = "capped"


class UnvestedTreatment(StrEnum):
    """What an exit does to unvested shares: only forfeited ones do not count."""

    FORFEITED = "forfeited"
    ASSUMED = "assumed"
    ACCELERATED = "accelerated"


class DividendType(StrEnum):
    """How dividends accrue on the money invested; non-cumulative ones do not, unless declared."""

    NON_CUMULATIVE = "non_cumulative"
    CUMULATIVE_SIMPLE = "cumulative_simple"
    CUMULATIVE_COMPOUND = "cumulative_compound"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionRights:
    """The right to exchange preferred for common: one for one unless a ratio or a price says else.

    Parameters
    ----------
    ratio
        Common shares per preferred share.
    conversion_price
        Instead of the ratio, which is then the price per share over the conversion price.
    is_mandatory_on_ipo
        Whether a public offering that meets both minima converts the class by force.
    minimum_ipo_price_per_share
        Fully converted price per share that the offering has to reach.
    minimum_ipo_proceeds
        Net proceeds that the offering has to reach.
    """

    ratio: float | None = None
    conversion_price: float | None = None
    is_mandatory_on_ipo: bool = False
    minimum_ipo_price_per_share: float = 0.0
    minimum_ipo_proceeds: float = 0.0

    def __post_init__(self) -> None:
        """Check the figures, and that the ratio is given once."""
        if self.ratio is not None:
            check_positive("ratio", self.ratio)
        if self.conversion_price is not None:
            check_positive("conversion_price", self.conversion_price)
            if self.ratio is not None:
                raise InvalidFigure("conversion_price", "cannot stand beside ratio")
        check_number("minimum_ipo_price_per_share", self.minimum_ipo_price_per_share)
        check_number("minimum_ipo_proceeds", self.minimum_ipo_proceeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dividends:
    """Dividends: a rate over some years, a fixed sum, or both.

    Non-cumulative ones never accrue: they are owed only once declared, as `accrued_amount`. All
    others accrue on the money invested, not on the preference multiple, and join the claim. On
    conversion they are lost unless `is_paid_on_conversion`.
    """

    type: DividendType | None = None
    rate: float | None = None
    years: float | None = None
    accrued_amount: float | None = None
    is_paid_on_conversion: bool = False

    def __post_init__(self) -> None:
        """Check the figures, and that a rate has its years and its type."""
        is_accruing = self.rate is not None or self.years is not None
        if is_accruing or self.accrued_amount is None:
            for field in ("type", "rate", "years"):
                if getattr(self, field) is None:
                    raise InvalidFigure(field, "is required")
        if self.rate is not None and self.years is not None:
            check_rate("rate", self.rate)
            check_number("years", self.years, maximum=MAX_DIVIDEND_YEARS)
        if self.accrued_amount is not None:
            check_number("accrued_amount", self.accrued_amount)

    def accrued(self, invested: Fraction) -> Fraction:
        """Return what has accrued on the money invested, exactly.

        Only compounding over a broken number of years is irrational; it is the nearest float.
        """
        fixed = exact(self.accrued_amount or 0.0)
        if self.rate is None or self.years is None:
            return fixed
        if self.type is DividendType.NON_CUMULATIVE:
            return fixed
        rate, years = exact(self.rate), exact(self.years)
        if self.type is DividendType.CUMULATIVE_SIMPLE:
            return fixed + invested * rate * years
        if years.denominator == 1:
            growth = (1 + rate) ** years.numerator
        else:
            growth = Fraction((1.0 + self.rate) ** self.years)
        return fixed + invested * (growth - 1)


_FIELDS_OF_EVERY_TYPE: Final = ("id", "type", "shares", "unvested_shares", "unvested_treatment")
_FIELDS_OF_TYPE: Final[dict[StockClassType, tuple[str, ...]]] = {
    StockClassType.COMMON: (),
    StockClassType.RSU: (),
    StockClassType.PREFERRED: (
        "price_per_share",
        "invested_amount",
        "seniority",
        "liquidation_preference_multiple",
        "participation",
        "participation_cap_multiple",
        "is_cap_excluding_preference",
        "conversion_rights",
        "dividends",
    ),
    StockClassType.OPTION: ("exercise_price",),
    StockClassType.WARRANT: ("exercise_price",),
    StockClassType.PROFITS_INTEREST: ("participation_threshold_per_share",),
    StockClassType.UNISSUED_POOL: (),
}


@cache
def stock_class_fields(stock_class_type: StockClassType) -> frozenset[str]:
    """Return the names of the fields that mean something for the type."""
    return frozenset(_FIELDS_OF_EVERY_TYPE + _FIELDS_OF_TYPE[stock_class_type])


@dataclass(frozen=True, slots=True, kw_only=True)
class StockClass:
    """One line of a cap table.

    Parameters
    ----------
    id
        Unique in its cap table.
    shares
        Vested and issued; for a preferred class, before conversion.
    unvested_shares, unvested_treatment
        Shares that the exit forfeits, or else counts.
    exercise_price
        Of an option or a warrant, per share.
    participation_threshold_per_share
        Of a profits interest: it shares in what each share receives above it.
    price_per_share, invested_amount
        Of preferred, one of the two: the original issue price, or the money for the whole class.
    seniority
        A higher number is paid first; equal numbers share in proportion to their claims.
    liquidation_preference_multiple
        Times the money invested.
    participation_cap_multiple
        Times the money invested: the most the class takes without converting, preference included
        unless `is_cap_excluding_preference`. It never cuts the claim itself.
    conversion_rights
        `None` cannot convert; if it participates, one share counts as one.
    """

    id: str
    type: StockClassType
    shares: float
    unvested_shares: float = 0.0
    unvested_treatment: UnvestedTreatment | None = None
    exercise_price: float | None = None
    participation_threshold_per_share: float | None = None
    price_per_share: float | None = None
    invested_amount: float | None = None
    seniority: float = 1.0
    liquidation_preference_multiple: float = 1.0
    participation: Participation = Participation.NONE
    participation_cap_multiple: float | None = None
    is_cap_excluding_preference: bool = False
    conversion_rights: ConversionRights | None = ConversionRights()
    dividends: Dividends | None = None

    def __post_init__(self) -> None:
        """Check every figure, and that none is missing or out of place."""
        self._check_own_fields()
        check_number("shares", self.shares)
        check_number("unvested_shares", self.unvested_shares)
        if self.unvested_shares and self.unvested_treatment is None:
            raise InvalidFigure("unvested_treatment", "is required beside unvested_shares")
        match self.type:
            case StockClassType.OPTION | StockClassType.WARRANT:
                self._check_required("exercise_price")
            case StockClassType.PROFITS_INTEREST:
                self._check_required("participation_threshold_per_share")
            case StockClassType.PREFERRED:
                self._check_preferred()

    def _check_own_fields(self) -> None:
        """Refuse a blank id, and any figure that the type has no use for."""
        if not self.id.strip():
            raise InvalidFigure("id", "must not be blank")
        own_fields = stock_class_fields(self.type)
        for field in dataclasses.fields(self):
            if field.name not in own_fields and getattr(self, field.name) != field.default:
                raise InvalidFigure(field.name, f"is not a field of the type {self.type}")

    def _check_required(self, field: str) -> None:
        """Check a figure that has to be there."""
        value: float | None = getattr(self, field)
        if value is None:
            raise InvalidFigure(field, "is required")
        check_number(field, value)

    def _check_preferred(self) -> None:
        """Check what only preferred has."""
        if self.price_per_share is not None and self.invested_amount is not None:
            raise InvalidFigure("invested_amount", "cannot stand beside price_per_share")
        if self.invested_amount is not None:
            check_number("invested_amount", self.invested_amount)
        elif self.price_per_share is not None:
            check_number("price_per_share", self.price_per_share)
        else:
            raise InvalidFigure("price_per_share", "is required, or invested_amount instead")
        check_number("seniority", self.seniority, minimum=-LARGEST)
        check_number("liquidation_preference_multiple", self.liquidation_preference_multiple)
        is_capped = self.participation is Participation.CAPPED
        if is_capped or self.participation_cap_multiple is not None:
            self._check_required("participation_cap_multiple")

    @property
    def counted_shares(self) -> Fraction:
        """Shares that count in an exit, before conversion: the pool never does."""
        if self.type is StockClassType.UNISSUED_POOL:
            return Fraction(0)
        if self.unvested_treatment in (UnvestedTreatment.ASSUMED, UnvestedTreatment.ACCELERATED):
            return exact(self.shares) + exact(self.unvested_shares)
        return exact(self.shares)

    @property
    def invested(self) -> Fraction:
        """Money paid for the whole class; 0 unless preferred."""
        if self.invested_amount is not None:
            return exact(self.invested_amount)
        return exact(self.price_per_share or 0.0) * self.counted_shares

    @property
    def accrued_dividends(self) -> Fraction:
        """Dividends that have accrued and were not paid."""
        return Fraction(0) if self.dividends is None else self.dividends.accrued(self.invested)

    @property
    def kept_dividends(self) -> Fraction:
        """The part of the claim that survives conversion."""
        is_kept = self.dividends is not None and self.dividends.is_paid_on_conversion
        return self.accrued_dividends if is_kept else Fraction(0)

    @property
    def claim(self) -> Fraction:
        """What the class is owed before anybody shares in the rest; 0 unless preferred."""
        return exact(self.liquidation_preference_multiple) * self.invested + self.accrued_dividends

    @property
    def as_converted_shares(self) -> Fraction:
        """Common shares that the class counts as when it shares in the rest.

        A class that cannot convert counts one for one. Without shares, nothing converts, whatever
        was invested.
        """
        rights = self.conversion_rights
        if rights is None or self.type is not StockClassType.PREFERRED or not self.counted_shares:
            return self.counted_shares
        if rights.conversion_price is not None:
            return self.invested / exact(rights.conversion_price)
        return self.counted_shares * exact(1.0 if rights.ratio is None else rights.ratio)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapTable:
    """Every stock class of a company; their order means nothing."""

    classes: tuple[StockClass, ...]

    def __post_init__(self) -> None:
        """Check their number, and that no two share an id; the later one is at fault."""
        if not 1 <= len(self.classes) <= MAX_CLASSES:
            raise InvalidFigure("classes", f"must have 1 to {MAX_CLASSES} elements")
        seen: set[str] = set()
        for index, stock_class in enumerate(self.classes):
            if stock_class.id in seen:
                raise InvalidFigure(f"classes[{index}].id", "is the id of an earlier class")
            seen.add(stock_class.id)
