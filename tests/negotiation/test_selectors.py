"""What pages of a talk read: evidence taken as published, units of equity, dates after yes, changes."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from negotiation import services
from negotiation.bargaining import PackageKind
from negotiation.models import Ask
from negotiation.selectors import (
    ask_proposal,
    exercise_window,
    ledger,
    milestones,
    position_of,
    sign_on_of,
    unit_value,
)
from negotiation.selectors.ledger import stated_in
from negotiation.selectors.pay import cliff_terms, pay_assumptions, sign_on_terms
from offers.models import Benefit, CapTable, CashPayment, Company, EquityGrant, OfferRevision
from offers.selectors import terms_of
from tests.factories.negotiation import NOW, EvidenceFactory, offer_of
from tests.factories.terms import exit_scenarios, public_terms, startup_terms
from tests.negotiation.test_talks import DAY, new_letter, page, promise, rival_of
from tests.offers.test_market import publish, spread, terms

TODAY = NOW.date()


def talk_about(owner, made=None):
    return services.open_negotiation(offer=offer_of(owner, made), as_of=NOW)


def where(talk):
    return position_of(talk, horizon_years=4, now=NOW)


# --- evidence ------------------------------------------------------------------------------------


def test_published_cell_is_taken_with_its_number_date_and_source(candidate):
    publish(*spread())
    talk = talk_about(candidate, terms())

    services.take_benchmark(talk=talk)
    first = {row.pk for row in talk.evidence.all()}
    services.take_benchmark(talk=talk)

    row = talk.evidence.get(component="base")
    assert row.pk not in first  # what was taken before gives way
    assert row.median == 220_000
    assert (row.low, row.high) == (210_000, 230_000)
    assert row.sample_size == 41
    assert row.source_names
    assert row.as_of_date.year >= 2024
    assert not row.is_modelled
    proposal = page(talk).proposal
    assert proposal.measure == "base"
    assert proposal.sized.amount is not None
    assert proposal.sized.amount <= float(row.top or row.high)


def test_the_kind_of_work_is_read_from_the_title_as_on_the_offer_itself(candidate):
    publish(*spread())
    made = terms()
    made.offer.role_family, made.offer.title = None, "Senior Machine Learning Engineer"
    talk = talk_about(candidate, made)

    services.take_benchmark(talk=talk)

    row = talk.evidence.get(component="base")
    assert (row.sample_size, row.median, row.is_modelled) == (41, 220_000, False)
    assert any("read from the job title" in caution for caution in row.cautions)


def test_thin_cell_is_taken_as_no_measure(candidate):
    publish(*spread(n=41, role_family="research_scientist"))
    talk = talk_about(candidate, terms())

    services.take_benchmark(talk=talk)

    for row in talk.evidence.all():
        assert row.backoff_step or row.is_modelled


def test_total_evidence_outranks_base_and_the_larger_range_wins(candidate):
    talk = talk_about(candidate)
    EvidenceFactory.create(negotiation=talk, component="base", sample_size=400)
    small = EvidenceFactory.create(negotiation=talk, component="total", sample_size=6)
    large = EvidenceFactory.create(negotiation=talk, component="total", sample_size=60)

    found = where(talk).evidence

    assert (found.measure, found.row) == ("total", large)
    large.delete()
    assert where(talk).evidence.row == small


def test_evidence_in_another_currency_is_converted_or_left_out(candidate):
    talk = talk_about(candidate)
    EvidenceFactory.create(negotiation=talk, component="base", currency="XTS")
    assert where(talk).evidence.market is None

    EvidenceFactory.create(negotiation=talk, component="base", currency="GBP")

    market = where(talk).evidence.market
    assert market.low != 190_000
    assert market.low / market.high == pytest.approx(190 / 250)


def test_posted_range_bounds_and_gives_no_percentile(candidate):
    talk = talk_about(candidate)
    EvidenceFactory.create(
        negotiation=talk,
        kind="posted_range",
        component="base",
        sample_size=None,
        median=None,
        top=None,
        low=210_000,
        high=230_000,
    )

    proposal = page(talk).proposal

    assert proposal.sized.amount == 230_000  # never above what was posted
    assert "too few for percentiles" in proposal.findings[0]


# --- what a unit counts for ----------------------------------------------------------------------


def test_listed_unit_counts_at_its_price_as_it_vests(candidate):
    talk = talk_about(candidate)
    found = where(talk)

    value = unit_value(talk, found.terms, found.numbers)

    quarters = sum(25 / 1.06**year for year in range(1, 5))
    assert value.unit.value_today == pytest.approx(quarters)
    assert not value.unit.is_paper


def test_private_unit_counts_by_own_scenarios_else_by_the_last_round(candidate):
    talk = talk_about(candidate, startup_terms())
    found = where(talk)
    by_round = unit_value(talk, found.terms, found.numbers)
    assert by_round.unit.is_paper
    assert "last round" in by_round.source.lower()

    other = startup_terms(exit_scenarios=exit_scenarios())
    other.company.name = "Juniper AI"
    second = talk_about(candidate, other)
    found = where(second)
    by_odds = unit_value(second, found.terms, found.numbers)

    expected = found.numbers.private_equity.expected_payout.low / 80_000
    assert by_odds.unit.value_today == pytest.approx(expected)
    assert "scenarios" in by_odds.source
    second.unit_value = Decimal("0.75")
    own = unit_value(second, found.terms, found.numbers)
    assert (own.unit.value_today, own.is_own, own.shown) == (0.75, True, 0.75)


def test_nothing_is_made_up_for_equity_that_nobody_can_price(candidate):
    talk = talk_about(candidate, startup_terms(cap_table=CapTable(), stock_classes=[]))
    found = where(talk)

    assert unit_value(talk, found.terms, found.numbers) is None
    assert cliff_terms(talk, found.terms, None) is None
    no_grant = replace(found.terms, grants=[])
    assert unit_value(talk, no_grant, found.numbers) is None


def test_assumptions_follow_the_terms(candidate):
    made = public_terms(
        benefits=[
            Benefit(
                kind="retirement",
                match_fraction=Decimal("0.5"),
                match_limit_fraction=Decimal("0.06"),
            )
        ]
    )
    made.revision.bonus_basis = OfferRevision.BonusBasis.PERCENT
    made.revision.target_bonus_fraction = Decimal("0.20")
    talk = talk_about(candidate, made)
    found = where(talk)

    assumed = pay_assumptions(talk, found.terms)

    assert assumed.bonus_fraction == pytest.approx(0.18)  # 90% of target is what is usually paid
    assert assumed.match_fraction == pytest.approx(0.03)


def test_sign_on_counts_less_where_it_is_paid_back_in_full(candidate):
    made = public_terms()
    made.payments[0].repayment_months, made.payments[0].is_repayment_prorated = 24, False
    talk = talk_about(candidate, made)

    found = sign_on_terms(talk, where(talk).terms)

    assert found.leaving_probability == pytest.approx(1 - 0.9**2)
    assert found.unforgiven_fraction == 1.0
    assert sign_on_of(where(talk).terms) == 40_000


# --- moving a gap --------------------------------------------------------------------------------


@pytest.fixture
def capped(candidate):
    """Base asked at 225,000, capped at 205,000."""
    talk = talk_about(candidate)
    EvidenceFactory.create(negotiation=talk, component="base")
    wanted = [
        services.WantedAsk(
            component="base", current_amount=Decimal(200_000), amount=Decimal(225_000)
        ),
        services.WantedAsk(component="level", term="Senior"),
    ]
    services.prepare_asks(talk=talk, wanted=wanted, as_of=NOW)
    services.put_asks(talk=talk, channel="call", as_of=NOW)
    return talk


def test_half_of_the_gap_moves_to_each_and_raises_what_is_asked_already(capped):
    ask = capped.asks.get(component="base")
    services.note_reply(ask=ask, reply="band_limit", amount=Decimal(205_000), as_of=NOW)
    capped.refresh_from_db()
    current = {"sign_on": Decimal(40_000), "equity": Decimal(4_000)}
    package = next(
        one for one in page(capped).open_gap.packages if one.kind is PackageKind.HALF_HALF
    )
    services.move_gap(talk=capped, package=package, current=current, as_of=NOW)
    services.put_asks(talk=capped, channel="call", as_of=NOW)

    services.move_gap(talk=capped, package=package, current=current, as_of=NOW)

    sign_on = capped.asks.get(component="sign_on")
    assert sign_on.amount == 40_000 + 2 * Decimal(str(package.sign_on))
    assert [row.amount for row in sign_on.rounds.order_by("number")] == [
        40_000 + Decimal(str(package.sign_on)),
        sign_on.amount,
    ]
    assert capped.asks.get(component="equity").quantity == 4_000 + 2 * package.units


def test_smaller_rise_comes_with_a_review_in_writing(capped):
    services.note_reply(
        ask=capped.asks.get(component="base"),
        reply="counter",
        amount=Decimal(205_000),
        as_of=NOW,
    )
    capped.capped_components = ["equity"]
    capped.save()
    packages = page(capped).open_gap.packages
    assert {one.kind for one in packages} == {PackageKind.SIGN_ON, PackageKind.BASE_AND_REVIEW}
    package = next(one for one in packages if one.has_review)

    services.move_gap(talk=capped, package=package, current={}, as_of=NOW)

    base = capped.asks.get(component="base", state="draft")
    assert base.amount == 200_000 + Decimal(str(package.base_rise))
    assert "review" in capped.asks.get(component="term").term
    assert "base" not in capped.capped_components


def test_no_equity_closes_equity_and_a_plain_no_is_a_refusal(capped):
    level = capped.asks.get(component="level")
    services.note_reply(ask=level, reply="no", as_of=NOW)
    services.note_reply(ask=capped.asks.get(component="base"), reply="no_equity", as_of=NOW)

    level.refresh_from_db()
    capped.refresh_from_db()
    assert (level.state, capped.capped_components) == (Ask.State.REFUSED, ["equity"])


def test_dropped_ask_disappears_or_keeps_its_history(capped):
    put = capped.asks.get(component="base")
    services.drop_ask(ask=put)
    put.refresh_from_db()
    assert (put.state, put.rounds.count()) == (Ask.State.DROPPED, 1)

    wanted = [services.WantedAsk(component="bonus", amount=Decimal(30_000))]
    services.prepare_asks(talk=capped, wanted=wanted, as_of=NOW)
    services.drop_ask(ask=capped.asks.get(component="bonus"))

    assert not capped.asks.filter(component="bonus").exists()


def test_reply_to_a_prepared_ask_puts_it_first(candidate):
    talk = talk_about(candidate)
    wanted = [services.WantedAsk(component="base", amount=Decimal(225_000))]
    ask = services.prepare_asks(talk=talk, wanted=wanted, as_of=NOW)[0]

    services.note_reply(ask=ask, reply="partial_yes", amount=Decimal(215_000), as_of=NOW)

    ask.refresh_from_db()
    assert [row.side for row in ask.rounds.order_by("number")] == ["us", "them"]
    assert ask.state == Ask.State.PARTLY
    assert talk.commitments.get().amount == 215_000


# --- companies that move differently --------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "first"),
    [("big_tech", "equity"), ("finance", "bonus"), ("public_sector", "base")],
)
def test_ask_leads_with_what_this_kind_of_company_moves(candidate, kind, first):
    company = Company(
        name="Some House",
        kind=kind,
        stage=public_terms().company.stage,
        is_public=True,
        share_price=Decimal(100),
    )
    made = public_terms(company=company, payments=[])
    talk = talk_about(candidate, made)
    EvidenceFactory.create(
        negotiation=talk, component="total", low=310_000, median=345_000, high=390_000, top=420_000
    )
    found = where(talk)

    proposal = ask_proposal(talk, terms=found.terms, numbers=found.numbers, evidence=found.evidence)

    assert proposal.lines[0].component == first


# --- the ledger ----------------------------------------------------------------------------------


def test_asking_in_writing_is_noted_once(candidate):
    talk = talk_about(candidate)
    promise(talk, component="base", amount=Decimal(220_000))

    assert services.ask_in_writing(talk=talk, as_of=NOW) == 1
    assert services.ask_in_writing(talk=talk, as_of=NOW) == 0

    row = talk.commitments.get()
    assert (row.state, row.asked_at) == ("asked", NOW)
    assert talk.events.filter(kind="follow_up_sent").count() == 1
    services.drop_commitment(commitment=row)
    assert not talk.commitments.exists()


def test_component_is_read_from_every_place_where_it_may_stand(candidate):
    made = public_terms(
        payments=[
            CashPayment(amount=Decimal(40_000)),
            CashPayment(kind="relocation", amount=Decimal(9_000)),
        ]
    )
    made.revision.bonus_basis = OfferRevision.BonusBasis.PERCENT
    made.revision.target_bonus_fraction = Decimal("0.10")
    made.revision.guaranteed_bonus = Decimal(25_000)
    found = where(talk_about(candidate, made)).terms

    stated = {
        name: stated_in(found, name)
        for name in ("base", "bonus", "sign_on", "relocation", "equity", "term", "level")
    }

    assert stated == {
        "base": 200_000,
        "bonus": 25_000,
        "sign_on": 40_000,
        "relocation": 9_000,
        "equity": 4_000,
        "term": None,
        "level": None,
    }
    assert stated_in(replace(found, grants=[]), "equity") is None


def test_less_than_promised_is_not_found(candidate):
    talk = talk_about(candidate)
    promise(talk, component="equity", quantity=Decimal(5_000))
    new_letter(talk.offer, quantity=Decimal(4_999))

    read = ledger(talk, horizon_years=4)

    assert [one.letter_amount for one in read.missing] == [4_999]
    assert read.found == ()


# --- after yes -----------------------------------------------------------------------------------


def dates(talk, found, start):
    return {one.key: one.day for one in milestones(talk, found.terms, start_date=start)}


def test_cliff_is_the_last_day_of_a_shorter_month(candidate):
    talk = talk_about(candidate, startup_terms())
    grant = where(talk).terms.grants[0]
    grant.cliff_months = 6

    days = dates(talk, where_with(talk, [grant]), dt.date(2026, 8, 31))

    assert days["cliff-1"] == dt.date(2027, 2, 28)
    assert days["vest-1-12"] == dt.date(2027, 8, 31)


def where_with(talk, grants):
    found = where(talk)
    return replace(found, terms=replace(found.terms, grants=grants))


def test_back_loaded_schedule_vests_by_its_own_years(candidate):
    talk = talk_about(candidate)
    grant = EquityGrant(
        compensation_type="rsu",
        vesting_type=EquityGrant.VestingType.YEARLY,
        yearly_fractions=[Decimal("0.05"), Decimal("0.15"), Decimal("0.40"), Decimal("0.40")],
        cliff_months=0,
        period_months=12,
    )

    found = milestones(talk, where_with(talk, [grant]).terms, start_date=dt.date(2027, 1, 4))

    titles = {one.day.year: one.title for one in found if one.key.startswith(("cliff", "vest"))}
    assert titles == {
        2028: "First vesting: 5% of the grant",
        2029: "20% of the grant has vested",
        2030: "60% of the grant has vested",
        2031: "100% of the grant has vested",
    }


def test_election_counts_thirty_days_from_buying_and_only_where_one_can_buy(candidate):
    talk = talk_about(candidate, startup_terms())
    talk.stock_purchase_date = dt.date(2027, 1, 10)
    talk.board_approval_date = dt.date(2026, 12, 1)
    grant = where(talk).terms.grants[0]
    grant.early_exercise, grant.expiry_months = EquityGrant.YesNo.YES, 120

    days = dates(talk, where_with(talk, [grant]), dt.date(2027, 1, 4))

    assert days["83b-1"] == dt.date(2027, 2, 9)
    assert days["expiry-1"] == dt.date(2036, 12, 1)
    assert "board" not in days
    grant.early_exercise = EquityGrant.YesNo.NO
    assert "83b-1" not in dates(talk, where_with(talk, [grant]), dt.date(2027, 1, 4))


def test_options_must_be_exercised_within_their_window():
    grant = EquityGrant(compensation_type="iso", post_termination_window_days=90)

    assert exercise_window(grant, dt.date(2027, 1, 1)).last_day == dt.date(2027, 4, 1)
    grant.post_termination_window_days = None
    assert exercise_window(grant, dt.date(2027, 1, 1)).last_day is None
    grant.compensation_type = "rsu"
    assert exercise_window(grant, dt.date(2027, 1, 1)) is None


def test_rival_that_lapsed_is_no_alternative(candidate):
    talk = talk_about(candidate)
    rival_of(candidate, due=TODAY + 3 * DAY)
    assert page(talk).proposal.best_alternative.label == "Cedar Labs"

    late = page(talk, now=NOW + 10 * DAY).proposal

    assert late.best_alternative is None
    talk.alternative_value = Decimal(150_000)
    talk.save()
    assert page(talk, now=NOW + 10 * DAY).proposal.best_alternative.yearly_value == 150_000


def test_terms_read_twice_are_the_same(candidate):
    talk = talk_about(candidate)

    again = terms_of(OfferRevision.objects.current().with_terms().get(offer=talk.offer))

    assert again.revision == where(talk).terms.revision
