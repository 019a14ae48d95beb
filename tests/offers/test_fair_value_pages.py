"""Fair value on an offer's page, offers against each other on a comparison's, questions on both."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Profile, User
from config.figures.fields import FigureStatus
from market.models import VolatilityPrior
from negotiation import content as questions
from offers import services
from offers.models import Comparison, ComparisonValuation, Offer, Valuation
from offers.selectors import Terms
from offers.selectors.next_best import QUESTIONS
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
JOINT = {"HX-Request": "true", "HX-Target": "joint"}


@pytest.fixture(autouse=True)
def few_paths(settings: Any) -> None:
    settings.VALUATION_PATHS = 20_000


@pytest.fixture
def browser(candidate: User, client: Client) -> Client:
    client.force_login(candidate)
    return client


def silent_terms() -> Terms:
    terms = startup_terms(stock_classes=[])
    assert terms.cap_table is not None
    terms.cap_table.stock_classes_status = FigureStatus.REFUSED
    terms.cap_table.last_preferred_price = None
    terms.cap_table.last_preferred_price_status = FigureStatus.REFUSED
    terms.company.name = "Cinder Labs"
    return terms


def record(owner: User, terms: Terms) -> Offer:
    return services.record_offer(owner=owner, terms=terms, as_of=NOW)


def finish() -> None:
    for row in Valuation.objects.filter(state="queued"):
        services.run_valuation(valuation_id=row.pk, clock=lambda: NOW)
    for joint in ComparisonValuation.objects.filter(state="queued"):
        services.run_joint_valuation(valuation_id=joint.pk, clock=lambda: NOW)


def compare(owner: User, *offers: Offer) -> Comparison:
    return services.compare_offers(
        owner=owner, offers=offers, name="Mine", currency="USD", horizon_years=4
    )


def page_of(browser: Client, name: str, pk: int, **headers: str) -> str:
    return browser.get(reverse(f"offers:{name}", args=[pk]), headers=headers).content.decode()


# --- one offer -----------------------------------------------------------------------------------


def test_an_offer_shows_three_prices_each_explained(candidate: User, browser: Client) -> None:
    offer = record(candidate, startup_terms())
    waiting = page_of(browser, "offer_detail", offer.pk)
    assert "The fair value is being worked out." in waiting
    assert "$7.50" in waiting

    finish()
    page = page_of(browser, "offer_detail", offer.pk)

    rows = page[page.index('class="plain prices"') : page.index("How it is made")]
    assert rows.index("Fair value of a common share") < rows.index("409A price")
    assert rows.index("409A price") < rows.index("Preferred price, last round")
    assert rows.count("Not known") == 0
    # 80,000 options at 0.50: at 2.00, and at 7.50.
    assert "$120k" in rows
    assert "$560k" in rows
    assert "a gap is no discount for you" in rows
    assert "its post-money valuation says $90.0M, 43% more" in rows
    assert "The next best question" not in page


def test_what_a_company_would_not_say_becomes_a_range_and_questions(
    candidate: User, browser: Client
) -> None:
    offer = record(candidate, silent_terms())
    finish()

    page = page_of(browser, "offer_detail", offer.pk)

    assert "Preferred price, last round, estimated" in page
    assert "ranges run over 24 ways" in page
    questions = page[page.index('id="next-best"') :]
    assert questions.index("The price of one share in the last round") < questions.index(
        "What is paid before common stock"
    )
    assert 'name="section" value="company"' in questions
    assert reverse("negotiation:script", args=[offer.pk, "s07"]) in questions
    assert "Narrows the range by $" in questions


def test_the_answer_to_a_question_is_typed_where_it_belongs(
    candidate: User, browser: Client
) -> None:
    offer = record(candidate, silent_terms())

    answer = browser.post(
        reverse("offers:offer_revise", args=[offer.pk]),
        {"purpose": "correction", "section": "company"},
    )

    assert answer["Location"].endswith("/company/")


def test_what_could_be_asked_is_what_the_shipped_questions_ask() -> None:
    """The script of S07 lists the open questions; each of ours is one that settles a fact."""
    shipped = json.loads(
        (Path(questions.__file__).parent / "questions.json").read_text(encoding="utf-8")
    )
    settled = {row.get("answers_fact") for row in shipped}

    assert set(QUESTIONS) <= settled


def test_what_no_prior_can_stand_for_is_said(candidate: User, browser: Client) -> None:
    terms = startup_terms()
    terms.grants[0].quantity = None
    offer = record(candidate, terms)
    finish()

    page = page_of(browser, "offer_detail", offer.pk)

    assert "The fair value cannot be told without the size of the grant." in page


def test_listed_stock_has_no_fair_value(candidate: User, browser: Client) -> None:
    offer = record(candidate, public_terms())
    finish()

    assert "What a share is worth today" not in page_of(browser, "offer_detail", offer.pk)


# --- offers against each other -------------------------------------------------------------------


def test_the_joint_simulation_polls_until_it_is_there(candidate: User, browser: Client) -> None:
    comparison = compare(
        candidate,
        record(candidate, public_terms()),
        record(candidate, startup_terms(exit_scenarios=exit_scenarios())),
    )
    address = reverse("offers:comparison_detail", args=[comparison.pk])
    waiting = browser.get(address, headers=JOINT)
    assert waiting.status_code == 200
    part = waiting.content.decode()
    assert part.lstrip().startswith('<section class="sec" id="joint"')
    assert 'hx-trigger="every 2s"' in part
    assert "Waiting for its turn." in part

    finish()
    done = browser.get(address, headers=JOINT)

    assert done.status_code == 286
    part = done.content.decode()
    assert "hx-trigger" not in part
    for label in (
        "Mean of pay and equity",
        "What the mean could be",
        "Middle 80% of outcomes",
        "Equity pays nothing",
        "As good as this sum for certain",
        "Pays more than A",
        "Pays more than B",
    ):
        assert part.count(label) == 1
    assert part.count("standard error") >= 10
    assert "An assumption, not a measurement: in 30% of them" in part
    assert "20,000 joint outcomes" in part
    assert "too close to call" not in part


def test_ranges_that_meet_are_said_and_the_question_names_its_offer(
    candidate: User, browser: Client
) -> None:
    silent = record(candidate, silent_terms())
    comparison = compare(candidate, record(candidate, public_terms()), silent)
    finish()
    results = ComparisonValuation.objects.get().results
    assert results is not None
    certain = public_terms(grants=[], payments=[])
    # As much for certain as the other's mean is, by what is known.
    certain.revision.base_salary = Decimal(str(round(results["offers"][1]["range"]["mean"] / 4, 2)))
    certain.company.name = "Sure Thing"
    services.arrange_comparison(comparison=comparison, offers=[record(candidate, certain), silent])
    finish()

    page = page_of(browser, "comparison_detail", comparison.pk)

    assert "A and B are too close to call" in page
    assert page.count("Too close to call") == 2
    questions = page[page.index('id="next-best"') :]
    assert "B: The price of one share in the last round" in questions
    assert "of 20 answers the offers change their order" in questions


def test_the_taste_for_risk_is_the_persons_own(candidate: User, browser: Client) -> None:
    comparison = compare(
        candidate,
        record(candidate, public_terms()),
        record(candidate, startup_terms(exit_scenarios=exit_scenarios())),
    )
    finish()
    balanced = page_of(browser, "comparison_detail", comparison.pk)
    Profile.objects.update_or_create(user=candidate, defaults={"risk_taste": "cautious"})

    cautious = page_of(browser, "comparison_detail", comparison.pk)

    assert "to a balanced taste for risk" in balanced
    assert "to a cautious taste for risk" in cautious


def test_an_offer_that_lacks_something_is_named(candidate: User, browser: Client) -> None:
    unpaid = startup_terms()
    unpaid.revision.base_salary = None
    comparison = compare(candidate, record(candidate, public_terms()), record(candidate, unpaid))
    finish()

    page = page_of(browser, "comparison_detail", comparison.pk)

    assert "B Bellwether AI cannot be simulated without the base salary." in page


def test_a_failure_can_be_tried_again_by_its_owner_alone(
    candidate: User, browser: Client, client: Client, stranger: User
) -> None:
    comparison = compare(
        candidate, record(candidate, public_terms()), record(candidate, startup_terms())
    )
    ComparisonValuation.objects.update(state="failed", last_error="It stopped.")
    assert "The simulation did not finish" in page_of(browser, "comparison_detail", comparison.pk)

    address = reverse("offers:joint_retry", args=[comparison.pk])
    answer = browser.post(address)

    assert answer["Location"].endswith("#joint")
    assert ComparisonValuation.objects.get().state == "queued"
    client.force_login(stranger)
    assert client.post(address).status_code == 404


def test_changed_priors_mark_the_page_until_it_is_checked(candidate: User, browser: Client) -> None:
    listed = record(candidate, public_terms())
    comparison = compare(candidate, listed, record(candidate, startup_terms()))
    finish()
    VolatilityPrior.objects.filter(key="public-share").update(volatility="0.5")

    services.reevaluate(as_of=NOW, n_at_once=0)
    marked = page_of(browser, "comparison_detail", comparison.pk)
    assert "Out of date: published figures or rates have changed" in marked
    assert "published figures or rates have changed" in page_of(browser, "offer_detail", listed.pk)

    services.reevaluate(as_of=NOW)
    pending = page_of(browser, "comparison_detail", comparison.pk)
    assert "Out of date, being worked out again" in pending
    finish()
    done = page_of(browser, "comparison_detail", comparison.pk)
    assert "Out of date" not in done


def test_an_answer_about_other_offers_is_not_shown(candidate: User, browser: Client) -> None:
    offers = [
        record(candidate, public_terms()),
        record(candidate, startup_terms()),
        record(candidate, silent_terms()),
    ]
    comparison = compare(candidate, *offers)
    finish()
    services.delete_offer(offer=offers[0])

    page = page_of(browser, "comparison_detail", comparison.pk)

    assert "Pays more than" not in page
    assert "Being worked out" in page
