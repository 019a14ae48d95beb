"""The list of offers, one offer, its moves and its history, as a browser meets them."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from offers import services
from offers.models import Offer, OfferRevision, Valuation
from tests.factories.terms import exit_scenarios, public_terms, startup_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def offer(candidate: User) -> Offer:
    terms = startup_terms(exit_scenarios=exit_scenarios())
    return services.record_offer(owner=candidate, terms=terms, as_of=NOW)


@pytest.fixture
def browser(candidate: User, client: Client) -> Client:
    client.force_login(candidate)
    return client


def at(name: str, offer: Offer) -> str:
    return reverse(f"offers:{name}", args=[offer.pk])


@pytest.mark.parametrize("n_offers", [1, 3])
def test_offer_list_asks_the_same_questions_for_any_number(
    candidate: User, browser: Client, django_assert_num_queries: Any, n_offers: int
) -> None:
    for number in range(n_offers):
        terms = startup_terms(exit_scenarios=exit_scenarios())
        terms.company.name = f"Company {number}"
        services.record_offer(owner=candidate, terms=terms, as_of=NOW)
    browser.get(reverse("offers:offer_list"))

    with django_assert_num_queries(18):
        page = browser.get(reverse("offers:offer_list")).content.decode()

    assert page.count("Founding engineer") == n_offers


def test_offer_list_is_empty_for_others(offer: Offer, stranger: User, client: Client) -> None:
    client.force_login(stranger)

    page = client.get(reverse("offers:offer_list")).content.decode()

    assert "Bellwether" not in page
    assert "No offer yet" in page
    assert page.count(f'href="{reverse("offers:draft_new")}"') == 1
    assert page.count(f'href="{reverse("offers:letter_new")}"') == 1


def test_offer_page_tells_exact_figures_and_pending_work(offer: Offer, browser: Client) -> None:
    page = browser.get(at("offer_detail", offer)).content.decode()

    assert "$640,000" in page
    assert "$560,267" in page  # 80,000 x (90,040,000 / 12,000,000 - 0.50)
    assert "Common stock gets nothing" in page
    assert 'hx-trigger="every 2s"' in page
    assert "waiting for a worker" in page


def test_offer_page_stops_polling_once_the_result_is_there(offer: Offer, browser: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "valuation"}
    assert browser.get(at("offer_detail", offer), headers=headers).status_code == 200

    valuation = Valuation.objects.get()
    Valuation.objects.update(n_paths=4_000)
    services.run_valuation(valuation_id=valuation.pk, clock=timezone.now)
    answer = browser.get(at("offer_detail", offer), headers=headers)

    part = answer.content.decode()
    assert answer.status_code == 286
    assert part.lstrip().startswith('<div id="valuation"')
    assert "every 2s" not in part
    assert "4,000 simulated ones" in part


def test_offer_page_of_a_failed_valuation_offers_another_try(offer: Offer, browser: Client) -> None:
    Valuation.objects.update(state="failed", last_error="The engine stumbled.")

    assert "The engine stumbled. Everything you entered is safe." in browser.get(
        at("offer_detail", offer)
    ).content.decode().replace("\n", " ")
    browser.post(at("valuation_retry", offer))

    assert Valuation.objects.get().state == "queued"


def test_offer_page_keeps_the_last_result_in_sight(offer: Offer, browser: Client) -> None:
    Valuation.objects.update(n_paths=4_000)
    valuation = Valuation.objects.get()
    services.run_valuation(valuation_id=valuation.pk, clock=timezone.now)
    offer.revisions.get().grants.update(quantity=Decimal(90_000))
    services.request_valuation(
        revision=offer.revisions.get(), as_of=timezone.now() + dt.timedelta(minutes=1)
    )

    page = browser.get(at("offer_detail", offer)).content.decode()

    assert "Out of date: this is the last finished result." in page


def test_offer_page_of_public_stock_and_of_words_alone(candidate: User, browser: Client) -> None:
    terms = public_terms()
    terms.revision.source = OfferRevision.Source.VERBAL
    offer = services.record_offer(owner=candidate, terms=terms, as_of=NOW)

    page = browser.get(at("offer_detail", offer)).content.decode()

    assert "These terms are only verbal." in page
    assert "Share price" in page
    assert "I accepted" not in page.split("At a glance")[0]


def test_titles_never_name_the_company(offer: Offer, browser: Client) -> None:
    for name in ("offer_detail", "offer_changes", "offer_delete"):
        page = browser.get(at(name, offer)).content.decode()
        title = page.split("<title>")[1].split("</title>")[0]
        assert "Bellwether" not in title


def test_changes_show_lines_and_uplift(offer: Offer, browser: Client) -> None:
    better = startup_terms(company=offer.company, exit_scenarios=exit_scenarios())
    better.revision.base_salary = Decimal(176_000)
    services.revise_offer(offer=offer, terms=better, as_of=NOW)

    page = browser.get(at("offer_changes", offer)).content.decode()

    assert "$160,000" in page
    assert "$176,000" in page
    assert "$64,000" in page
    assert "10%" in page
    same = browser.get(at("offer_changes", offer), {"from": "2", "to": "2"}).content.decode()
    assert "No term differs." in same


@pytest.mark.parametrize("query", [{"from": "9"}, {"to": "x"}, {"from": "1", "to": "\x00"}])
def test_changes_of_no_such_revision_is_a_404(
    offer: Offer, browser: Client, query: dict[str, str]
) -> None:
    assert browser.get(at("offer_changes", offer), query).status_code == 404


def test_move_takes_the_offer_along_and_refuses_what_is_illegal(
    offer: Offer, browser: Client
) -> None:
    page = browser.post(at("offer_move", offer), {"to": "negotiating"}, follow=True)
    assert "The offer is now: negotiating." in page.content.decode()

    page = browser.post(at("offer_move", offer), {"to": "verbal"}, follow=True)
    assert "cannot go there" in page.content.decode()

    offer.refresh_from_db()
    assert offer.state == "negotiating"


def test_move_to_accepted_needs_the_letter(candidate: User, browser: Client) -> None:
    terms = public_terms()
    terms.revision.source = OfferRevision.Source.VERBAL
    offer = services.record_offer(owner=candidate, terms=terms, as_of=NOW)

    page = browser.post(at("offer_move", offer), {"to": "written"}, follow=True)

    assert "Record the letter first." in page.content.decode()


def test_delete_asks_first(offer: Offer, browser: Client) -> None:
    assert browser.get(at("offer_delete", offer)).status_code == 200
    refused = browser.post(at("offer_delete", offer), {})
    assert refused.status_code == 422
    assert "Tick the box to delete the offer." in refused.content.decode()

    browser.post(at("offer_delete", offer), {"confirm": "on"})

    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    "name", ["offer_detail", "offer_changes", "offer_move", "offer_delete", "valuation_retry"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head"])
def test_a_stranger_finds_nothing_by_any_method(
    offer: Offer, stranger: User, client: Client, name: str, method: str
) -> None:
    client.force_login(stranger)
    send: Callable[..., Any] = getattr(client, method)

    status = send(at(name, offer)).status_code

    missing = send(reverse(f"offers:{name}", args=[offer.pk + 10_000])).status_code
    assert status == missing
    assert status in {404, 405}
    assert Offer.objects.filter(pk=offer.pk, state="written").exists()
