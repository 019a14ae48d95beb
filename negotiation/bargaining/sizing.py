"""How much to ask for, and never more than the evidence can justify.

References
----------
Handbook 3.2 and 3.3. Worked numbers: docs/negotiation.md#sizing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np

from negotiation.bargaining.figures import InvalidFigure, check_range

FindingValue: TypeAlias = float | int | str

# What coaching programmes and communities of people who share offers report, of total pay a year.
# Reported by people who sought help: an upper envelope, and no promise.
REPORTED_ENVELOPE: Final = (0.10, 0.20, 0.30)


@dataclass(frozen=True, slots=True, kw_only=True)
class SizingRules:
    """The handbook's defaults; all of them can be set."""

    above_target_fraction: float = 0.05
    above_offer_fraction: float = 0.10
    most_above_offer_fraction: float = 0.30
    strong_offer_fractions: tuple[float, float] = (0.03, 0.08)
    least_sample: int = 5
    least_matched_sample: int = 3
    least_tail_sample: int = 10
    stale_months: int = 18
    expired_months: int = 36


class EvidenceFinding(StrEnum):
    """What to say about an ask or what it rests on."""

    NO_EVIDENCE = "no_evidence"
    THIN = "thin"
    NO_TAIL = "no_tail"
    STALE = "stale"
    EXPIRED = "expired"
    WIDENED = "widened"
    MODELLED = "modelled"
    OFFER_STRONG = "offer_strong"
    OFFER_AT_TOP = "offer_at_top"
    OFFER_LOW = "offer_low"
    CAPPED_BY_EVIDENCE = "capped_by_evidence"
    CAPPED_BY_OFFER = "capped_by_offer"
    OUTSIDE_EVIDENCE = "outside_evidence"
    BELOW_WALK_AWAY = "below_walk_away"
    BEYOND_ROOM = "beyond_room"


@dataclass(frozen=True, slots=True)
class Finding:
    """A doubt to show, with the values behind it."""

    code: EvidenceFinding
    values: tuple[tuple[str, FindingValue], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRange:
    """What comparable packages pay, in the same money as the offer it is held against.

    `low` and `high` are the 25th and 75th percentile. `top`, the 90th, needs ten packages. Where
    there are too few for percentiles, `low` and `high` are the ends of what was seen.
    """

    low: float
    median: float
    high: float
    top: float | None = None
    sample_size: int
    age_months: int = 0
    is_matched: bool = False
    is_modelled: bool = False
    backoff_step: str = ""

    def __post_init__(self) -> None:
        """Refuse a range that is out of order."""
        order = [self.low, self.median, self.high, *([self.top] if self.top is not None else [])]
        if self.low < 0.0 or any(a > b for a, b in pairwise(order)):
            raise InvalidFigure("the percentiles must rise, from zero or more")
        if self.sample_size < 1:
            raise InvalidFigure("a range rests on at least one package")

    def has_percentiles(self, rules: SizingRules) -> bool:
        """Say whether the range may be spoken of in percentiles at all."""
        least = rules.least_matched_sample if self.is_matched else rules.least_sample
        return self.sample_size >= least and not self.is_modelled

    def ceiling(self, rules: SizingRules) -> float:
        """Return the most that this range can justify."""
        if self.top is not None and self.sample_size >= rules.least_tail_sample:
            return self.top
        return self.high

    def percentile(self, percent: float) -> float:
        """Return a percentile between those known, read off the straight line between them."""
        ends = [(25.0, self.low), (50.0, self.median), (75.0, self.high)]
        if self.top is not None:
            ends.append((90.0, self.top))
        return float(np.interp(percent, [at for at, _ in ends], [value for _, value in ends]))


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedAsk:
    """How much to ask for, in the money of the offer; no amount where nothing justifies one."""

    offer: float
    target: float | None
    stretch: float | None
    raw: float | None
    amount: float | None
    findings: tuple[Finding, ...]

    @property
    def rise(self) -> float:
        """Return how much more than the offer is asked for."""
        return 0.0 if self.amount is None else max(self.amount - self.offer, 0.0)

    @property
    def rise_fraction(self) -> float:
        """Return the rise as a fraction of the offer."""
        return self.rise / self.offer if self.offer else 0.0


def reported_envelope(offer: float) -> tuple[float, ...]:
    """Return the offer with 10%, 20% and 30% on top: reported, not promised."""
    return tuple(offer * (1.0 + part) for part in REPORTED_ENVELOPE)


def size_ask(
    offer: float,
    *,
    market: MarketRange | None,
    target_percentile: int,
    competing: float | None = None,
    aspiration: float | None = None,
    stretch: float | None = None,
    reservation: float | None = None,
    rules: SizingRules | None = None,
) -> SizedAsk:
    """Return the ask that this evidence supports.

    Parameters
    ----------
    offer : what is offered, in money a year
    market : what comparable packages pay
    target_percentile : where in the market to aim, unless the user named an `aspiration`
    competing : what a written competing offer comes to in the same money
    stretch, reservation : the user's own bounds; a stretch never lifts what evidence allows

    Notes
    -----
    `raw = max(target x 1.05, offer x 1.10)` and `ask = min(raw, stretch, offer x 1.30)`. An offer
    above the 75th percentile is raised by 3% to 8%; above the 90th by nothing. One below the 25th
    may be raised to the median even past the 30%.
    """
    check_range("offer", offer)
    rules = rules or SizingRules()
    findings = list(_doubts(market, rules))
    usable = market if market is not None and market.age_months <= rules.expired_months else None
    has_percentiles = usable is not None and usable.has_percentiles(rules)
    ceilings = [usable.ceiling(rules)] if usable is not None and not usable.is_modelled else []
    ceilings += [competing] if competing is not None else []
    if not ceilings:
        findings.append(Finding(EvidenceFinding.NO_EVIDENCE))
        return SizedAsk(
            offer=offer,
            target=aspiration,
            stretch=None,
            raw=None,
            amount=None,
            findings=tuple(findings),
        )
    justified = max(ceilings)
    best = min(justified, stretch) if stretch is not None else justified
    target = aspiration
    if target is None and usable is not None and has_percentiles:
        target = usable.percentile(target_percentile)
    if target is None:
        target = justified
    raw = max(
        target * (1.0 + rules.above_target_fraction), offer * (1.0 + rules.above_offer_fraction)
    )
    most = offer * (1.0 + rules.most_above_offer_fraction)
    if usable is not None and has_percentiles:
        raw, most = _by_place(offer, raw, most, usable, rules, findings)
    amount = min(raw, best, most)
    if amount < raw and amount == best:
        findings.append(Finding(EvidenceFinding.CAPPED_BY_EVIDENCE, (("ceiling", best),)))
    elif amount < raw:
        findings.append(Finding(EvidenceFinding.CAPPED_BY_OFFER, (("ceiling", most),)))
    if amount <= offer:
        if not any(finding.code is EvidenceFinding.OFFER_AT_TOP for finding in findings):
            findings.append(Finding(EvidenceFinding.OFFER_AT_TOP, (("ceiling", best),)))
        amount = offer
    if reservation is not None and amount < reservation:
        findings.append(Finding(EvidenceFinding.BELOW_WALK_AWAY))
    return SizedAsk(
        offer=offer,
        target=target,
        stretch=best,
        raw=raw,
        amount=amount,
        findings=tuple(findings),
    )


def check_ask(
    amount: float,
    *,
    market: MarketRange | None,
    competing: float | None = None,
    rules: SizingRules | None = None,
) -> tuple[Finding, ...]:
    """Return what is to be said about an amount that the user typed: outside the evidence, or thin."""
    rules = rules or SizingRules()
    findings = list(_doubts(market, rules))
    usable = market if market is not None and market.age_months <= rules.expired_months else None
    ceilings = [usable.ceiling(rules)] if usable is not None else []
    ceilings += [competing] if competing is not None else []
    if not ceilings:
        findings.append(Finding(EvidenceFinding.NO_EVIDENCE))
    elif amount > max(ceilings):
        findings.append(Finding(EvidenceFinding.OUTSIDE_EVIDENCE, (("ceiling", max(ceilings)),)))
    return tuple(findings)


def round_cash(amount: float, *, not_above: float | None = None) -> float:
    """Return a natural figure: to 500 below 200,000, to 1,000 from there on.

    Rounded to the nearest, and down where the nearest would exceed what can be justified.
    """
    step = 500.0 if amount < 200_000.0 else 1_000.0
    rounded = float(np.floor(amount / step + 0.5) * step)
    if not_above is not None and rounded > not_above:
        return float(np.floor(not_above / step) * step)
    return rounded


def round_units(units: float) -> int:
    """Return whole hundreds of shares, up where the number ends between: in the user's favour."""
    return int(np.ceil(round(units, 6) / 100.0) * 100)


def bolstering_range(target: float, ask: float) -> tuple[float, float]:
    """Return the ask as a range whose low end is the target, so that no end disappoints."""
    return (min(target, ask), ask)


def _by_place(
    offer: float,
    raw: float,
    most: float,
    market: MarketRange,
    rules: SizingRules,
    findings: list[Finding],
) -> tuple[float, float]:
    """Return the raw ask and its cap as the place of the offer in the market changes them."""
    has_tail = market.top is not None and market.sample_size >= rules.least_tail_sample
    if has_tail and market.top is not None and offer >= market.top:
        findings.append(Finding(EvidenceFinding.OFFER_AT_TOP, (("ceiling", market.top),)))
        return offer, offer
    if offer >= market.high:
        least, greatest = rules.strong_offer_fractions
        findings.append(Finding(EvidenceFinding.OFFER_STRONG, (("high", market.high),)))
        bounded = min(max(raw, offer * (1.0 + least)), offer * (1.0 + greatest))
        return bounded, bounded
    if offer < market.low:
        findings.append(Finding(EvidenceFinding.OFFER_LOW, (("low", market.low),)))
        return raw, max(most, market.median)
    return raw, most


def _doubts(market: MarketRange | None, rules: SizingRules) -> Sequence[Finding]:
    if market is None:
        return ()
    found: list[Finding] = []
    n = (("n", market.sample_size),)
    if market.is_modelled:
        found.append(Finding(EvidenceFinding.MODELLED))
    elif not market.has_percentiles(rules):
        found.append(Finding(EvidenceFinding.THIN, n))
    elif market.sample_size < rules.least_tail_sample:
        found.append(Finding(EvidenceFinding.NO_TAIL, n))
    if market.age_months > rules.expired_months:
        found.append(Finding(EvidenceFinding.EXPIRED, (("months", market.age_months),)))
    elif market.age_months > rules.stale_months:
        found.append(Finding(EvidenceFinding.STALE, (("months", market.age_months),)))
    if market.backoff_step:
        found.append(Finding(EvidenceFinding.WIDENED, (("step", market.backoff_step),)))
    return found
