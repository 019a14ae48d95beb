"""An exit: what is deducted on the way, what a public offering converts, and who is paid what."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from offers.valuation.bounds import check_number, check_rate, exact
from offers.valuation.captable import CapTable, Participation, StockClass, StockClassType
from offers.valuation.waterfall import PayoutCurve, payout_curve


class ExitType(StrEnum):
    """How the company changes hands."""

    SALE = "sale"
    IPO = "ipo"


class NetProceeds(NamedTuple):
    """What is left for the holders, and what the management plan took ahead of them; exact."""

    net_proceeds: Fraction
    carve_out_paid: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Deductions:
    """What is paid ahead of all holders, in this order, each floored at what is left.

    `transaction_fee_rate` is of the exit proceeds, `carve_out_rate` of what debt and fees leave.
    """

    debt: float = 0.0
    transaction_fees: float = 0.0
    transaction_fee_rate: float = 0.0
    carve_out_rate: float = 0.0
    carve_out: float = 0.0

    def __post_init__(self) -> None:
        """Check every figure."""
        check_number("debt", self.debt)
        check_number("transaction_fees", self.transaction_fees)
        check_rate("transaction_fee_rate", self.transaction_fee_rate)
        check_rate("carve_out_rate", self.carve_out_rate)
        check_number("carve_out", self.carve_out)

    def apply(self, exit_proceeds: float) -> NetProceeds:
        """Return what an exit leaves for the holders, and what the carve-out took of it."""
        proceeds = exact(exit_proceeds)
        costs = exact(self.debt) + exact(self.transaction_fees)
        left = max(Fraction(0), proceeds * (1 - exact(self.transaction_fee_rate)) - costs)
        carved_out = min(left, left * exact(self.carve_out_rate) + exact(self.carve_out))
        return NetProceeds(left - carved_out, carved_out)


NO_DEDUCTIONS: Final = Deductions()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitScenario:
    """A price for the whole company, before deductions."""

    exit_proceeds: float
    exit_type: ExitType = ExitType.SALE
    deductions: Deductions = NO_DEDUCTIONS

    def __post_init__(self) -> None:
        """Check the price."""
        check_number("exit_proceeds", self.exit_proceeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitPayouts:
    """Who is paid what in one exit; amounts are the floats nearest to the exact answer.

    Attributes
    ----------
    common_payout_per_share
        The residual price of one common share.
    payouts, payouts_per_share
        By class id; per share that counts, 0 for a class without any.
    converted_classes, exercised_classes
        Ids of those that gain by it, strictly, and of those a public offering converts.
    """

    scenario: ExitScenario
    net_proceeds: float
    carve_out_paid: float
    common_payout_per_share: float
    payouts: Mapping[str, float]
    payouts_per_share: Mapping[str, float]
    converted_classes: tuple[str, ...]
    exercised_classes: tuple[str, ...]


def exit_payouts(
    cap_table: CapTable, scenario: ExitScenario, *, sale_curve: PayoutCurve | None = None
) -> ExitPayouts:
    """Return what every class is paid in an exit.

    Parameters
    ----------
    cap_table
        Any mix of classes.
    scenario
        A sale, or a public offering, which may convert some preferred by force. For all others the
        rules of a sale hold, so a payout can fall as an offering grows past a threshold.
    sale_curve
        `payout_curve(cap_table)`, if the caller has it: it serves every exit that forces nobody.
    """
    net_proceeds, carve_out_paid = scenario.deductions.apply(scenario.exit_proceeds)
    forced: frozenset[str] = frozenset()
    if scenario.exit_type is ExitType.IPO:
        forced = _converted_by_force(cap_table, net_proceeds)
    curve = sale_curve
    if curve is None or forced:
        curve = payout_curve(cap_table, converted_by_force=forced)

    payouts, common_price = curve.exact_payouts(net_proceeds)
    by_id = dict(zip(curve.class_ids, payouts, strict=True))
    deciding = forced | curve.deciding_classes(net_proceeds)
    return ExitPayouts(
        scenario=scenario,
        net_proceeds=float(net_proceeds),
        carve_out_paid=float(carve_out_paid),
        common_payout_per_share=float(common_price),
        payouts={class_id: float(payout) for class_id, payout in by_id.items()},
        payouts_per_share={
            stock_class.id: float(by_id[stock_class.id] / shares)
            if (shares := stock_class.counted_shares)
            else 0.0
            for stock_class in cap_table.classes
        },
        converted_classes=tuple(
            stock_class.id
            for stock_class in cap_table.classes
            if stock_class.id in deciding and stock_class.type is StockClassType.PREFERRED
        ),
        exercised_classes=tuple(
            stock_class.id
            for stock_class in cap_table.classes
            if stock_class.id in deciding and stock_class.type is not StockClassType.PREFERRED
        ),
    )


def fully_converted_price_per_share(cap_table: CapTable, net_proceeds: Fraction) -> Fraction:
    """Return the price per share if everything converted and every option in the money exercised.

    It is (net proceeds + exercise money) / (all issued shares as converted + those options), where
    the options are those in the money at this very price; 0 if there is no share at all. A profits
    interest counts as issued in full; preferred that can neither convert nor participate does not.
    """
    shares, money = Fraction(0), net_proceeds
    options: list[tuple[Fraction, Fraction]] = []
    for stock_class in cap_table.classes:
        if stock_class.type in (StockClassType.OPTION, StockClassType.WARRANT):
            options.append((exact(stock_class.exercise_price or 0.0), stock_class.counted_shares))
        else:
            shares += _shares_on_full_conversion(stock_class)
    for exercise_price, optioned_shares in sorted(options):
        # Asked without dividing: is the price so far, money / shares, above the exercise price?
        if money > exercise_price * shares:
            money += exercise_price * optioned_shares
            shares += optioned_shares
    return money / shares if shares else Fraction(0)


def _shares_on_full_conversion(stock_class: StockClass) -> Fraction:
    """Return the common shares that a class stands for once everything has converted."""
    is_redeemed = (
        stock_class.type is StockClassType.PREFERRED
        and stock_class.conversion_rights is None
        and stock_class.participation is Participation.NONE
    )
    return Fraction(0) if is_redeemed else stock_class.as_converted_shares


def _converted_by_force(cap_table: CapTable, net_proceeds: Fraction) -> frozenset[str]:
    """Return the ids of the classes that a public offering of this size converts."""
    price = fully_converted_price_per_share(cap_table, net_proceeds)
    return frozenset(
        stock_class.id
        for stock_class in cap_table.classes
        if (rights := stock_class.conversion_rights) is not None
        and stock_class.type is StockClassType.PREFERRED
        and rights.is_mandatory_on_ipo
        and price >= exact(rights.minimum_ipo_price_per_share)
        and net_proceeds >= exact(rights.minimum_ipo_proceeds)
    )
