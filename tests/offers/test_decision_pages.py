"""The decision page as a browser meets it: the fixture of the issue, its levers, its work."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from offers import services
from offers.models import (
    CashPayment,
    Comparison,
    ComparisonValuation,
    Criterion,
    Offer,
    OfferDraft,
)
from offers.selectors import Terms
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
PARTIAL = {"HX-Request": "true", "HX-Target": "decision"}
VIEWS = ["decision", "comparison_criteria"]


def cash_terms() -> Terms:
    """A listed company that pays $200,000 and no stock: $40,000 a year more than the start-up."""
    return replace(public_terms(), grants=[], payments=[])


def record(owner: User, terms: Terms, name: str) -> Offer:
    terms.company.name = name
    return services.record_offer(owner=owner, terms=terms, as_of=NOW)


@pytest.fixture
def comparison(candidate: User) -> Comparison:
    offers = [
        record(candidate, cash_terms(), "Alder Research"),
        record(candidate, startup_terms(), "Bellwether AI"),
    ]
    return services.compare_offers(
        owner=candidate, offers=offers, name="Two", currency="USD", horizon_years=4
    )


@pytest.fixture
def browser(candidate: User, client: Client) -> Client:
    client.force_login(candidate)
    return client


def at(comparison: Comparison, view: str = "decision") -> str:
    return reverse(f"offers:{view}", args=[comparison.pk])


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def section(html: str, key: str) -> str:
    found = re.search(rf'<section class="[^"]*" id="{key}".*?</section>', html, re.DOTALL)
    assert found, key
    return words(found[0])


def flip_links(html: str) -> list[str]:
    return [unescape(query) for query in re.findall(r'href="\?([^"#]+)#flips"', html)]


# --- whose it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete"])
@pytest.mark.parametrize("view", VIEWS)
def test_stranger_gets_the_answer_of_what_never_was(
    comparison: Comparison, stranger: User, client: Client, view: str, method: str
) -> None:
    client.force_login(stranger)
    never = Comparison(pk=comparison.pk + 1)

    answers = [getattr(client, method)(at(each, view)) for each in (comparison, never)]

    assert [answer.status_code for answer in answers] == [404, 404]
    token = re.compile(r'"X-CSRFToken": "\w*"|value="\w{64}"|comparisons/\d+/')
    assert token.sub("", answers[0].text) == token.sub("", answers[1].text)


@pytest.mark.parametrize("view", VIEWS)
def test_title_tells_nothing(comparison: Comparison, browser: Client, view: str) -> None:
    page = browser.get(at(comparison, view)).text

    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title
    assert not re.search(r"\d|Bellwether|Alder|Two", title[1])


# --- the fixture of the issue --------------------------------------------------------------------


def test_break_even_of_the_fixture_stands_on_the_page(
    comparison: Comparison, browser: Client
) -> None:
    page = browser.get(at(comparison)).text

    assert "B overtakes A above $39,960,000" in words(page)
    assert "$39,960,000" in section(page, "break-even")
    assert "$30,000,000 $9,960,000 less than it takes" in section(page, "break-even")
    assert "0.44 times its last round" in section(page, "break-even")


@pytest.mark.parametrize(
    ("change", "break_even"),
    [
        ({"participation": "full"}, "$44,960,000"),
        ({"liquidation_preference_multiple": Decimal(2)}, "$54,960,000"),
    ],
)
def test_better_terms_of_investors_move_the_break_even(
    comparison: Comparison, browser: Client, change: dict[str, Any], break_even: str
) -> None:
    company = comparison.offers.get(company__name="Bellwether AI").company
    company.cap_table.stock_classes.filter(name="Series B").update(**change)

    assert f"B overtakes A above {break_even}" in words(browser.get(at(comparison)).text)


def test_every_kink_says_who_starts_and_who_stops(comparison: Comparison, browser: Client) -> None:
    curve = section(browser.get(at(comparison)).text, "curve")

    for told in (
        "$15,000,000 Series B has been paid back and stops; Series A starts to be paid back",
        "$20,000,000 Series A has been paid back and stops; common stock starts to share",
        "$23,960,000 Your units start: a share is worth more than they cost",
        "$39,960,000 Series A converts to common stock and shares again pays you $160,000 there",
        "$89,960,000 Series B converts to common stock and shares again",
    ):
        assert told in curve


def test_levers_move_the_answer(comparison: Comparison, browser: Client) -> None:
    page = browser.get(at(comparison), {"odds_b": "50", "rate": "10"}).text

    table = section(page, "break-even")
    assert "B overtakes A above $39,960,000" in words(page)
    # 126,794.62 of today's money, as 80,000 (p - 0.50) x 0.683013 x 0.5
    assert "10% a year, exit in 4 years, odds 50%" in table
    assert "$66,370,000" in table


def test_later_rounds_move_the_break_even(comparison: Comparison, browser: Client) -> None:
    page = browser.get(at(comparison), {"dilution_b": "50%"}).text

    assert "B overtakes A above $69,960,000" in words(page)


def test_trying_a_flip_brings_the_two_together(comparison: Comparison, browser: Client) -> None:
    links = flip_links(browser.get(at(comparison)).text)

    assert len(links) >= 7
    for query in links:
        page = browser.get(f"{at(comparison)}?{query}").text
        verdict = words(page)
        assert "A and B come to the same." in verdict or re.search(r"[AB] is \$1 ahead", verdict), (
            query
        )


def test_a_tried_term_can_be_taken_back(comparison: Comparison, browser: Client) -> None:
    page = browser.get(at(comparison), {"set": ["b.base_salary:190000.0", "z.units:1", "b.odds:x"]})

    assert "B: base salary a year $190,000" in words(page.text)
    assert page.text.count("Take it back") == 1
    assert 'name="set" value="b.base_salary:190000.0"' in page.text


def test_unreadable_levers_are_kept_beside_a_message(
    comparison: Comparison, browser: Client
) -> None:
    answer = browser.get(at(comparison), {"exit_b": "a lot", "odds_b": "30"})

    assert answer.status_code == 422
    assert 'value="a lot"' in answer.text
    assert "There is a problem" in answer.text
    assert 'value="30"' in answer.text


@pytest.mark.parametrize(
    "query",
    [
        {"first": "b", "second": "b"},
        {"first": "q", "second": "é"},
        {"set": ["b.units:nan", "b.units:inf", "b.units:-1", "::", "b.units:1e300"]},
        {"rate": "100", "years_b": "30", "dilution_b": "99", "odds_b": "0", "exit_b": "0"},
        {"month": "0", "tax": "100"},
        {"month": "61"},
        {"exit_b": "9999999999999"},
    ],
)
def test_no_address_breaks_the_page(
    comparison: Comparison, browser: Client, query: dict[str, Any]
) -> None:
    assert browser.get(at(comparison), query).status_code in {200, 422}


def test_the_part_is_the_page_without_its_frame(comparison: Comparison, browser: Client) -> None:
    part = browser.get(at(comparison), {"exit_b": "50m"}, headers=PARTIAL)

    assert part.text.strip().startswith('<div id="decision">')
    assert "<html" not in part.text
    assert "B overtakes A" in part.text
    assert set(part.headers["Vary"].split(", ")) >= {"HX-Request", "HX-Target"}


def test_every_figure_opens_its_work(comparison: Comparison, browser: Client) -> None:
    page = browser.get(at(comparison)).text

    table = section(page, "break-even")
    assert "the exit at which payout = lead" in table
    assert "A is ahead without the stock by $160,000" in table
    assert "Exercise money, counted $40,000" in table
    assert "Owed to preferred stock first $20,000,000" in table
    assert "Decision rules 1, November 2026" in table
    anchors = set(re.findall(r'href="/methods/#([\w-]+)"', page))
    methods = browser.get(reverse("offers:methods")).text
    assert anchors
    assert all(f'id="{anchor}"' in methods for anchor in anchors)


# --- leaving and owning --------------------------------------------------------------------------


def test_months_eleven_and_twelve_differ_by_the_cliff(
    comparison: Comparison, browser: Client
) -> None:
    eleven, twelve = (
        section(browser.get(at(comparison), {"month": month}).text, "leaving")
        for month in ("11", "12")
    )

    assert "0 units 80,000 forfeited" in eleven
    assert "20,000 units 60,000 forfeited" in twelve
    assert "Nothing vests before month 12; 25% on that day." in twelve
    assert "$10,000" in twelve


def test_a_sign_on_is_owed_back_gross_and_net(candidate: User, browser: Client) -> None:
    sign_on = CashPayment(
        amount=Decimal(24_000),
        is_repayment_stated=True,
        repayment_months=24,
        is_repayment_prorated=True,
    )
    offers = [
        record(candidate, cash_terms(), "Alder Research"),
        record(candidate, replace(startup_terms(), payments=[sign_on]), "Bellwether AI"),
    ]
    comparison = services.compare_offers(
        owner=candidate, offers=offers, name="Two", currency="USD", horizon_years=4
    )

    without = section(browser.get(at(comparison)).text, "leaving")
    stated = section(browser.get(at(comparison), {"tax": "35"}).text, "leaving")

    assert "$12,000 State the tax withheld above to see the net amount" in without
    assert "$12,000 $7,800 if only what reached you is asked back" in stated


def test_owning_the_options_is_planned(candidate: User, browser: Client) -> None:
    terms = startup_terms()
    terms.grants[0].early_exercise = "yes"
    offers = [
        record(candidate, cash_terms(), "Alder Research"),
        record(candidate, terms, "Bellwether AI"),
    ]
    comparison = services.compare_offers(
        owner=candidate, offers=offers, name="Two", currency="USD", horizon_years=4
    )

    exercise = section(browser.get(at(comparison)).text, "exercise")

    assert "Year 4: $10,000, $40,000 so far" in exercise
    assert "$120,000 of spread over the 409A price is what tax is about" in exercise
    assert "83(b) election" in exercise
    assert "if you exercised today" in exercise


# --- what is not known ---------------------------------------------------------------------------


@pytest.fixture
def unknown_stack(candidate: User) -> Comparison:
    terms = startup_terms()
    terms.cap_table.stock_classes_status = "not_asked"
    offers = [
        record(candidate, cash_terms(), "Alder Research"),
        record(candidate, replace(terms, stock_classes=[]), "Bellwether AI"),
    ]
    return services.compare_offers(
        owner=candidate, offers=offers, name="Two", currency="USD", horizon_years=4
    )


def test_an_unknown_stack_gives_a_range_that_holds_the_answer(
    unknown_stack: Comparison, browser: Client
) -> None:
    page = words(browser.get(at(unknown_stack)).text)

    found = re.search(r"B overtakes A somewhere: \$([\d.]+)M to \$([\d.]+)M", page)
    assert found
    assert float(found[1]) <= 39.96 <= float(found[2])


def test_the_most_telling_question_leads_to_its_section(
    unknown_stack: Comparison, browser: Client
) -> None:
    page = browser.get(at(unknown_stack)).text
    asked = section(page, "asked")
    offer = unknown_stack.offers.get(company__name="Bellwether AI")

    answer = browser.post(
        reverse("offers:offer_revise", args=[offer.pk]),
        {"purpose": "correction", "section": "company"},
    )

    assert asked.startswith("What would narrow it")
    assert asked.index("Preferences ahead of you") < asked.index("Debt")
    draft = OfferDraft.objects.get(offer=offer)
    assert answer.url == reverse("offers:draft_section", args=[draft.pk, "company"])


def test_the_joint_simulation_names_the_best_question(
    unknown_stack: Comparison, browser: Client
) -> None:
    ComparisonValuation.objects.update(n_paths=2_000)
    for joint in ComparisonValuation.objects.all():
        services.run_joint_valuation(valuation_id=joint.pk, clock=timezone.now)

    page = browser.get(at(unknown_stack)).text

    asked = section(page, "asked")
    assert "The next best question What is paid before common stock" in asked
    assert "Narrows the range by $" in asked
    assert "Preferences ahead of you" not in asked
    assert re.search(r"B pays more than A in \d+ of 20 simulated outcomes", words(page))


def test_an_offer_without_its_share_count_has_no_break_even(
    candidate: User, browser: Client
) -> None:
    terms = startup_terms()
    terms.cap_table.fully_diluted_shares = None
    terms.cap_table.fully_diluted_shares_status = "refused"
    offers = [
        record(candidate, cash_terms(), "Alder Research"),
        record(candidate, terms, "Bellwether AI"),
    ]
    comparison = services.compare_offers(
        owner=candidate, offers=offers, name="Two", currency="USD", horizon_years=4
    )

    page = browser.get(at(comparison)).text

    assert "Cannot be told without the fully diluted shares" in section(page, "break-even")
    assert "No exit decides between A and B" in words(page)


# --- what is not money ---------------------------------------------------------------------------


def test_criteria_are_weighed_and_kept_apart_from_money(
    comparison: Comparison, browser: Client
) -> None:
    first, second = comparison.offers.order_by("pk")
    posted = {
        "name_0": "The work",
        "weight_0": "2",
        f"score_0_{first.pk}": "5",
        "name_1": "The way there",
        "weight_1": "1",
        f"score_1_{first.pk}": "2",
        f"score_1_{second.pk}": "4",
        "name_2": "Calm",
        "weight_2": "1",
    }

    answer = browser.post(at(comparison, "comparison_criteria"), posted)

    page = browser.get(answer.url).text
    assert answer.url == at(comparison)
    # (2 x 5 + 1 x 2) / 3
    assert "4 from 75% of the weight" in section(page, "criteria")
    assert "4 from 25% of the weight" in section(page, "criteria")
    assert "$" not in section(page, "criteria")
    form = browser.get(at(comparison, "comparison_criteria")).text
    assert 'value="The way there"' in form
    assert form.count("selected>5 of 5") == 1


def test_a_score_without_a_name_is_said_beside_it(comparison: Comparison, browser: Client) -> None:
    offer = comparison.offers.first()
    assert offer
    posted = {
        "name_0": "",
        "weight_0": "9",
        f"score_0_{offer.pk}": "5",
        "name_1": "x",
        "name_2": "X",
    }

    answer = browser.post(at(comparison, "comparison_criteria"), posted)

    assert answer.status_code == 422
    assert "Name what you scored here." in answer.text
    assert "You already have this criterion above." in answer.text
    assert "Choose a weight from 0 to 5." in answer.text
    assert not Criterion.objects.exists()


def test_scores_are_for_offers_of_the_comparison_only(
    comparison: Comparison, candidate: User
) -> None:
    other = record(candidate, public_terms(), "Elsewhere")
    rated = services.RatedCriterion(name="The work", weight=3, scores={other.pk: 5})

    with pytest.raises(services.NotTheirOffer):
        services.rate_criteria(comparison=comparison, criteria=[rated])

    assert not Criterion.objects.exists()


# --- how much it asks ----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 6])
def test_queries_do_not_grow_with_the_offers(
    candidate: User, browser: Client, django_assert_num_queries: Any, count: int
) -> None:
    offers = [
        record(candidate, startup_terms(exit_scenarios=exit_scenarios()), f"Company {number}")
        for number in range(count)
    ]
    comparison = services.compare_offers(
        owner=candidate, offers=offers, name="Many", currency="USD", horizon_years=4
    )
    services.rate_criteria(
        comparison=comparison,
        criteria=[services.RatedCriterion(name="The work", weight=3, scores={offers[0].pk: 4})],
    )

    browser.get(at(comparison))
    with django_assert_num_queries(20):
        page = browser.get(at(comparison), headers=PARTIAL)

    assert page.status_code == 200
