import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.bargaining import (
    EvidenceFinding,
    Factor,
    InvalidFigure,
    MarketRange,
    SizingRules,
    Strength,
    bolstering_range,
    check_ask,
    leverage,
    reported_envelope,
    round_cash,
    round_units,
    size_ask,
)

Found = EvidenceFinding
WORKED = json.loads(
    (Path(__file__).parents[2] / "reference/negotiation/worked_numbers.json").read_text()
)
MARKET = MarketRange(
    low=300_000, median=350_000, high=400_000, top=460_000, sample_size=40, age_months=3
)


def codes(sized):
    return {finding.code for finding in (sized.findings if hasattr(sized, "findings") else sized)}


@st.composite
def markets(draw):
    points = sorted(draw(st.lists(st.floats(1e4, 1e6), min_size=4, max_size=4)))
    return MarketRange(
        low=points[0],
        median=points[1],
        high=points[2],
        top=draw(st.sampled_from([None, points[3]])),
        sample_size=draw(st.integers(1, 60)),
        age_months=draw(st.integers(0, 48)),
        is_matched=draw(st.booleans()),
        is_modelled=draw(st.booleans()),
    )


def test_envelope_is_what_the_handbook_says():
    case = WORKED["envelope"]

    assert reported_envelope(case["offer"]) == pytest.approx(case["asks"])


def test_ask_aims_five_percent_above_the_target():
    sized = size_ask(330_000, market=MARKET, target_percentile=65)

    # The 65th percentile lies at 380,000; 399,000 beats 110% of the offer, 363,000.
    assert sized.target == pytest.approx(380_000)
    assert sized.amount == sized.raw == pytest.approx(399_000)
    assert sized.findings == ()


def test_ask_is_at_least_ten_percent_above_the_offer():
    sized = size_ask(380_000, market=MARKET, target_percentile=50)

    assert sized.amount == pytest.approx(418_000)


def test_ask_never_passes_what_the_evidence_justifies():
    sized = size_ask(390_000, market=MARKET, target_percentile=50, aspiration=450_000)

    assert sized.amount == pytest.approx(460_000)  # 450,000 x 1.05 lies above the 90th percentile
    assert codes(sized) == {Found.CAPPED_BY_EVIDENCE}


def test_ask_is_at_most_thirty_percent_above_the_offer():
    sized = size_ask(305_000, market=MARKET, target_percentile=75)

    assert sized.raw == pytest.approx(420_000)
    assert sized.amount == pytest.approx(305_000 * 1.3)
    assert codes(sized) == {Found.CAPPED_BY_OFFER}


def test_low_offer_may_be_raised_to_the_median():
    sized = size_ask(200_000, market=MARKET, target_percentile=50)

    assert sized.amount == pytest.approx(350_000)
    assert codes(sized) == {Found.OFFER_LOW, Found.CAPPED_BY_OFFER}


def test_strong_offer_is_raised_by_three_to_eight_percent():
    least = size_ask(410_000, market=MARKET, target_percentile=50, aspiration=300_000)
    most = size_ask(410_000, market=MARKET, target_percentile=75, aspiration=440_000)

    assert least.amount == pytest.approx(410_000 * 1.08)  # 110% of the offer, cut to 8%
    assert most.amount == pytest.approx(410_000 * 1.08)
    assert codes(most) == {Found.OFFER_STRONG}


def test_offer_above_the_ninetieth_percentile_asks_for_no_money():
    sized = size_ask(470_000, market=MARKET, target_percentile=75)

    assert (sized.amount, sized.rise) == (470_000, 0.0)
    assert Found.OFFER_AT_TOP in codes(sized)


def test_tail_needs_ten_packages():
    few = replace(MARKET, sample_size=9)

    sized = size_ask(380_000, market=few, target_percentile=75)

    assert sized.amount == pytest.approx(400_000)
    assert codes(sized) == {Found.NO_TAIL, Found.CAPPED_BY_EVIDENCE}


def test_thin_evidence_gives_a_range_and_no_percentile():
    few = MarketRange(low=320_000, median=340_000, high=360_000, sample_size=4)

    sized = size_ask(330_000, market=few, target_percentile=75)

    assert sized.target == sized.amount == 360_000
    assert codes(sized) == {Found.THIN, Found.CAPPED_BY_EVIDENCE}
    assert codes(size_ask(330_000, market=replace(few, is_matched=True), target_percentile=75)) == {
        Found.NO_TAIL,
        Found.CAPPED_BY_EVIDENCE,
    }


def test_nothing_is_asked_for_without_evidence():
    sized = size_ask(330_000, market=None, target_percentile=75, aspiration=500_000)

    assert sized.amount is None
    assert (sized.rise, sized.rise_fraction) == (0.0, 0.0)
    assert codes(sized) == {Found.NO_EVIDENCE}


@pytest.mark.parametrize(
    ("change", "found"),
    [({"is_modelled": True}, Found.MODELLED), ({"age_months": 37}, Found.EXPIRED)],
)
def test_modelled_and_old_cells_justify_nothing(change, found):
    sized = size_ask(330_000, market=replace(MARKET, **change), target_percentile=75)

    assert sized.amount is None
    assert codes(sized) == {found, Found.NO_EVIDENCE}


def test_age_and_widening_are_said():
    old = replace(MARKET, age_months=19, backoff_step="all of the United States")

    assert codes(size_ask(330_000, market=old, target_percentile=65)) == {
        Found.STALE,
        Found.WIDENED,
    }


def test_written_competing_offer_is_evidence_of_its_own():
    sized = size_ask(330_000, market=None, target_percentile=50, competing=352_000)

    assert sized.stretch == sized.amount == 352_000


def test_own_stretch_lowers_and_never_lifts():
    lower = size_ask(330_000, market=MARKET, target_percentile=75, stretch=390_000)
    higher = size_ask(440_000, market=MARKET, target_percentile=75, stretch=900_000)

    assert lower.amount == 390_000
    assert higher.stretch == 460_000


def test_ask_below_the_walk_away_is_said_without_its_figure():
    sized = size_ask(330_000, market=MARKET, target_percentile=50, reservation=500_000)

    finding = next(f for f in sized.findings if f.code is Found.BELOW_WALK_AWAY)
    assert finding.values == ()


def test_typed_ask_outside_the_evidence_is_said():
    assert codes(check_ask(461_000, market=MARKET)) == {Found.OUTSIDE_EVIDENCE}
    assert check_ask(460_000, market=MARKET) == ()
    assert check_ask(480_000, market=MARKET, competing=481_000) == ()
    assert codes(check_ask(1, market=None)) == {Found.NO_EVIDENCE}


def brute_ask(offer, market, target_percentile, rules):
    """Try every whole amount, highest first, and take the first that no rule forbids."""
    if market.is_modelled or market.age_months > rules.expired_months:
        return None
    ceiling = market.top if market.top and market.sample_size >= 10 else market.high
    known = market.sample_size >= (3 if market.is_matched else 5)
    at = {25: market.low, 50: market.median, 75: market.high}
    steps = {50: at[50], 65: at[50] + (at[75] - at[50]) * 0.6, 75: at[75]}
    target = steps[target_percentile] if known else ceiling
    wish = max(target * 1.05, offer * 1.1)
    limits = [ceiling, offer * 1.3]
    if known and offer >= at[75]:
        if market.top and market.sample_size >= 10 and offer >= market.top:
            return offer
        wish = min(max(wish, offer * 1.03), offer * 1.08)
    elif known and offer < at[25]:
        limits[1] = max(offer * 1.3, at[50])
    return max(min(wish, *limits), offer)


@given(st.floats(1e4, 1e6), markets(), st.sampled_from([50, 65, 75]))
def test_ask_matches_a_reading_of_the_rules(offer, market, percentile):
    sized = size_ask(offer, market=market, target_percentile=percentile)

    expected = brute_ask(offer, market, percentile, SizingRules())
    assert sized.amount == (None if expected is None else pytest.approx(expected, rel=1e-9))


@given(st.floats(1e4, 1e6), markets(), st.sampled_from([50, 65, 75]), st.floats(1e4, 1e7))
def test_ask_stays_within_what_can_be_justified(offer, market, percentile, aspiration):
    sized = size_ask(offer, market=market, target_percentile=percentile, aspiration=aspiration)

    if sized.amount is not None:
        ceiling = market.ceiling(SizingRules())
        assert offer <= sized.amount <= max(offer, ceiling)
        assert sized.amount == pytest.approx(offer) or not {Found.OUTSIDE_EVIDENCE} & codes(
            check_ask(sized.amount, market=market)
        )


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [(187_240, 187_000), (187_250, 187_500), (199_900, 200_000), (263_499, 263_000)],
)
def test_cash_is_rounded_to_natural_figures(amount, rounded):
    assert round_cash(amount) == rounded


def test_rounding_never_passes_the_ceiling():
    assert round_cash(263_800, not_above=263_900) == 263_000
    assert round_cash(187_400, not_above=187_400) == 187_000


def test_shares_are_rounded_up_to_hundreds():
    assert (round_units(12_001), round_units(12_000), round_units(0)) == (12_100, 12_000, 0)


def test_range_of_an_ask_starts_at_the_target():
    assert bolstering_range(210_000, 225_000) == (210_000, 225_000)
    assert bolstering_range(230_000, 225_000) == (225_000, 225_000)


def test_range_out_of_order_is_refused():
    with pytest.raises(InvalidFigure):
        MarketRange(low=2, median=1, high=3, sample_size=5)
    with pytest.raises(InvalidFigure):
        MarketRange(low=1, median=2, high=3, sample_size=0)


# --- leverage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factors", "score", "strength", "percentile"),
    [
        ((), 0, Strength.LOW, 50),
        (("needs_it_soon", "very_pressed"), 0, Strength.LOW, 50),
        (("competing_offer",), 3, Strength.MEDIUM, 65),
        (("competing_offer", "rare_match", "they_came_first"), 5, Strength.HIGH, 75),
        (("competing_offer", "one_source"), 2, Strength.LOW, 50),
        (("pressed", "very_pressed", "competing_offer"), 1, Strength.LOW, 50),
    ],
)
def test_leverage_adds_its_reasons(factors, score, strength, percentile):
    found = leverage([Factor(name) for name in factors])

    assert (found.score, found.strength, found.target_percentile) == (score, strength, percentile)


def test_leverage_shows_each_reason_with_its_points():
    found = leverage([Factor.CONTENT, Factor.COMPETING_OFFER, Factor.PRESSED])

    assert found.reasons == (
        (Factor.COMPETING_OFFER, 3),
        (Factor.CONTENT, 1),
        (Factor.PRESSED, -1),
    )
