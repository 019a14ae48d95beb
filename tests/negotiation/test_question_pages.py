"""The equity questions of a real talk: which apply, where answers go, what they mean in money."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from negotiation.models import Answer, Negotiation, Question
from negotiation.scripts.clarity import is_clear
from negotiation.selectors import position_of, talk_of
from negotiation.selectors.flags import Flag, equity_flags
from negotiation.selectors.questions import OpenQuestion, open_questions
from negotiation.services import content
from negotiation.services.answers import ask_questions, record_answer
from offers import services as offers
from offers.models import CapTable, EquityGrant, OfferRevision, StockClass
from tests.factories.negotiation import NegotiationFactory
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db
Sign = Callable[..., Client]


@pytest.fixture(autouse=True)
def _content(db: None) -> None:
    content.load_content()


def talk_of_terms(owner: User, terms: Any) -> Negotiation:
    return NegotiationFactory.create(
        offer=offers.record_offer(owner=owner, terms=terms, as_of=timezone.now())
    )


@pytest.fixture
def talk(candidate: User) -> Negotiation:
    """80,000 ISOs of a Series B start-up whose stack is known, with two outcomes."""
    return talk_of_terms(candidate, startup_terms(exit_scenarios=exit_scenarios()))


@pytest.fixture
def blank(candidate: User) -> Negotiation:
    """80,000 ISOs of a start-up that has said nothing about itself."""
    return talk_of_terms(
        candidate,
        startup_terms(cap_table=CapTable(), stock_classes=[], exit_scenarios=exit_scenarios()),
    )


def rows(talk: Negotiation) -> dict[str, OpenQuestion]:
    fresh = talk_of(talk.offer.owner, talk.offer_id)
    assert fresh is not None
    position = position_of(fresh, horizon_years=4, now=timezone.now())
    return {row.question.key: row for row in open_questions(fresh, position.terms)}


def flags(talk: Negotiation) -> dict[str, Flag]:
    fresh = talk_of(talk.offer.owner, talk.offer_id)
    assert fresh is not None
    position = position_of(fresh, horizon_years=4, now=timezone.now())
    found = equity_flags(
        position.terms,
        position.numbers,
        open_questions(fresh, position.terms),
        today=dt.date(2026, 11, 24),
    )
    return {flag.title: flag for flag in found}


def answer(talk: Negotiation, key: str, state: str = "written", **given: Any) -> Answer:
    return record_answer(
        talk=talk,
        question=Question.objects.get(key=key),
        state=state,
        as_of=timezone.now(),
        **given,
    )


def table_of(talk: Negotiation) -> CapTable:
    return CapTable.objects.get(company=talk.offer.company_id)


def grant_of(talk: Negotiation) -> EquityGrant:
    return EquityGrant.objects.get(revision__offer=talk.offer_id)


# --- which apply ---------------------------------------------------------------------------------


def test_only_those_that_apply_in_order_of_worth(talk: Negotiation) -> None:
    keys = list(rows(talk))

    assert keys[:8] == ["Q1", "Q2", "Q7", "Q3", "Q4", "Q5", "Q6", "Q9"]
    assert {"Q12", "Q24", "Q20", "Q25"} & set(keys) == set()


def test_rsus_have_other_questions_than_options(candidate: User) -> None:
    grant = EquityGrant(compensation_type="double_trigger_rsu", quantity=Decimal(1_000))
    keys = set(rows(talk_of_terms(candidate, startup_terms(grants=[grant]))))

    assert "Q12" in keys
    assert {"Q9", "Q10", "Q11", "Q23"} & keys == set()


def test_listed_shares_have_none(candidate: User, client_of: Sign) -> None:
    listed = talk_of_terms(candidate, public_terms())

    page = client_of(candidate).get(reverse("negotiation:question_list", args=[listed.offer_id]))

    assert rows(listed) == {}
    assert "No questions apply" in page.text


def test_what_the_offer_says_in_writing_is_not_asked_again(talk: Negotiation) -> None:
    found = rows(talk)

    assert found["Q1"].is_settled
    assert found["Q1"].known == "12,000,000"
    assert found["Q7"].known == "Series A: 1x, non-participating; Series B: 1x, non-participating"
    assert found["Q6"].is_to_ask
    assert not found["Q13"].is_to_ask  # worth asking, and not in the first e-mail


# --- where answers go ----------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "status"), [("written", "written"), ("verbal", "verbal")])
def test_an_answer_goes_into_the_cap_table_with_how_it_is_known(
    blank: Negotiation, state: str, status: str
) -> None:
    answer(blank, "Q1", state, facts={"fully_diluted_shares": 12_000_000})
    answer(
        blank,
        "Q3",
        state,
        facts={"fair_market_value": Decimal(2), "fair_market_value_date": dt.date(2026, 6, 1)},
    )

    table = table_of(blank)
    assert (table.fully_diluted_shares, table.fully_diluted_shares_status) == (12_000_000, status)
    assert (table.fair_market_value, table.fair_market_value_status) == (2, status)
    assert table.fair_market_value_date == dt.date(2026, 6, 1)
    assert rows(blank)["Q1"].is_settled == (state == "written")


def test_answers_go_into_the_grant_and_the_revision_stays_the_same(blank: Negotiation) -> None:
    answer(blank, "Q2", facts={"ownership_fraction": Decimal("0.0066")})
    answer(blank, "Q6", facts={"acceleration": "double", "acceleration_fraction": Decimal(1)})
    answer(blank, "Q9", facts={"post_termination_window_days": 90})
    answer(blank, "Q5", facts={"total_months": 60, "cliff_months": 12, "period_months": 3})
    answer(blank, "Q10", facts={"early_exercise": "yes"})

    grant = grant_of(blank)
    assert grant.ownership_fraction == Decimal("0.0066")
    assert (grant.acceleration, grant.acceleration_fraction) == ("double", 1)
    assert grant.post_termination_window_days == 90
    assert (grant.total_months, grant.period_months, grant.is_vesting_confirmed) == (60, 3, True)
    assert grant.early_exercise == "yes"
    assert grant.quantity == 80_000
    assert OfferRevision.objects.filter(offer=blank.offer_id).count() == 1


def test_a_preferred_class_joins_the_stack_or_replaces_its_namesake(blank: Negotiation) -> None:
    known = {
        "name": "Series B",
        "shares": 2_000_000,
        "price_per_share": Decimal("7.5"),
        "liquidation_preference_multiple": Decimal(1),
        "participation": "none",
    }
    answer(blank, "Q7", facts=known)
    answer(blank, "Q7", facts={**known, "participation": "full"})
    answer(blank, "Q7", facts={**known, "name": "Series A"})

    found = StockClass.objects.filter(cap_table__company=blank.offer.company_id).order_by(
        "position"
    )
    assert [(row.name, row.participation) for row in found] == [
        ("Series B", "full"),
        ("Series A", "none"),
    ]
    assert table_of(blank).stock_classes_status == "written"


def test_a_refusal_is_an_answer_and_does_not_unsay_a_figure(
    blank: Negotiation, stranger: User
) -> None:
    talk = talk_of_terms(stranger, startup_terms())
    answer(blank, "Q1", "refused")
    answer(talk, "Q1", "refused")

    assert table_of(blank).fully_diluted_shares_status == "refused"
    assert table_of(talk).fully_diluted_shares == 12_000_000
    assert rows(blank)["Q1"].is_declined


def test_the_email_shrinks_as_facts_arrive(blank: Negotiation) -> None:
    before = [key for key, row in rows(blank).items() if row.is_to_ask]
    answer(blank, "Q1", facts={"fully_diluted_shares": 12_000_000})
    answer(blank, "Q3", "refused")
    answer(
        blank, "Q6", "verbal", text="Double trigger, all of it.", facts={"acceleration": "double"}
    )

    after = rows(blank)

    assert before == ["Q1", "Q2", "Q7", "Q3", "Q4", "Q6", "Q9"]
    left = [key for key, row in after.items() if row.is_to_ask]
    assert set(before) - set(left) == {"Q1", "Q3"}
    assert "(You told me: Double trigger, all of it. Could you confirm it in writing?)" in (
        after["Q6"].words
    )


def test_sending_the_email_marks_the_questions_as_asked(blank: Negotiation) -> None:
    n = sum(row.is_to_ask for row in rows(blank).values())

    assert ask_questions(talk=blank, as_of=timezone.now()) == n
    assert {row.state for row in rows(blank).values() if row.is_to_ask} == {"asked"}


# --- how good an answer is -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "facts", "rating"),
    [
        ("Q9", {"post_termination_window_days": 90}, "bad"),
        ("Q9", {"post_termination_window_days": 270}, "fair"),
        ("Q9", {"post_termination_window_days": 1_825}, "good"),
        ("Q6", {"acceleration": "none"}, "bad"),
        ("Q6", {"acceleration": "double", "acceleration_fraction": Decimal("0.5")}, "fair"),
        ("Q6", {"acceleration": "double"}, "good"),
        ("Q5", {"total_months": 60, "cliff_months": 12}, "fair"),
        ("Q5", {"total_months": 48, "cliff_months": 12}, "good"),
        ("Q3", {"fair_market_value": Decimal(2)}, "fair"),
        ("Q19", {"debt": Decimal(0)}, "good"),
    ],
)
def test_figures_decide_the_rating(
    talk: Negotiation, key: str, facts: dict[str, Any], rating: str
) -> None:
    assert answer(talk, key, facts=facts, rating="good").rating == rating


@pytest.mark.parametrize(
    ("text", "clear"),
    [
        ("That is standard.", False),
        ("Very generous, do not worry!", False),
        ("We cannot share that.", False),
        ("Four years", True),
        ("48 months with a 12 month cliff", True),
        ("Yes, every year.", True),
        ("No, never.", True),
        ("No, that is standard", False),
        ("", False),
    ],
)
def test_an_answer_without_a_number_or_a_yes_or_no_is_none(text: str, clear: bool) -> None:
    assert is_clear(text) is clear


def test_an_unclear_answer_stays_open_and_is_a_flag(talk: Negotiation) -> None:
    kept = answer(talk, "Q6", text="Our terms are standard.", rating="good")

    assert kept.rating == "unclear"
    row = rows(talk)["Q6"]
    assert row.is_declined
    assert not row.is_settled
    assert any(title.startswith("No clear answer") for title in flags(talk))


# --- flags, with money -----------------------------------------------------------------------------


def test_fair_preferences_are_a_green_flag(talk: Negotiation) -> None:
    flag = flags(talk)["Preferences are one time and non-participating"]

    assert flag.tone == "good"


def test_participation_costs_what_the_waterfall_says(talk: Negotiation) -> None:
    """$20M raised; sold for $90M: 12M shares share $90M + 40k strike, against $70M + strike."""
    StockClass.objects.update(participation="full")

    found = flags(talk)["Series B then shares in the rest as well, without a limit"]

    # Fair: all convert, (90M + 40k) / 12M = 7.50333 a share. Participating: (70M + 40k) / 12M.
    fair = (90_000_000 + 40_000) / 12_000_000
    harsh = (70_000_000 + 40_000) / 12_000_000
    costs = {cost.name: cost.amount for cost in found.costs}
    assert found.tone == "bad"
    assert costs["Good sale"] == pytest.approx((fair - harsh) * 80_000, abs=1)


def test_a_higher_multiple_is_red_and_a_cap_alone_is_a_caution(talk: Negotiation) -> None:
    StockClass.objects.filter(name="Series B").update(liquidation_preference_multiple=2)
    StockClass.objects.filter(name="Series A").update(
        participation="capped", participation_cap_multiple=3
    )

    found = flags(talk)

    assert found["Series B takes 2 times its money first"].tone == "bad"
    assert found["Series A then shares in the rest as well, up to a cap"].tone == "warn"


def test_no_acceleration_shows_what_a_sale_after_a_year_would_take(talk: Negotiation) -> None:
    answer(talk, "Q6", facts={"acceleration": "none"})

    flag = flags(talk)["No acceleration on a sale"]

    whole = (7.503333 - 0.5) * 80_000
    assert {cost.name: cost.amount for cost in flag.costs}["Good sale"] == pytest.approx(
        whole * 0.75, rel=1e-4
    )


def test_ninety_days_names_the_cash_it_takes(talk: Negotiation) -> None:
    answer(talk, "Q9", facts={"post_termination_window_days": 90})

    flag = flags(talk)["90 days to exercise after leaving"]

    assert flag.tone == "bad"
    assert "$40,000" in flag.reason
    assert flag.costs[0].amount == pytest.approx(40_000)


def test_the_409a_gap_is_explained_by_rights_and_not_by_dilution(talk: Negotiation) -> None:
    flag = flags(talk)["The preferred price is 3.8 times the 409A price"]

    assert flag.tone == "info"
    assert "It does not measure dilution" in flag.reason


def test_a_refusal_shows_the_range_that_it_leaves_open(talk: Negotiation) -> None:
    StockClass.objects.all().delete()
    CapTable.objects.update(stock_classes_status="not_asked")
    answer(talk, "Q7", "refused")

    flag = next(flag for title, flag in flags(talk).items() if title.startswith("No clear answer"))

    assert flag.tone == "bad"
    assert [cost.name for cost in flag.costs] == ["Good sale", "Small sale"]
    assert all(cost.other is not None and cost.other > cost.amount for cost in flag.costs)


# --- pages -----------------------------------------------------------------------------------------


def test_the_page_lists_and_leads_to_the_email(blank: Negotiation, client_of: Sign) -> None:
    client = client_of(blank.offer.owner)

    page = client.get(reverse("negotiation:question_list", args=[blank.offer_id])).text
    email = client.get(reverse("negotiation:script", args=[blank.offer_id, "s07"])).text

    assert "of the questions that decide what the equity is worth" in page
    assert "Make the e-mail" in page
    assert "fully diluted: all classes as converted" in email


def test_an_answer_is_typed_as_people_write_it(blank: Negotiation, client_of: Sign) -> None:
    client = client_of(blank.offer.owner)
    url = reverse("negotiation:answer", args=[blank.offer_id, "q1"])

    done = client.post(
        url, {"state": "written", "text": "12m", "fully_diluted_shares": "12m"}, follow=True
    )

    assert "Kept. What it settles is in the offer." in done.text
    assert table_of(blank).fully_diluted_shares == 12_000_000
    assert client.get(url).context["form"].initial["fully_diluted_shares"] == 12_000_000


@pytest.mark.parametrize(
    ("key", "typed", "field"),
    [
        ("q1", {"state": "written"}, "text"),
        ("q1", {"state": "written", "fully_diluted_shares": "many"}, "fully_diluted_shares"),
        ("q1", {"state": "loud"}, "state"),
        ("q5", {"state": "written", "total_months": "12", "cliff_months": "24"}, "cliff_months"),
        ("q7", {"state": "written", "name": "A"}, "shares"),
        (
            "q7",
            {"state": "written", "name": "A", "shares": "1", "price_per_share": "1", "participation": "capped"},
            "participation_cap_multiple",
        ),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_beside_its_field(
    blank: Negotiation, client_of: Sign, key: str, typed: dict[str, str], field: str
) -> None:
    url = reverse("negotiation:answer", args=[blank.offer_id, key])

    page = client_of(blank.offer.owner).post(url, typed)

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not Answer.objects.exists()


def test_every_question_has_a_page_that_takes_an_answer(talk: Negotiation, client_of: Sign) -> None:
    client = client_of(talk.offer.owner)
    for key in rows(talk):
        url = reverse("negotiation:answer", args=[talk.offer_id, key.lower()])
        assert client.get(url).status_code == 200
        assert client.post(url, {"state": "refused"}).status_code == 302


def test_a_stranger_finds_no_question(talk: Negotiation, stranger: User, client_of: Sign) -> None:
    client = client_of(stranger)
    url = reverse("negotiation:answer", args=[talk.offer_id, "q1"])

    assert client.get(url).status_code == 404
    assert client.post(url, {"state": "refused"}).status_code == 404
    assert not Answer.objects.exists()
    assert client_of(talk.offer.owner).get(url.replace("q1", "q99")).status_code == 404


def test_the_last_look_before_yes_names_red_flags_and_what_they_cost(
    talk: Negotiation, client_of: Sign
) -> None:
    answer(talk, "Q6", facts={"acceleration": "none"})

    page = client_of(talk.offer.owner).get(reverse("negotiation:accept", args=[talk.offer_id])).text

    assert "No acceleration on a sale" in page
    assert (
        "What you would lose if the sale came one year after you start: $420k (Good sale)" in page
    )
