"""Offers against the market: on their page, side by side, and on a shared page."""

import datetime as dt
import secrets
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from market.models import Contribution, Level, RoleFamily
from market.services import refresh_benchmarks
from offers import services
from offers.models import OfferRevision, ShareLink
from offers.selectors.market import gap_in_words, ordinal
from tests.factories.figures import observations, published_batch
from tests.factories.terms import public_terms, startup_terms

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def publish(*rows):
    observations(published_batch(), rows)
    return refresh_benchmarks(reason="asked", clock=lambda: NOW)


def spread(n=41, **changes):
    return [{"usd": 200_000 + 1_000 * i, **changes} for i in range(n)]


def terms(make=public_terms, **changes):
    made = make()
    made.offer.role_family = RoleFamily.objects.get(key="ml_engineer")
    made.offer.level = Level.objects.get(key="L5")
    made.revision.base_salary = Decimal(210_000)
    for name, value in changes.items():
        setattr(made.revision if hasattr(made.revision, name) else made.offer, name, value)
    return made


def record(owner, made=None):
    return services.record_offer(owner=owner, terms=made or terms(), as_of=NOW)


def words(answer):
    return " ".join(answer.text.split())


@pytest.fixture
def comparison(candidate):
    offers = [
        record(candidate),
        record(candidate, terms(startup_terms, base_salary=Decimal(230_000))),
    ]
    return services.compare_offers(
        owner=candidate, offers=offers, name="Two", currency="USD", horizon_years=4,
        discount_rate=Decimal(0),
    )  # fmt: skip


# --- one offer ---------------------------------------------------------------------------------


def test_an_offer_shows_where_it_stands_and_how_far_from_the_median(client_of, candidate) -> None:
    publish(*spread())
    offer = record(candidate)

    shown = words(client_of(candidate).get(reverse("offers:offer_detail", args=[offer.pk])))

    # 210,000 is the 11th of 41 figures: 10 / 40.
    assert "$210,000 is the 25th percentile of 41 figures." in shown
    assert "$10,000 a year below the median, $40,000 over 4 years." in shown
    assert "aijobs.net salary survey (41, CC0 1.0)" in shown
    assert "Not quite comparable because" in shown


def test_an_offer_in_another_currency_is_compared_in_its_own(client_of, candidate) -> None:
    publish(*spread(country_code="US"))
    offer = record(candidate, terms(currency="GBP", base_salary=Decimal(160_000)))

    shown = words(client_of(candidate).get(reverse("offers:offer_detail", args=[offer.pk])))

    assert "Converted from US dollars at 0.7497 GBP per USD" in shown
    assert "£160,000 is the" in shown


def test_an_offer_without_a_level_says_what_is_missing(client_of, candidate) -> None:
    publish(*spread())
    made = terms()
    made.offer.level = None
    offer = record(candidate, made)

    shown = words(client_of(candidate).get(reverse("offers:offer_detail", args=[offer.pk])))

    assert "State the level of the role, and it can be compared" in shown
    assert "so the offer is not placed" in shown


def test_an_offer_beyond_the_market_is_told_so(client_of, candidate) -> None:
    publish(*spread())
    offer = record(candidate, terms(base_salary=Decimal(400_000)))

    shown = words(client_of(candidate).get(reverse("offers:offer_detail", args=[offer.pk])))

    assert "$400,000 is above the 90th percentile of 41 figures." in shown
    assert "$180,000 a year above the median, $720,000 over 4 years." in shown


def test_private_stock_is_not_placed(client_of, candidate) -> None:
    publish(*({**row, "total_usd": 300_000 + n} for n, row in enumerate(spread())))
    offer = record(candidate, terms(startup_terms, bonus_basis=OfferRevision.BonusBasis.NONE))

    shown = words(client_of(candidate).get(reverse("offers:offer_detail", args=[offer.pk])))

    assert "Private stock has no price, so the offer is not placed." in shown


# --- side by side ------------------------------------------------------------------------------


def test_a_comparison_pins_each_offer_on_one_scale(client_of, candidate, comparison) -> None:
    publish(*spread())

    answer = client_of(candidate).get(reverse("offers:comparison_detail", args=[comparison.pk]))

    [row] = answer.context["view"].market.rows
    assert [cell.words for cell in row.cells] == [
        "$210,000 is the 25th percentile of 41 figures.",
        "$230,000 is the 75th percentile of 41 figures.",
    ]
    first, second = (cell.chart for cell in row.cells)
    assert (first.p25_x, first.p50_x) == (second.p25_x, second.p50_x)
    assert first.pin_x < second.pin_x
    assert (first.pin_letter, second.pin_letter) == ("A", "B")
    assert "Midpoint of advertised ranges, 2025." in row.cells[0].notes[0]


def test_a_comparison_asks_as_many_queries_for_any_number_of_offers(
    client_of, candidate, comparison
) -> None:
    publish(*spread())
    client = client_of(candidate)
    address = reverse("offers:comparison_detail", args=[comparison.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as two:
        client.get(address)
    third = terms()
    third.company.name = "Third"
    services.arrange_comparison(
        comparison=comparison, offers=[*comparison.offers.order_by("pk"), record(candidate, third)]
    )
    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(two) == len(three)


# --- shared ------------------------------------------------------------------------------------


def share(comparison, **changes):
    return services.share_comparison(
        comparison=comparison,
        **{
            "label": "Mentor",
            "question": "",
            "lifetime_days": 7,
            "passcode": "",
            "hidden": [],
            "may_comment": True,
            "nonce": secrets.token_urlsafe(16),
            "as_of": dt.datetime.now(dt.UTC),
            **changes,
        },
    )


def opened(new):
    return words(Client().get(reverse("offers:shared_comparison", args=[new.token])))


def test_a_shared_page_keeps_its_benchmarks_and_says_if_newer_differ(comparison) -> None:
    first = publish(*spread())
    new = share(comparison)

    assert "Newer ones differ" not in opened(new)

    publish(*spread(usd=500_000))
    shown = opened(new)

    assert ShareLink.objects.get().benchmark_snapshot == first
    assert "$210,000 is the 25th percentile of 41 figures." in shown
    assert "Newer ones differ." in shown


def test_a_shared_page_of_unchanged_benchmarks_says_nothing(comparison) -> None:
    publish(*spread())
    new = share(comparison)
    refresh_benchmarks(reason="nightly", clock=lambda: NOW)

    assert "Newer ones differ" not in opened(new)


def test_hidden_jobs_are_compared_with_nothing(comparison) -> None:
    publish(*spread())

    shown = opened(share(comparison, hidden=["job_titles"]))

    assert "Against the market" not in shown
    assert "percentile of 41" not in shown


def test_hidden_amounts_are_placed_by_what_is_shown(comparison) -> None:
    publish(*spread())

    shown = opened(share(comparison, hidden=["exact_amounts"]))

    assert "$210,000 is the 25th percentile of 41 figures." in shown


# --- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (21, "21st"), (52, "52nd"), (63, "63rd"), (90, "90th")],
)  # fmt: skip
def test_ordinals_are_english(number, expected) -> None:
    assert ordinal(number) == expected


def test_a_gap_is_told_in_money_a_year_and_over_four() -> None:
    assert gap_in_words(Decimal(-12_500), "USD") == (
        "$12,500 a year below the median, $50,000 over 4 years."
    )
    assert gap_in_words(Decimal(0), "USD") == "Exactly the median."


# --- the kind of work --------------------------------------------------------------------------


def test_the_kind_of_work_is_read_from_the_title_and_said(client_of, candidate) -> None:
    publish(*spread())
    made = terms()
    made.offer.role_family, made.offer.title = None, "Sr. Machine Learning Engineers"
    offer = record(candidate, made)

    shown = words(client_of(candidate).get(reverse("offers:offer_detail", args=[offer.pk])))

    assert "$210,000 is the 25th percentile of 41 figures." in shown
    assert "The kind of work was read from the job title: Machine learning engineer." in shown


# --- giving a decided offer --------------------------------------------------------------------


def decided(owner, **changes):
    offer = record(owner, terms(**changes))
    services.move_offer(offer=offer, to="accepted", as_of=NOW)
    return offer


def test_an_open_offer_is_not_given(client_of, candidate) -> None:
    offer = record(candidate)
    client = client_of(candidate)
    address = reverse("offers:offer_contribute", args=[offer.pk])

    assert client.post(address).url == reverse("offers:offer_detail", args=[offer.pk])
    assert not Contribution.objects.exists()
    assert address not in client.get(reverse("offers:offer_detail", args=[offer.pk])).text


def test_a_decided_offer_is_given_exactly_as_shown(client_of, candidate) -> None:
    offer = decided(candidate, base_salary=Decimal(203_457))
    client = client_of(candidate)
    address = reverse("offers:offer_contribute", args=[offer.pk])
    assert address in client.get(reverse("offers:offer_detail", args=[offer.pk])).text

    shown = words(client.get(address))
    assert "$203,000" in shown
    for secret in ("203,457", "Alder", "New York"):
        assert secret not in shown

    client.post(address)
    given = Contribution.objects.get()
    assert (given.base, given.equity, given.sign_on) == (203_000, 100_000, 40_000)
    assert (given.location.key, given.origin, given.origin_pk) == ("us", "offer", offer.pk)
    assert (given.observed_date.day, given.state) == (1, "offered")

    client.post(address)
    assert Contribution.objects.count() == 1


def test_strangers_give_nothing(client_of, candidate, stranger) -> None:
    offer = decided(candidate)

    address = reverse("offers:offer_contribute", args=[offer.pk])
    assert client_of(stranger).post(address).status_code == 404
    assert not Contribution.objects.exists()
